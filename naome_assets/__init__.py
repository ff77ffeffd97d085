"""naome: the reproducible pipeline for the National Audit of Metastatic Breast Cancer.

The folders follow the flow of the data: ``sources`` (bytes to rows), the SQL project
``dbt_like_sql`` run by ``transform`` (rows to people, events and figures), ``assets``,
``checks`` and ``automation`` (what Dagster runs, verifies, and when).
"""

__version__ = "0.1.0"
