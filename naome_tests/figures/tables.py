"""A warehouse of a few tables written by hand, for figures that read just those."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from naome_assets.warehouse.duckdb import DuckDBWarehouse


@contextmanager
def warehouse_of(**tables: str) -> Iterator[DuckDBWarehouse]:
    """Tables by name, each with the SELECT that its rows come from."""
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    for name, rows in tables.items():
        warehouse.connection.execute(f"create table {name} as {rows}")
    yield warehouse
    warehouse.close()
