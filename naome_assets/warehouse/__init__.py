"""The warehouse: where submissions, registry, cohort and indicators stand as tables.

``tables`` declares what the readers fill; ``protocol`` says what the pipeline asks of an engine and
opens one; ``duckdb``, ``postgres`` and ``spark`` (with ``parquet_store`` and ``spark_sql``) hold
what is particular to an engine. Put here what differs between engines, and nothing else. Reading
processes import ``tables``: this module stays light.
"""
