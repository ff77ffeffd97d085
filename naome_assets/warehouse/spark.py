"""A cluster's warehouse: Parquet tables in a shared folder, models computed by Apache Spark.

Reading submissions needs no Spark: this process writes their Parquet files itself. Models are sent
through Spark Connect as SQL, and Spark writes their files. ``parquet_store`` says which files make
a table; here each is shown to the Spark session as a temporary view.
"""

from __future__ import annotations

import contextlib
import logging
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import sqlalchemy as sa
from pyspark.errors import PySparkException
from pyspark.errors.exceptions.connect import SparkConnectGrpcException
from pyspark.logger import PySparkLogger
from pyspark.sql import SparkSession

from naome_assets.transform.project import Model, Seed, Target
from naome_assets.warehouse.arrow_schemas import arrow_schemas
from naome_assets.warehouse.declared_tables import metadata
from naome_assets.warehouse.digests import digest
from naome_assets.warehouse.frame import frame_of, with_doubles
from naome_assets.warehouse.parquet_store import ParquetStore
from naome_assets.warehouse.protocol import (
    CONNECT_PATIENCE_SECONDS,
    LOCK_PATIENCE_SECONDS,
    Patience,
    WarehouseError,
    WarehouseLostError,
)
from naome_assets.warehouse.spark_sql import spark_statement, view_name

#: Of Spark Connect, where the URL names none.
_PORT = 15002
#: The loggers that repeat statements, and values of rows.
_TALKATIVE = ("SQLQueryContextLogger", "pyspark.sql.connect.logging")
#: What a server that went away is known by.
_LOST = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)

_SETTINGS = {
    # A cast that fails is an error, as on the other engines, not null.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    # The query plans of hundreds of joined rows of indicators are longer than what they compute.
    "spark.sql.maxPlanStringLength": "10000",
}
_SEED_TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "date": pa.date32(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "double precision": pa.float64(),
    "boolean": pa.bool_(),
}


@dataclass
class SparkWarehouse:
    """Parquet tables and a Spark session. See ``Warehouse`` for what each method does."""

    session: SparkSession
    store: ParquetStore
    #: What the session was shown of each table, so that it is shown again once that changes.
    _shown: dict[str, object] = field(default_factory=dict)

    @classmethod
    def connect(
        cls, url: sa.URL, *, read_only: bool = False, patience: float = LOCK_PATIENCE_SECONDS
    ) -> SparkWarehouse:
        """Open the folder, waiting while another process writes it, and a session on the server.

        Args:
            url: ``spark+connect://host:15002/shared/folder``; what follows a question mark
                (``token=...``, ``use_ssl=true``) goes to Spark Connect. The folder must have the
                same path here and on every machine of the cluster.
            read_only: a run that writes is not waited for.
            patience: seconds to wait for another run.

        Raises:
            WarehouseError: when the URL lacks a part, the server cannot be reached, or another run
                writes for too long.
        """
        if not url.host or not url.database:
            raise WarehouseError(
                "the warehouse URL names no server or no folder: write "
                "spark+connect://host:15002/shared/folder"
            )
        _wait_for_server(url.host, url.port or _PORT)
        _silence_logs()
        store = ParquetStore.open(Path("/") / url.database, read_only=read_only, patience=patience)
        options = "".join(f";{name}={value}" for name, value in url.query.items())
        server = f"{url.host}:{url.port or _PORT}"
        try:
            session = SparkSession.builder.remote(f"sc://{server}/{options}").create()
            for name, value in _SETTINGS.items():
                session.conf.set(name, value)
        except PySparkException as error:
            store.close()
            raise WarehouseError(
                f"the Spark Connect server {server} refused a session: {_kind(error)}"
            ) from None
        return cls(session, store)

    @property
    def target(self) -> Target:
        """Models are rendered as for DuckDB and translated."""
        return Target(type="duckdb", schema="main")

    def transaction(self) -> contextlib.AbstractContextManager[None]:
        """All or nothing."""
        return self.store.transaction()

    def create_submission_tables(self) -> None:
        """Create the declared tables that do not exist yet, each with an empty file."""
        with self.transaction():
            for table in metadata.sorted_tables:
                if not self.has_table(table.name):
                    self.store.replace_rows(table.name, arrow_schemas()[table.name].empty_table())

    def delete_quarters(self, table: sa.Table, quarters: Sequence[str]) -> None:
        """Delete the rows of quarters."""
        self.store.drop_parts(table.name, quarters)

    def delete_where(self, table: sa.Table, **values: Any) -> None:
        """Delete the rows whose columns have these values."""
        self.store.delete_where(table.name, values)

    def delete_files(self, table: sa.Table, files: Sequence[str]) -> None:
        """Delete the rows that come from files."""
        self.store.delete_in(table.name, "file", files)

    def load_parquet(self, table: sa.Table, part: Path) -> int:
        """Append the rows of a Parquet file, by name."""
        return self._append(table, pq.read_table(part))

    def insert(self, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
        """Append a few rows."""
        if rows:
            self._append(table, pa.Table.from_pylist(list(rows), arrow_schemas()[table.name]))

    def _append(self, table: sa.Table, rows: pa.Table) -> int:
        """Append rows; a column they lack is null."""
        schema = arrow_schemas()[table.name]
        columns = [
            rows.column(name).cast(type_)
            if name in rows.schema.names
            else pa.nulls(rows.num_rows, type_)
            for name, type_ in zip(schema.names, schema.types, strict=True)
        ]
        self.store.append(table.name, pa.table(columns, schema=schema))
        return int(rows.num_rows)

    def analyze(self) -> None:
        """Spark counts as it reads."""

    def build_seed(self, seed: Seed) -> int:
        """Replace a seed's table by its CSV file."""
        types = {name: _SEED_TYPES[type_] for name, type_ in seed.column_types.items()}
        rows = pa_csv.read_csv(
            seed.path,
            convert_options=pa_csv.ConvertOptions(
                column_types=types,
                include_columns=list(types),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
        self.store.replace_rows(seed.name, rows)
        return int(rows.num_rows)

    def build_model(self, model: Model, sql: str) -> int | None:
        """Replace a model's table or view by its SELECT; the table stands once all is written."""
        if model.materialized == "view":
            self.store.replace_view(model.name, sql)
            # What is wrong with it is told now, not by the model that reads it.
            self._show([model.name])
            return None
        path = self.store.new_path(model.name)
        statement = self._statement(sql)
        with _told_without_values(model.name):
            self.session.sql(statement).write.parquet(path.as_uri())
        self.store.replace(model.name, path)
        return self.rows(model.name)

    def replace_table(self, table: str, rows: pa.Table) -> int:
        """Replace a table by rows."""
        # A column without any value has no type of its own.
        schema = pa.schema(
            pa.field(column.name, pa.string() if pa.types.is_null(column.type) else column.type)
            for column in rows.schema
        )
        self.store.replace_rows(table, rows.cast(schema))
        return int(rows.num_rows)

    def columns(self, table: str) -> list[tuple[str, str]]:
        """Name and type of each column."""
        if not self.has_table(table):
            return []
        self._show([table])
        with _told_without_values(table):
            return [(name, type_) for name, type_ in self.session.table(view_name(table)).dtypes]

    def every_column(self) -> dict[str, set[str]]:
        """Names of the columns of every table and view."""
        return {table: {name for name, _ in self.columns(table)} for table in self.tables()}

    def has_table(self, table: str) -> bool:
        """Whether a table or view exists."""
        return table in self.store.manifest.tables or table in self.store.manifest.views

    def tables(self) -> set[str]:
        """Names of every table and view."""
        return {*self.store.manifest.tables, *self.store.manifest.views}

    def contents(self, table: str, quarters: Sequence[str] | None = None) -> dict[str, str]:
        """A digest of a table's rows: how many, and the sum of their hashes."""
        columns = self.columns(table)
        # A null leaves a hash as it is: each column is hashed with whether it is there.
        hashed = ", ".join(f"{name}, {name} is null" for name, _ in columns)
        by = "''" if quarters is None else "quarter"
        listed = ", ".join(f"'{quarter}'" for quarter in quarters or [])
        chosen = "" if quarters is None else f"where quarter in ({listed or 'null'})"
        counted = self.arrow(
            f"select {by} as part, count(*) as counted, "  # noqa: S608
            f"cast(sum(cast(xxhash64({hashed}) as decimal(38, 0))) as text) as summed "
            f"from {table} {chosen} group by {by}"
        ).to_pylist()
        found = {row["part"]: digest(columns, [row["counted"], row["summed"]]) for row in counted}
        return found or ({"": digest(columns, [])} if quarters is None else {})

    def rows(self, table: str) -> int:
        """How many rows a table or view has."""
        if table in self.store.manifest.tables:
            return self.store.rows(table)
        counted = self.arrow(f"select count(*) as n from {table}")  # noqa: S608
        return int(counted.column("n")[0].as_py())

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> pd.DataFrame:
        """Rows of a SELECT."""
        return frame_of(self._read(sql, parameters))

    def arrow(self, sql: str) -> pa.Table:
        """Rows of a SELECT as an Arrow table."""
        return with_doubles(self._read(sql, ()))

    def close(self) -> None:
        """Let another run write."""
        self.store.close()
        # A server that went away has forgotten the session by itself.
        with contextlib.suppress(PySparkException):
            self.session.stop()

    def _read(self, sql: str, parameters: Sequence[Any]) -> pa.Table:
        statement = self._statement(sql)
        with _told_without_values("a query"):
            return self.session.sql(statement, list(parameters) or None).toArrow()

    def _statement(self, sql: str) -> str:
        """A SELECT for the session, which knows by then every table that it reads."""
        statement = spark_statement(sql)
        self._show(statement.tables)
        return statement.sql

    def _show(self, tables: Sequence[str]) -> None:
        """Let the session know tables and views as they stand now."""
        for table in tables:
            view = self.store.manifest.views.get(table)
            if view is not None:
                statement = self._statement(view)
                if self._shown.get(table) != statement:
                    with _told_without_values(table):
                        # Of text, not of a plan: a plan would keep the files of today.
                        self.session.sql(
                            f"create or replace temporary view {view_name(table)} as {statement}"
                        )
                    self._shown[table] = statement
                continue
            try:
                files = [path.as_uri() for path in self.store.files(table)]
            except KeyError:
                raise WarehouseError(f"there is no table {table} in the warehouse") from None
            if self._shown.get(table) != files:
                with _told_without_values(table):
                    rows = self.session.read.parquet(*files)
                    rows.createOrReplaceTempView(view_name(table))
                self._shown[table] = files


def _wait_for_server(host: str, port: int) -> None:
    """Wait for a server that starts; Spark's own client would try for ten minutes.

    Raises:
        WarehouseError: when nothing listens there within the patience.
    """
    waiting = Patience(CONNECT_PATIENCE_SECONDS)
    while True:
        try:
            socket.create_connection((host, port), timeout=5).close()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            if not waiting.wait(f"no answer from the Spark Connect server: {reason}", 0.5):
                raise WarehouseError(
                    f"the Spark Connect server {host}:{port} cannot be reached: {reason}"
                ) from None
        else:
            return


def _silence_logs() -> None:
    for name in _TALKATIVE:
        # A filter: whoever configures logging later (Dagster does) would undo "disabled".
        PySparkLogger.getLogger(name).addFilter(_nothing)


def _nothing(_record: logging.LogRecord) -> bool:
    return False


@contextlib.contextmanager
def _told_without_values(what: str) -> Iterator[None]:
    """Spark's messages repeat statements and values of rows: only their kind is passed on.

    Raises:
        WarehouseLostError: when the server went away.
        WarehouseError: for anything else that Spark refuses.
    """
    try:
        yield
    except PySparkException as error:
        kind = _kind(error)
        if _is_loss(error):
            raise WarehouseLostError(f"the Spark server was lost: {kind}") from None
        raise WarehouseError(f"Spark could not compute {what}: {kind}") from None


def _is_loss(error: PySparkException) -> bool:
    """Whether the server went away, or came back and knows nothing of the session."""
    if isinstance(error, SparkConnectGrpcException) and error.getGrpcStatusCode() in _LOST:
        return True
    return "SESSION" in _kind(error)


def _kind(error: PySparkException) -> str:
    return error.getCondition() or type(error).__name__
