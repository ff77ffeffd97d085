"""What arrives, read: landing files become rows of the tables in ``warehouse.tables``.

``landing`` finds the files of a quarter by their folders. One module a source reads them:
``cosd`` (XML), ``wales``, ``sact`` and ``deaths`` (CSV, through ``csv_table``). ``pseudonyms``
replaces identifiers before a row leaves the reading process. ``ingest`` runs the readers in a pool
and hands over Parquet files.

Reading processes import this package: nothing here may import Dagster or a warehouse engine.
"""
