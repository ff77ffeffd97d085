"""Runs the dbt project ``dbt_like_sql`` without dbt.

Put here what turns the project's files into SQL (``project``) and into column lineage
(``lineage``). What the SQL means is in the project itself; which engine runs it, in
``warehouse``; how Dagster shows it, in ``assets``.
"""
