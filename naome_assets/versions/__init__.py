"""What stands in a warehouse, of which version, and what it was made of.

A table is made again when anything that it was made of has another version: the SQL as an engine
gets it, the source of the modules that compute it, libraries, reference data, and the *content* of
the tables it is made from. A table that is made again and holds the same rows has the same version,
so that what is made from it stays. Versions are kept in the warehouse (``table_version``), written
in the transaction that writes the table.

What belongs here: versions of code (``code``), the memory of a warehouse (``memory``). What does
not: making anything, and Dagster.
"""
