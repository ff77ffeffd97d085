"""From files that arrived to rows of the submission tables, a quarter at a time, all or nothing.

What belongs here: replacing, withdrawing and judging what the quarters of a run hold. What does
not: reading a format (``sources``), the tables themselves and Dagster.
"""
