"""Rows on their way to the warehouse: buffered, spilled to Parquet, dropped when a file is refused.

The Arrow schemas come from the declared tables, so columns cannot drift.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from naome_assets.sources.conventions import Tally
from naome_assets.storage import TEMPORARY_FILES, written_to
from naome_assets.warehouse.arrow_schemas import arrow_schemas

#: Rows of a table that may wait in memory; beyond, they go to a Parquet part.
MOST_PENDING = 20_000


def parquet_part(table: str, spill: Path) -> Path:
    """Name of a new part of a table."""
    return spill / f"{table}-{uuid.uuid4().hex}.parquet"


@dataclass
class _Waiting:
    """Rows not yet written, one by one and in tables, and parts that are."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    tables: dict[str, list[pa.Table]] = field(default_factory=lambda: defaultdict(list))
    parts: list[tuple[str, Path]] = field(default_factory=list)

    def names(self) -> list[str]:
        """Tables of which rows wait."""
        return sorted({*self.rows, *self.tables})

    def count(self, table: str) -> int:
        """Rows of a table that wait."""
        in_tables: int = sum(part.num_rows for part in self.tables[table])
        return len(self.rows[table]) + in_tables


@dataclass
class RowBuffer:
    """Rows of one reading task, file by file.

    Rows of the current file wait until ``commit`` (the file was read to its end) or ``drop`` (it
    was refused). ``finish`` writes what was committed. Whatever grows large is written at once.

    Attributes:
        spill: folder of the Parquet parts.
        tally: conventions that values of the current file broke.
    """

    spill: Path
    tally: Tally = field(default_factory=Tally)
    _pending: _Waiting = field(default_factory=_Waiting)
    _committed: _Waiting = field(default_factory=_Waiting)

    def add(self, table: str, row: dict[str, Any]) -> None:
        """A row of the current file."""
        rows = self._pending.rows[table]
        rows.append(row)
        if len(rows) >= MOST_PENDING:
            self._write(table, self._pending)

    def add_table(self, table: str, rows: pa.Table) -> None:
        """Many rows of the current file at once."""
        schema = arrow_schemas()[table]
        self._pending.tables[table].append(rows.select(schema.names).cast(schema))
        if self._pending.count(table) >= MOST_PENDING:
            self._write(table, self._pending)

    def commit(self) -> None:
        """The current file was read to its end."""
        for table in self._pending.names():
            self._committed.rows[table] += self._pending.rows[table]
            self._committed.tables[table] += self._pending.tables[table]
            if self._committed.count(table) >= MOST_PENDING:
                self._write(table, self._committed)
        self._committed.parts += self._pending.parts
        self._begin()

    def drop(self) -> None:
        """The current file was refused, or is read again from its beginning."""
        for _, path in self._pending.parts:
            path.unlink(missing_ok=True)
        self._begin()

    def finish(self) -> tuple[tuple[str, Path], ...]:
        """Every part, table by table."""
        for table in self._committed.names():
            if self._committed.count(table):
                self._write(table, self._committed)
        return tuple(self._committed.parts)

    def _begin(self) -> None:
        self._pending = _Waiting()
        self.tally = Tally()

    def _write(self, table: str, waiting: _Waiting) -> None:
        schema = arrow_schemas()[table]
        rows = pa.Table.from_pylist(waiting.rows.pop(table, []), schema)
        path = parquet_part(table, self.spill)
        with written_to(TEMPORARY_FILES, self.spill.parent):
            pq.write_table(
                pa.concat_tables([*waiting.tables.pop(table, []), rows]), path, compression="none"
            )
        waiting.parts.append((table, path))


@dataclass
class SubmissionRow:
    """What is known of a file once it was read; becomes its row of ``submission``."""

    file: str
    sha256: str
    source: str
    quarter: str
    folder: str
    provider: str | None
    bytes: int
    version: str | None = None
    status: str = "loaded"
    reason: str | None = None
    created_at: dt.datetime | None = None
    period_start: dt.date | None = None
    period_end: dt.date | None = None
    extract_date: dt.date | None = None
    record_count: int | None = None
    received: int = 0
    other_tumour_groups: int = 0
    unreadable_records: int = 0
    ignored_elements: int = 0

    def refuse(self, reason: str) -> None:
        """The whole file is refused: nothing of it counts."""
        self.status = "rejected"
        self.reason = reason
        self.received = self.other_tumour_groups = 0
        self.unreadable_records = self.ignored_elements = 0

    def warn(self, reason: str) -> None:
        """A file-level warning; the file stays loaded."""
        self.reason = f"{self.reason}; {reason}" if self.reason else reason
