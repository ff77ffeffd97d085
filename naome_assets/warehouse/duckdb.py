"""The embedded warehouse: one DuckDB file, written by one process at a time."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from naome_assets.transform.project import Model, Seed, Target
from naome_assets.warehouse.declared_tables import metadata
from naome_assets.warehouse.digests import digest
from naome_assets.warehouse.frame import frame_of
from naome_assets.warehouse.protocol import (
    LOCK_PATIENCE_SECONDS,
    Patience,
    WarehouseError,
)

#: Keeps DuckDB's own share of a run small; it spills to disk beyond.
MEMORY_LIMIT = "1GB"


def _holder(error: duckdb.IOException) -> str:
    """Who holds the file's lock, as far as DuckDB says."""
    process = re.search(r"\(PID (\d+)\)", str(error))
    return f"process {process[1]}" if process else "another process"


@dataclass
class DuckDBWarehouse:
    """A DuckDB file. See ``Warehouse`` for what each method does."""

    connection: duckdb.DuckDBPyConnection
    _is_within: bool = False

    @classmethod
    def connect(
        cls, path: Path, *, read_only: bool = False, patience: float = LOCK_PATIENCE_SECONDS
    ) -> DuckDBWarehouse:
        """Open the file, waiting while another process writes it.

        Raises:
            WarehouseError: when the file cannot be opened, or not within the patience (seconds).
        """
        if read_only and not path.exists():
            raise WarehouseError(f"there is no warehouse at {path}: run `naome run` first")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise WarehouseError(f"the folder of the warehouse {path}: {reason}") from error
        waiting = Patience(patience)
        while True:
            try:
                connection = duckdb.connect(str(path), read_only=read_only)
            except duckdb.IOException as error:
                if "lock" not in str(error).lower():
                    raise WarehouseError(
                        f"the warehouse {path} cannot be opened: {error}"
                    ) from error
                if not waiting.wait(f"{_holder(error)} has the warehouse {path}"):
                    raise WarehouseError(
                        f"another process has held the warehouse {path} for {patience:.0f} seconds"
                    ) from None
            except duckdb.Error as error:
                raise WarehouseError(
                    f"the warehouse {path} is damaged: bring it back from a copy, or start a new "
                    f"one and run every quarter again ({type(error).__name__})"
                ) from error
            else:
                break
        if not read_only:
            # What a process that died had no memory for; no other has the file open now.
            shutil.rmtree(f"{path}.tmp", ignore_errors=True)
        connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
        connection.execute("set preserve_insertion_order = false")
        # naome tells its own progress; DuckDB would write over it.
        connection.execute("set enable_progress_bar = false")
        return cls(connection)

    @property
    def target(self) -> Target:
        """DuckDB, schema main."""
        return Target(type="duckdb", schema="main")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        if self._is_within:
            yield
            return
        self.connection.begin()
        self._is_within = True
        try:
            yield
        except BaseException:
            self._is_within = False
            self.connection.rollback()
            raise
        self._is_within = False
        self.connection.commit()

    def create_submission_tables(self) -> None:
        """Create the declared tables that do not exist yet."""
        dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
        with self.transaction():
            for table in metadata.sorted_tables:
                # DuckDB reads PostgreSQL's types.
                statement = sa.schema.CreateTable(table, if_not_exists=True)
                self._execute(str(statement.compile(dialect=dialect)))

    def delete_quarters(self, table: sa.Table, quarters: Sequence[str]) -> None:
        """Delete the rows of quarters."""
        self._execute(
            f"delete from {table.name} where list_contains(?, quarter)",  # noqa: S608
            [list(quarters)],
        )

    def delete_where(self, table: sa.Table, **values: Any) -> None:
        """Delete the rows whose columns have these values."""
        condition = " and ".join(f"{table.columns[name].name} = ?" for name in values)
        self._execute(
            f"delete from {table.name} where {condition}",  # noqa: S608
            list(values.values()),
        )

    def delete_files(self, table: sa.Table, files: Sequence[str]) -> None:
        """Delete the rows that come from files."""
        self._execute(
            f"delete from {table.name} where list_contains(?, file)",  # noqa: S608
            [list(files)],
        )

    def load_parquet(self, table: sa.Table, part: Path) -> int:
        """Append the rows of a Parquet file, by name."""
        ((rows,),) = self._execute(
            f"insert into {table.name} by name select * from read_parquet(?)",  # noqa: S608
            [str(part)],
        )
        return int(rows)

    def analyze(self) -> None:
        """DuckDB keeps its statistics as it writes."""

    def insert(self, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
        """Append a few rows."""
        if not rows:
            return
        # Row by row DuckDB takes milliseconds each.
        sent = pa.Table.from_pylist(list(rows))
        self.connection.register("rows_to_insert", sent)
        self._execute(f"insert into {table.name} by name select * from rows_to_insert")  # noqa: S608
        self.connection.unregister("rows_to_insert")

    def build_seed(self, seed: Seed) -> int:
        """Replace a seed's table by its CSV file."""
        self._execute(
            f"create or replace table {seed.name} as "  # noqa: S608
            "select * from read_csv(?, header = true, all_varchar = true)",
            [str(seed.path)],
        )
        for column, type_ in seed.column_types.items():
            self._execute(f"alter table {seed.name} alter column {column} set data type {type_}")
        return self.rows(seed.name)

    def build_model(self, model: Model, sql: str) -> int | None:
        """Replace a model's table or view by its SELECT; DuckDB does so in one transaction."""
        kind = "view" if model.materialized == "view" else "table"
        self._execute(f"create or replace {kind} {model.name} as\n{sql}")
        return self.rows(model.name) if kind == "table" else None

    def replace_table(self, table: str, rows: pa.Table) -> int:
        """Replace a table by rows, in one transaction."""
        self.connection.register("computed", rows)
        self._execute(f"create or replace table {table} as select * from computed")  # noqa: S608
        self.connection.unregister("computed")
        return self.rows(table)

    def columns(self, table: str) -> list[tuple[str, str]]:
        """Name and type of each column."""
        return [
            (name, type_)
            for name, type_ in self._execute(
                "select column_name, data_type from duckdb_columns() "
                "where schema_name = 'main' and table_name = ? order by column_index",
                [table],
            )
        ]

    def every_column(self) -> dict[str, set[str]]:
        """Names of the columns of every table and view."""
        found: dict[str, set[str]] = {}
        for table, column in self._execute(
            "select table_name, column_name from duckdb_columns() where schema_name = 'main'"
        ):
            found.setdefault(table, set()).add(column)
        return found

    def has_table(self, table: str) -> bool:
        """Whether a table or view exists."""
        return bool(self.columns(table))

    def tables(self) -> set[str]:
        """Names of every table and view."""
        return {
            name
            for (name,) in self._execute(
                "select table_name from information_schema.tables where table_schema = 'main'"
            )
        }

    def contents(self, table: str, quarters: Sequence[str] | None = None) -> dict[str, str]:
        """A digest of a table's rows: the sum and the parity of their hashes, and how many."""
        columns = self.columns(table)
        hashed = f"hash({', '.join(name for name, _ in columns)})"
        by = "''" if quarters is None else "quarter"
        chosen = "" if quarters is None else "where list_contains(?, quarter)"
        counted = self._execute(
            f"select {by}, count(*), sum({hashed}), bit_xor({hashed}) "  # noqa: S608
            f"from {table} {chosen} group by 1",
            [] if quarters is None else [list(quarters)],
        )
        found = {part: digest(columns, figures) for part, *figures in counted}
        return found or ({"": digest(columns, [])} if quarters is None else {})

    def rows(self, table: str) -> int:
        """How many rows a table has."""
        ((rows,),) = self._execute(f"select count(*) from {table}")  # noqa: S608
        return int(rows)

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> pd.DataFrame:
        """Rows of a SELECT."""
        return frame_of(self.connection.sql(sql, params=list(parameters)).to_arrow_table())

    def arrow(self, sql: str) -> pa.Table:
        """Rows of a SELECT as an Arrow table."""
        with self.connection.cursor() as cursor:
            return cursor.sql(sql).to_arrow_table()

    def close(self) -> None:
        """Release the file."""
        self.connection.close()

    def _execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a statement to its end: nothing else can be done while a result is open."""
        return self.connection.execute(sql, list(parameters)).fetchall()
