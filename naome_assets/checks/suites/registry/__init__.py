"""Rules on the registry and the cohort: people, events, and what became of each record.

Most are critical, because the models promise them: they are looked at a second way here, so that
a fault of a model stops before it becomes a figure. Completeness of items is judged in one place,
by the rules on ``data_quality`` (suite indicators). All thresholds are this project's choice,
unless a reason names its source.
"""
