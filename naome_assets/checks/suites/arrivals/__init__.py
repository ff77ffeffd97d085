"""Rules on what arrives: the submission tables, before any record is judged.

Rows are those of the quarters asked for last. What makes the tables themselves wrong (rows
doubled or lost) is critical; what senders should mend is a warning, and so is every rule of volume
and completeness: a small landing must run.
All thresholds are this project's choice, unless a reason names its source.
"""
