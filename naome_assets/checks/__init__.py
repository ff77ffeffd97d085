"""Data quality: what must hold, why, and how Dagster says whether it does.

``suites`` holds the rules as data; ``rule`` says what a rule is; ``great_expectations_adapter``
judges rows by them; ``asset_checks`` makes each rule a Dagster asset check; ``gate`` keeps a
failure of an earlier run from being published.
"""
