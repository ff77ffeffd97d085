"""A team's warehouse: a PostgreSQL database, written by one run at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import psycopg
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import sqlalchemy as sa
from psycopg import sql as pg
from psycopg.types.numeric import FloatLoader
from sqlalchemy.dialects import postgresql

from naome_assets.transform.project import Model, Seed, Target
from naome_assets.warehouse.declared_tables import metadata
from naome_assets.warehouse.digests import digest
from naome_assets.warehouse.frame import frame_of
from naome_assets.warehouse.protocol import (
    CONNECT_PATIENCE_SECONDS,
    LOCK_PATIENCE_SECONDS,
    Patience,
    WarehouseError,
    WarehouseLostError,
)

#: Whose advisory lock the one writer holds; any fixed number does.
_WRITER = 0x6E616F6D65
#: Large joins and sorts of one run at a time; the server spills to disk beyond. Models are built
#: once and read a few times: compiling them costs more than it saves.
_SETTINGS = "-c work_mem=256MB -c jit=off -c statement_timeout=0 -c client_min_messages=warning"

_ARROW_TYPES: dict[str, pa.DataType] = {
    "bool": pa.bool_(),
    "int2": pa.int32(),
    "int4": pa.int32(),
    "int8": pa.int64(),
    "float4": pa.float64(),
    "float8": pa.float64(),
    "numeric": pa.float64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}
#: The other way, for tables that Python computes.
_COLUMN_TYPES: dict[pa.DataType, str] = {
    pa.bool_(): "boolean",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.float64(): "double precision",
    pa.date32(): "date",
    pa.timestamp("us"): "timestamp",
    pa.string(): "text",
    # A column without any value has no type of its own.
    pa.null(): "text",
}


@dataclass
class PostgresWarehouse:
    """A schema of a PostgreSQL database. See ``Warehouse`` for what each method does."""

    connection: psycopg.Connection[tuple[Any, ...]]
    schema: str = "public"

    @classmethod
    def connect(
        cls,
        url: sa.URL,
        *,
        read_only: bool = False,
        patience: float = LOCK_PATIENCE_SECONDS,
        connect_patience: float = CONNECT_PATIENCE_SECONDS,
    ) -> PostgresWarehouse:
        """Connect, waiting for a server that starts and for a run that writes.

        Args:
            url: ``postgresql+psycopg://user@host/database``.
            read_only: nothing can be written, and a run that writes is not waited for.
            patience: seconds to wait for another run.
            connect_patience: seconds to wait for the server.

        Raises:
            WarehouseError: when the server cannot be reached, or another run writes for too long.
        """
        connection = _connect(url, read_only, connect_patience)
        connection.adapters.register_loader("numeric", FloatLoader)
        try:
            with _told_when_lost():
                _must_sort_by_bytes(connection)
                if not read_only:
                    _become_writer(connection, patience)
        except WarehouseError:
            _let_go(connection)
            raise
        return cls(connection)

    @property
    def target(self) -> Target:
        """PostgreSQL, schema public."""
        return Target(type="postgres", schema=self.schema)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        with _told_when_lost(), self.connection.transaction():
            yield

    def create_submission_tables(self) -> None:
        """Create the declared tables that do not exist yet, each with its index of quarters."""
        dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
        with self.transaction():
            for table in metadata.sorted_tables:
                statement = sa.schema.CreateTable(table, if_not_exists=True)
                self._execute(str(statement.compile(dialect=dialect)))
                if "quarter" in table.columns:
                    self._execute(
                        f"create index if not exists {table.name}_by_quarter "
                        f"on {table.name} (quarter)"
                    )

    def delete_quarters(self, table: sa.Table, quarters: Sequence[str]) -> None:
        """Delete the rows of quarters."""
        self._execute(
            f"delete from {table.name} where quarter = any(%s)",  # noqa: S608
            [list(quarters)],
        )

    def delete_where(self, table: sa.Table, **values: Any) -> None:
        """Delete the rows whose columns have these values."""
        condition = " and ".join(f"{table.columns[name].name} = %s" for name in values)
        self._execute(
            f"delete from {table.name} where {condition}",  # noqa: S608
            list(values.values()),
        )

    def delete_files(self, table: sa.Table, files: Sequence[str]) -> None:
        """Delete the rows that come from files."""
        self._execute(
            f"delete from {table.name} where file = any(%s)",  # noqa: S608
            [list(files)],
        )

    def load_parquet(self, table: sa.Table, part: Path) -> int:
        """Append the rows of a Parquet file by COPY."""
        rows = 0
        with pq.ParquetFile(part) as file, _told_when_lost(), self.connection.cursor() as cursor:
            names = file.schema_arrow.names
            with cursor.copy(_copy(table.name, names)) as copy:
                for batch in file.iter_batches(batch_size=50_000):
                    copy.write(_as_csv(batch))
                    rows += batch.num_rows
        return rows

    def insert(self, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
        """Append a few rows."""
        if not rows:
            return
        sent = pa.RecordBatch.from_pylist(list(rows))
        with (
            _told_when_lost(),
            self.connection.cursor() as cursor,
            cursor.copy(_copy(table.name, sent.schema.names)) as copy,
        ):
            copy.write(_as_csv(sent))

    def build_seed(self, seed: Seed) -> int:
        """Replace a seed's table by its CSV file, in one transaction."""
        columns = ", ".join(f"{name} {type_}" for name, type_ in seed.column_types.items())
        with self.transaction():
            self._execute(f"create table if not exists {seed.name} ({columns})")
            standing = [name for name, _ in self.columns(seed.name)]
            if standing != list(seed.column_types):
                # Of another version of naome; models that stand on it are built after it.
                self._execute(f"drop table {seed.name} cascade")
                self._execute(f"create table {seed.name} ({columns})")
            self._grant_reading(seed.name)
            self._execute(f"truncate {seed.name}")
            with seed.path.open(encoding="utf-8", newline="") as file:
                header = next(csv.reader(file))
            with (
                self.connection.cursor() as cursor,
                cursor.copy(_copy(seed.name, header, has_header=True)) as copy,
            ):
                copy.write(seed.path.read_bytes())
            self._execute(f"analyze {seed.name}")
        return self.rows(seed.name)

    def build_model(self, model: Model, sql: str) -> int | None:
        """Replace a model's table or view by its SELECT, in one transaction."""
        if model.materialized == "view":
            self._replace_view(model.name, sql)
            return None
        new = f"{model.name}__new"
        with self.transaction():
            # Built beside the table that stands, which can be read until the very end.
            self._execute(f"create table {new} as\n{sql}")
            self._put_in_place(new, model.name)
        return self.rows(model.name)

    def replace_table(self, table: str, rows: pa.Table) -> int:
        """Replace a table by rows, in one transaction."""
        new = f"{table}__new"
        columns = ", ".join(f"{field.name} {_column_type(field)}" for field in rows.schema)
        with self.transaction():
            self._execute(f"create table {new} ({columns})")
            with (
                self.connection.cursor() as cursor,
                cursor.copy(_copy(new, rows.schema.names)) as copy,
            ):
                for batch in rows.to_batches(max_chunksize=50_000):
                    copy.write(_as_csv(batch))
            self._put_in_place(new, table)
        return int(rows.num_rows)

    def _put_in_place(self, new: str, table: str) -> None:
        """Give a table the rows of another, which goes; inside a transaction."""
        if self.columns(table) == self.columns(new):
            # Views stand on it: its rows are replaced, not the table.
            self._execute(f"truncate {table}")
            self._execute(f"insert into {table} select * from {new}")  # noqa: S608
            self._execute(f"drop table {new}")
        else:
            # Of another version of naome; views on it are built after it.
            self._execute(f"drop table if exists {table} cascade")
            self._execute(f"alter table {new} rename to {table}")
            self._grant_reading(table)
        # The planner knows nothing of new rows.
        self._execute(f"analyze {table}")

    def _replace_view(self, name: str, sql: str) -> None:
        try:
            with self.transaction():
                self._execute(f"create or replace view {name} as\n{sql}")
                self._grant_reading(name)
        except psycopg.errors.InvalidTableDefinition:
            # Its columns changed with the version of naome; views on it are built after it.
            with self.transaction():
                self._execute(f"drop view {name} cascade")
                self._execute(f"create view {name} as\n{sql}")
                self._grant_reading(name)

    def _grant_reading(self, made: str) -> None:
        """Let the roles of ``deploy/roles.sql`` read a table or view, where they were made."""
        stands = self._execute(
            "select to_regprocedure(%s) is not null", [f"{self.schema}.grant_reading(text)"]
        ).fetchone()
        if stands == (True,):
            self._execute(f"select {self.schema}.grant_reading(%s)", [made])

    def analyze(self) -> None:
        """Let the planner know what the submission tables hold now."""
        for table in metadata.sorted_tables:
            self._execute(f"analyze {table.name}")

    def columns(self, table: str) -> list[tuple[str, str]]:
        """Name and type of each column."""
        return [
            (name, type_)
            for name, type_ in self._execute(
                "select column_name::text, data_type::text from information_schema.columns "
                "where table_schema = %s and table_name = %s order by ordinal_position",
                [self.schema, table],
            ).fetchall()
        ]

    def every_column(self) -> dict[str, set[str]]:
        """Names of the columns of every table and view."""
        found: dict[str, set[str]] = {}
        for table, column in self._execute(
            "select table_name::text, column_name::text from information_schema.columns "
            "where table_schema = %s",
            [self.schema],
        ).fetchall():
            found.setdefault(table, set()).add(column)
        return found

    def has_table(self, table: str) -> bool:
        """Whether a table or view exists."""
        return bool(self.columns(table))

    def tables(self) -> set[str]:
        """Names of every table and view."""
        found = self._execute(
            "select table_name::text from information_schema.tables where table_schema = %s",
            [self.schema],
        )
        return {name for (name,) in found.fetchall()}

    def contents(self, table: str, quarters: Sequence[str] | None = None) -> dict[str, str]:
        """A digest of a table's rows: how many, and two sums of hashes of their text."""
        columns = self.columns(table)
        by = "''" if quarters is None else "held.quarter"
        chosen = "" if quarters is None else "where held.quarter = any(%s)"
        counted = self._execute(
            f"select {by}, count(*), sum(hashtextextended(held::text, 0)::numeric)::text, "  # noqa: S608
            f"sum(hashtextextended(held::text, 1)::numeric)::text from {table} as held {chosen} "
            "group by 1",
            [] if quarters is None else [list(quarters)],
        ).fetchall()
        found = {part: digest(columns, figures) for part, *figures in counted}
        return found or ({"": digest(columns, [])} if quarters is None else {})

    def rows(self, table: str) -> int:
        """How many rows a table has."""
        row = self._execute(f"select count(*) from {table}").fetchone()  # noqa: S608
        return int(row[0]) if row else 0

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> pd.DataFrame:
        """Rows of a SELECT."""
        return frame_of(self._read(sql.replace("%", "%%").replace("?", "%s"), parameters))

    def arrow(self, sql: str) -> pa.Table:
        """Rows of a SELECT as an Arrow table."""
        return self._read(sql.replace("%", "%%"), ())

    def close(self) -> None:
        """Let another run write; of a server that has gone there is nothing to close."""
        _let_go(self.connection)

    def _execute(self, sql: str, parameters: Sequence[Any] = ()) -> psycopg.Cursor[tuple[Any, ...]]:
        with _told_when_lost():
            # Without parameters a percent sign is itself.
            return self.connection.execute(sql.encode(), list(parameters) if parameters else None)

    def _read(self, sql: str, parameters: Sequence[Any]) -> pa.Table:
        with _told_when_lost():
            cursor = self.connection.execute(sql.encode(), list(parameters))
            rows = cursor.fetchall()
        types = self.connection.adapters.types
        schema = pa.schema(
            [
                pa.field(column.name, _arrow_type(types, column.type_code))
                for column in cursor.description or ()
            ]
        )
        columns = zip(*rows, strict=True) if rows else ([] for _ in schema)
        return pa.table(
            [pa.array(values, type_) for values, type_ in zip(columns, schema.types, strict=True)],
            schema=schema,
        )


def _connect(url: sa.URL, read_only: bool, patience: float) -> psycopg.Connection[tuple[Any, ...]]:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    waiting = Patience(patience)
    pause = 0.1
    while True:
        try:
            connection = psycopg.connect(address, autocommit=True, options=_SETTINGS)
            if read_only:
                connection.execute("set default_transaction_read_only = on")
        except psycopg.OperationalError as error:
            why = f"no answer from the warehouse: {_first_line(error)}"
            if _is_refusal(error) or not waiting.wait(why, pause):
                raise WarehouseError(
                    f"the warehouse {url.render_as_string()} cannot be opened: {_first_line(error)}"
                ) from None
            pause = min(2 * pause, 5.0)
        else:
            return connection


def _is_refusal(error: psycopg.OperationalError) -> bool:
    """Whether the server answered, and said no: waiting changes nothing."""
    words = ("authentication failed", "does not exist", "no pg_hba.conf entry", "permission denied")
    return any(word in str(error) for word in words)


def _must_sort_by_bytes(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Which record is the later one can depend on the order of file names, as bytes (ruling B6)."""
    row = connection.execute("select 'B' < 'a'").fetchone()
    if row != (True,):
        raise WarehouseError(
            "the database sorts text by a language, not by bytes; make it with: "
            "create database naome template template0 locale 'C' encoding 'UTF8'"
        )


def _become_writer(connection: psycopg.Connection[tuple[Any, ...]], patience: float) -> None:
    """Take the lock that one run at a time holds; the server frees it when the run is killed."""
    is_free = connection.execute("select pg_try_advisory_lock(%s)", [_WRITER]).fetchone()
    if is_free == (True,):
        return
    Patience(patience).tell("another run has the warehouse")
    connection.execute("select set_config('lock_timeout', %s, false)", [f"{patience:.0f}s"])
    try:
        connection.execute("select pg_advisory_lock(%s)", [_WRITER])
    except psycopg.errors.LockNotAvailable:
        raise WarehouseError(
            f"another run has written to the warehouse for {patience:.0f} seconds"
        ) from None
    connection.execute("set lock_timeout = 0")


def _let_go(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Close a connection, whether or not its server is still there."""
    with suppress(psycopg.Error, OSError):
        connection.close()


@contextmanager
def _told_when_lost() -> Iterator[None]:
    """A dropped connection is named as such, so that the step can be tried again."""
    try:
        yield
    except psycopg.errors.DiskFull:
        raise  # The server is there, and trying again makes no room.
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise WarehouseLostError(f"the connection was lost: {_first_line(error)}") from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise WarehouseError(f"this role may not do that: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    """What happened, without the statement or the values in it."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _copy(table: str, columns: Sequence[str], *, has_header: bool = False) -> pg.Composed:
    options = "format csv, header true" if has_header else "format csv"
    return pg.SQL("copy {} ({}) from stdin (" + options + ")").format(
        pg.Identifier(table), pg.SQL(", ").join(map(pg.Identifier, columns))
    )


def _as_csv(batch: pa.RecordBatch) -> bytes:
    """Rows as PostgreSQL reads them: an empty field is null, an empty text is quoted."""
    sink = io.BytesIO()
    pa_csv.write_csv(batch, sink, pa_csv.WriteOptions(include_header=False))
    return sink.getvalue()


def _arrow_type(types: psycopg.types.TypesRegistry, oid: int) -> pa.DataType:
    known = types.get(oid)
    return _ARROW_TYPES.get(known.name, pa.string()) if known else pa.string()


def _column_type(field: pa.Field) -> str:
    try:
        return _COLUMN_TYPES[field.type]
    except KeyError:
        raise TypeError(f"no PostgreSQL type is set down for {field}") from None
