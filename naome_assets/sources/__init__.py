"""What arrives, read: landing files become rows of the tables in ``contract.submissions``.

One module a source reads its files and says where they lie (a ``Source``; ``catalogue`` has all):
``cosd`` and ``pathology`` (XML), ``sact``, ``wales``, ``deaths``, ``registry_extract`` and
``organisations`` (CSV, through ``csv_table``). ``landing`` finds the files of a quarter.
``pseudonyms`` replaces identifiers before a row leaves the reading process. ``ingest`` runs the
readers in a pool and hands over Parquet files. ``generate_files`` writes what follows from it for
SQL and pages.

Reading processes import this package: nothing here may import Dagster or a warehouse engine.
"""
