"""The warehouse: where submissions, registry, cohort and indicators stand as tables.

``tables`` declares what the readers fill; ``protocol`` says what the pipeline asks of an engine and
``engines`` opens the one that a URL names; ``duckdb``, ``postgres`` and ``spark`` (with
``parquet_store`` and ``spark_sql``) hold what is particular to one. Put here what differs between
engines, and nothing else. Importing this package costs nothing: reading processes do.
"""
