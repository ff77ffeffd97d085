"""Tables as Parquet files in a folder, and one file that says which of them make a table now.

No file is ever changed. A new table is new files; it stands from the moment ``manifest.json`` names
them, and that file is replaced in one step. What a killed run left behind is named nowhere, so the
tables are those of before, and the next writer clears it away.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from naome_assets.warehouse.protocol import Patience, WarehouseError

#: Files that no manifest names any more are kept so long (seconds): somebody may still read them.
READERS_PATIENCE = 3600.0
#: Files being written at once; a run over ten years fills many quarters of many tables.
_MOST_OPEN = 64
#: The part of a table without quarters.
WHOLE = ""

_MANIFEST = "manifest.json"
_LAYOUT = 1


@dataclass
class Manifest:
    """What is there now.

    Attributes:
        tables: files or folders of each table, relative to the store, by quarter (``2024-Q1``) for
            a table that is replaced by quarters, else under ``WHOLE``.
        views: SELECT of each view.
    """

    tables: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    views: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """The manifest of a store; an empty one where nothing was ever written.

        Raises:
            WarehouseError: when the file cannot be read, or is of another layout.
        """
        try:
            content = json.loads(path.read_text())
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError) as error:
            raise WarehouseError(
                f"the warehouse's {_MANIFEST} cannot be read: bring the folder back from a "
                f"copy, or start a new one and run every quarter again ({type(error).__name__})"
            ) from None
        if content.get("layout") != _LAYOUT:
            raise WarehouseError("the warehouse was written by another version of naome")
        return cls(content["tables"], content["views"])

    def write(self, path: Path) -> None:
        """Replace the manifest in one step; it is on the disk when this returns."""
        content = {"layout": _LAYOUT, "tables": self.tables, "views": self.views}
        new = path.with_suffix(".new")
        with new.open("w") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def copy(self) -> Manifest:
        """The same, to be changed apart."""
        tables = {
            name: {part: list(files) for part, files in parts.items()}
            for name, parts in self.tables.items()
        }
        return Manifest(tables, dict(self.views))


@dataclass
class ParquetStore:
    """A folder of Parquet tables, written by one process at a time."""

    folder: Path
    manifest: Manifest
    _lock: IO[str] | None = None
    _depth: int = 0
    _open: dict[tuple[str, str], pq.ParquetWriter] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path, *, read_only: bool, patience: float) -> ParquetStore:
        """Open the folder, waiting while another process writes it.

        Raises:
            WarehouseError: when the folder cannot be used, or not within the patience (seconds).
        """
        if read_only:
            if not (folder / _MANIFEST).exists():
                raise WarehouseError(f"there is no warehouse in {folder}: run `naome run` first")
            return cls(folder, Manifest.read(folder / _MANIFEST))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = (folder / "writer.lock").open("w")
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise WarehouseError(f"the folder of the warehouse {folder}: {reason}") from None
        _wait_for(lock, folder, patience)
        store = cls(folder, Manifest.read(folder / _MANIFEST), lock)
        store._clear_away()
        return store

    def close(self) -> None:
        """Let another process write."""
        for writer in self._open.values():
            writer.close()
        self._open.clear()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; one inside another is part of it."""
        if self._depth:
            yield
            return
        if self._lock is None:
            raise WarehouseError("the warehouse was opened for reading only")
        before = self.manifest.copy()
        self._depth += 1
        try:
            yield
            self._finish_files()
            self.manifest.write(self.folder / _MANIFEST)
        except BaseException:
            self._finish_files()
            self.manifest = before
            raise
        finally:
            self._depth -= 1

    def new_path(self, table: str) -> Path:
        """A path of the table that nothing has ever had."""
        path = self.folder / "tables" / table / uuid.uuid4().hex
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def replace(self, table: str, path: Path) -> None:
        """What was written to a new path is the table now."""
        with self.transaction():
            self.manifest.views.pop(table, None)
            self.manifest.tables[table] = {WHOLE: [self._relative(path)]}

    def replace_rows(self, table: str, rows: pa.Table) -> None:
        """Rows are the table now."""
        path = self.new_path(table)
        pq.write_table(rows, path)
        self.replace(table, path)

    def replace_view(self, view: str, sql: str) -> None:
        """A view is this SELECT now."""
        with self.transaction():
            self.manifest.tables.pop(view, None)
            self.manifest.views[view] = sql

    def append(self, table: str, rows: pa.Table) -> None:
        """Add rows, each to the part of its quarter; within a transaction a part is one file."""
        with self.transaction():
            if "quarter" not in rows.schema.names:
                self._append_to(table, WHOLE, rows)
                return
            quarters = rows.column("quarter")
            for quarter in pc.unique(quarters).to_pylist():
                self._append_to(table, quarter, rows.filter(pc.equal(quarters, quarter)))

    def drop_parts(self, table: str, parts: Iterable[str]) -> None:
        """Forget the rows of quarters."""
        with self.transaction():
            self._finish_files()
            for part in parts:
                self.manifest.tables[table].pop(part, None)

    def delete_where(self, table: str, values: Mapping[str, object]) -> None:
        """Forget the rows whose columns have these values."""

        def found(rows: pa.Table) -> pa.Array:
            every = pa.array([True] * rows.num_rows, pa.bool_())
            for column, value in values.items():
                equal = pc.fill_null(pc.equal(rows.column(column), value), False)
                every = pc.and_(every, equal)
            return every

        self._delete(table, found)

    def delete_in(self, table: str, column: str, values: Iterable[str]) -> None:
        """Forget the rows whose column has one of these values."""
        wanted = pa.array(list(values), pa.string())
        self._delete(table, lambda rows: pc.is_in(rows.column(column), wanted))

    def _delete(self, table: str, find: Callable[[pa.Table], pa.Array]) -> None:
        with self.transaction():
            self._finish_files()
            for part, files in self.manifest.tables[table].items():
                rows = pa.concat_tables(pq.read_table(self.folder / file) for file in files)
                found = find(rows)
                if pc.any(found).as_py():
                    path = self.new_path(table)
                    pq.write_table(rows.filter(pc.invert(found)), path)
                    self.manifest.tables[table][part] = [self._relative(path)]

    def files(self, table: str) -> list[Path]:
        """Files and folders that make the table now.

        Raises:
            KeyError: when there is no such table.
        """
        self._finish_files()
        parts = self.manifest.tables[table].values()
        return [self.folder / file for files in parts for file in files]

    def rows(self, table: str) -> int:
        """How many rows the table has, by the footers of its files."""
        return sum(
            pq.read_metadata(file).num_rows
            for path in self.files(table)
            for file in (path.glob("*.parquet") if path.is_dir() else [path])
        )

    def _append_to(self, table: str, part: str, rows: pa.Table) -> None:
        writer = self._open.get((table, part))
        if writer is None:
            if len(self._open) >= _MOST_OPEN:
                self._open.pop(next(iter(self._open))).close()
            path = self.new_path(table)
            writer = self._open[(table, part)] = pq.ParquetWriter(path, rows.schema)
            self.manifest.tables[table].setdefault(part, []).append(self._relative(path))
        writer.write_table(rows)

    def _finish_files(self) -> None:
        """A Parquet file can be read once its footer stands."""
        while self._open:
            self._open.popitem()[1].close()

    def _relative(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def _clear_away(self) -> None:
        """Delete what no manifest names, unless it is young."""
        parts = (files for table in self.manifest.tables.values() for files in table.values())
        named = {file for files in parts for file in files}
        youngest = time.time() - READERS_PATIENCE
        for path in (self.folder / "tables").glob("*/*"):
            if self._relative(path) in named or path.stat().st_mtime > youngest:
                continue
            remove: Callable[[Path], None] = shutil.rmtree if path.is_dir() else os.unlink
            remove(path)


def _wait_for(lock: IO[str], folder: Path, patience: float) -> None:
    """Take the lock that one writer holds; the system frees it when the process ends."""
    waiting = Patience(patience)
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not waiting.wait(f"another process has the warehouse {folder}"):
                lock.close()
                raise WarehouseError(
                    f"another process has held the warehouse {folder} for {patience:.0f} seconds"
                ) from None
        else:
            return
