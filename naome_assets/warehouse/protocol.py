"""What the pipeline asks of a warehouse, whichever engine it is."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    import sqlalchemy as sa

    from naome_assets.transform.project import Model, Seed, Target

#: Another run may write for as long as a long backfill; then waiting is an error.
LOCK_PATIENCE_SECONDS = 3600.0
#: A server that restarts is waited for so long.
CONNECT_PATIENCE_SECONDS = 60.0


#: Tells whoever waits what for; without logging set up, on standard error.
_LOG = logging.getLogger("naome_assets.warehouse")


class WarehouseError(Exception):
    """The warehouse cannot be used: the message says why and what to do."""


class WarehouseLostError(WarehouseError):
    """The server went away in the middle: trying again may help."""


class Patience:
    """Waiting for a warehouse that another run or a starting server keeps: not for ever.

    Args:
        seconds: how long at most.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self._is_told = False

    def wait(self, why: str, pause: float = 0.2) -> bool:
        """Wait for a moment, and say once what for; False when the patience is at its end.

        Args:
            why: what keeps the warehouse.
            pause: seconds.
        """
        if time.monotonic() > self._end:
            return False
        self.tell(why)
        time.sleep(pause)
        return True

    def tell(self, why: str) -> None:
        """Say what is waited for, once."""
        if not self._is_told:
            _LOG.warning("%s: waiting, at most %s seconds", why, f"{self._seconds:,.0f}")
        self._is_told = True


class Warehouse(Protocol):
    """An open connection to a warehouse; one process at a time writes."""

    @property
    def target(self) -> Target:
        """The engine and schema that models are rendered for."""

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing: what is written inside stands after it, or none of it does.

        One inside another is part of it.
        """

    def create_submission_tables(self) -> None:
        """Create the tables of ``tables.metadata`` that do not exist yet."""

    def delete_quarters(self, table: sa.Table, quarters: Sequence[str]) -> None:
        """Delete the rows of quarters (``2024-Q1``)."""

    def delete_where(self, table: sa.Table, **values: Any) -> None:
        """Delete the rows whose columns have these values."""

    def delete_files(self, table: sa.Table, files: Sequence[str]) -> None:
        """Delete the rows that come from these files (its column ``file``)."""

    def load_parquet(self, table: sa.Table, part: Path) -> int:
        """Append the rows of a Parquet file, by column name; returns how many."""

    def analyze(self) -> None:
        """Let an engine that plans by statistics look at the submission tables again."""

    def insert(self, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
        """Append a few rows."""

    def build_seed(self, seed: Seed) -> int:
        """Replace a seed's table by its CSV file; returns the rows."""

    def build_model(self, model: Model, sql: str) -> int | None:
        """Replace a model's table (or view) by its SELECT; returns the rows of a table."""

    def replace_table(self, table: str, rows: pa.Table) -> int:
        """Replace a table of figures that Python computes; returns its rows."""

    def columns(self, table: str) -> list[tuple[str, str]]:
        """Name and type of each column of a table or view."""

    def every_column(self) -> dict[str, set[str]]:
        """Names of the columns of every table and view."""

    def has_table(self, table: str) -> bool:
        """Whether a table or view exists."""

    def tables(self) -> set[str]:
        """Names of every table and view."""

    def contents(self, table: str, quarters: Sequence[str] | None = None) -> dict[str, str]:
        """A digest of a table's rows that their order does not change, and of its columns.

        Two tables of one engine have the same when they hold the same rows; no key is behind it.

        Args:
            table: with rows, not a view.
            quarters: where given, a digest for each of these that has rows; else one of the whole
                table, under the empty name.
        """

    def rows(self, table: str) -> int:
        """How many rows a table has."""

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> pd.DataFrame:
        """Rows of a SELECT. Placeholders are ``?``."""

    def arrow(self, sql: str) -> pa.Table:
        """Rows of a SELECT as an Arrow table, types kept."""

    def close(self) -> None:
        """Release the warehouse."""
