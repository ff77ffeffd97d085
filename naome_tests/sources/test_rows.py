"""Rows on their way: of files that were read to their end, and of no others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from naome_assets.sources import rows
from naome_assets.sources.rows import RowBuffer, SubmissionRow, parquet_part
from naome_assets.warehouse.arrow_schemas import arrow_schemas

TABLE = "registry_outcome"


def row(position: int) -> dict[str, Any]:
    held = dict.fromkeys(arrow_schemas()[TABLE].names)
    return {**held, "file": "a.csv", "position": position, "quarter": "2024-Q1"}


def positions(parts: tuple[tuple[str, Path], ...]) -> list[int]:
    assert {name for name, _ in parts} <= {TABLE}
    return sorted(
        place for _, path in parts for place in pq.read_table(path)["position"].to_pylist()
    )


def test_rows_of_a_refused_file_are_dropped_and_the_others_written(tmp_path: Path) -> None:
    buffer = RowBuffer(tmp_path)
    buffer.add(TABLE, row(1))
    buffer.add_table(TABLE, pa.Table.from_pylist([row(2), row(3)], arrow_schemas()[TABLE]))
    buffer.commit()
    buffer.add(TABLE, row(4))
    buffer.drop()
    buffer.add(TABLE, row(5))
    buffer.commit()
    # Begun and neither committed nor dropped: not read to its end.
    buffer.add(TABLE, row(6))
    parts = buffer.finish()
    assert positions(parts) == [1, 2, 3, 5]
    assert len(parts) == 1
    assert {path.parent for _, path in parts} == {tmp_path}


def test_what_grows_large_is_written_at_once_and_removed_with_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MOST_PENDING", 2)
    buffer = RowBuffer(tmp_path)
    for position in (1, 2, 3):
        buffer.add(TABLE, row(position))
    assert len(list(tmp_path.iterdir())) == 1
    buffer.drop()
    assert list(tmp_path.iterdir()) == []
    buffer.add_table(TABLE, pa.Table.from_pylist([row(4), row(5)], arrow_schemas()[TABLE]))
    assert len(list(tmp_path.iterdir())) == 1
    buffer.commit()
    for position in (6, 7):
        buffer.add(TABLE, row(position))
        buffer.commit()
    parts = buffer.finish()
    assert positions(parts) == [4, 5, 6, 7]
    assert {path for _, path in parts} == set(tmp_path.iterdir())


def test_parts_have_names_of_their_own(tmp_path: Path) -> None:
    first, second = parquet_part(TABLE, tmp_path), parquet_part(TABLE, tmp_path)
    assert first != second
    assert first.name.startswith(f"{TABLE}-")
    assert first.suffix == ".parquet"


def test_nothing_of_a_refused_file_counts() -> None:
    read = SubmissionRow("a.csv", "0", "sact", "2024-Q1", "2024-01", None, 9)
    read.received, read.other_tumour_groups, read.unreadable_records, read.ignored_elements = (
        *(4, 3, 2, 1),
    )
    read.warn("RecordCount is 5")
    read.warn("made by hand")
    assert (read.status, read.reason) == ("loaded", "RecordCount is 5; made by hand")
    read.refuse("wrong_columns: none")
    assert (read.status, read.reason) == ("rejected", "wrong_columns: none")
    assert (read.received, read.other_tumour_groups, read.unreadable_records) == (0, 0, 0)
    assert read.ignored_elements == 0
