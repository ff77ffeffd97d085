"""Data quality: what must hold, why, and whether it does.

``suites`` holds the rules as data, and ``described`` makes more of what the SQL project's YAML
files promise; ``rule`` says what a rule is. ``counting`` counts in the warehouse, and
``great_expectations_adapter`` judges the counts. ``generate_pages`` writes the pages of the rules.
Nothing here knows Dagster: ``orchestration.assets.checks`` makes each rule an asset check.
"""
