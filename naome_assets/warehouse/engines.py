"""Which engine a warehouse's URL names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from naome_assets.warehouse.protocol import Warehouse, WarehouseError

if TYPE_CHECKING:
    import sqlalchemy as sa

_ENGINES = ("duckdb", "postgresql", "spark")


def engine_of(url: str) -> str:
    """Name of the engine of a URL: duckdb, postgresql or spark.

    Raises:
        WarehouseError: when it is not a URL, or names an engine that is not supported.
    """
    # Not by SQLAlchemy: Dagster asks when it loads the assets, which is to be quick.
    named = re.match(r"(\w+)(?:\+\w+)?://", url)
    if named is None:
        raise WarehouseError("the warehouse is not a URL: write duckdb:////absolute/path.duckdb")
    engine = named[1]
    if engine not in _ENGINES:
        raise WarehouseError(
            f"the engine '{engine}' is not supported: use duckdb, postgresql or spark"
        )
    return engine


def folder_of(url: str) -> Path | None:
    """Folder of an embedded warehouse's file; None of an engine on a server."""
    parsed = _parsed(url)
    if engine_of(url) != "duckdb" or not parsed.database:
        return None
    return Path(parsed.database).resolve().parent


def open_warehouse(url: str, *, read_only: bool = False) -> Warehouse:
    """Open the warehouse of a SQLAlchemy URL.

    Args:
        url: ``duckdb:///path/to/file.duckdb``, ``postgresql+psycopg://user@host/database`` or
            ``spark+connect://host:15002/shared/folder``.
        read_only: open for reading; the file must exist.

    Raises:
        WarehouseError: when the URL is not valid, names an engine that is not supported, or
            another process keeps the warehouse for too long; for writing also when an earlier naome
            made its tables otherwise.
    """
    warehouse = _connected(url, read_only=read_only)
    if not read_only:
        try:
            _refuse_older(warehouse)
        except BaseException:
            warehouse.close()
            raise
    return warehouse


def _refuse_older(warehouse: Warehouse) -> None:
    """What an earlier naome read lacks what is read today: only reading it again can add that."""
    from naome_assets.warehouse.declared_tables import metadata

    standing = warehouse.every_column()
    for table in metadata.sorted_tables:
        held = standing.get(table.name, set())
        missing = [column.name for column in table.columns if column.name not in held]
        if held and missing:
            raise WarehouseError(
                f"an earlier naome made this warehouse (its table {table.name} has no column "
                f"{missing[0]}): name a new one, and run every quarter again"
            )


def _connected(url: str, *, read_only: bool) -> Warehouse:
    engine = engine_of(url)
    parsed = _parsed(url)
    if engine == "postgresql":
        try:
            from naome_assets.warehouse.postgres import PostgresWarehouse
        except ModuleNotFoundError as error:
            raise WarehouseError("for PostgreSQL install naome[postgres]") from error
        return PostgresWarehouse.connect(parsed, read_only=read_only)
    if engine == "spark":
        try:
            from naome_assets.warehouse.spark import SparkWarehouse
        except ModuleNotFoundError as error:
            raise WarehouseError("for Apache Spark install naome[spark]") from error
        return SparkWarehouse.connect(parsed, read_only=read_only)
    from naome_assets.warehouse.duckdb import DuckDBWarehouse

    if not parsed.database:
        raise WarehouseError("the warehouse URL names no file: write duckdb:///path.duckdb")
    return DuckDBWarehouse.connect(Path(parsed.database), read_only=read_only)


def _parsed(url: str) -> sa.URL:
    import sqlalchemy as sa

    try:
        return sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        # Without the text: it can hold a password.
        raise WarehouseError(
            "the warehouse is not a URL: write duckdb:////absolute/path.duckdb"
        ) from None
