"""Parquet tables in a folder: what stands, what a killed writer leaves, who may write."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from naome_assets.warehouse.parquet_store import READERS_PATIENCE, ParquetStore
from naome_assets.warehouse.protocol import WarehouseError


def opened(folder: Path, *, read_only: bool = False, patience: float = 0) -> ParquetStore:
    return ParquetStore.open(folder, read_only=read_only, patience=patience)


def values(store: ParquetStore, table: str) -> list[int]:
    """Column n of a table."""
    files = store.files(table)
    return sorted(n for file in files for n in pq.read_table(file).column("n").to_pylist())


def numbers(*n: int, quarter: str = "2024-Q1") -> pa.Table:
    return pa.table({"quarter": [quarter] * len(n), "n": pa.array(n, pa.int32())})


@pytest.fixture
def store(tmp_path: Path) -> ParquetStore:
    store = opened(tmp_path)
    store.replace_rows("sent", numbers(quarter=""))
    return store


def test_quarters_are_replaced_apart(store: ParquetStore, tmp_path: Path) -> None:
    store.append("sent", pa.concat_tables([numbers(1, 2), numbers(3, quarter="2024-Q2")]))
    store.append("sent", numbers(4))
    assert (values(store, "sent"), store.rows("sent")) == ([1, 2, 3, 4], 4)
    with store.transaction():
        store.drop_parts("sent", ["2024-Q1", "1999-Q1"])
        for n in (5, 6, 7):
            store.append("sent", numbers(n))
        assert values(store, "sent")[-1] == 7
    assert values(store, "sent") == [3, 5, 6, 7]
    store.close()
    assert values(opened(tmp_path, read_only=True), "sent") == [3, 5, 6, 7]


def test_parts_of_one_transaction_are_one_file_a_quarter(store: ParquetStore) -> None:
    with store.transaction():
        for n in range(20):
            store.append("sent", numbers(n, quarter=f"2024-Q{n % 4 + 1}"))
    assert len(store.files("sent")) == 1 + 4
    assert values(store, "sent") == list(range(20))


def test_more_quarters_than_files_can_be_open(store: ParquetStore) -> None:
    with store.transaction():
        for n in range(200):
            store.append("sent", numbers(n, quarter=f"{1950 + n // 2}-Q{n % 2 + 1}"))
    assert values(store, "sent") == list(range(200))


def test_rows_with_values_are_deleted(store: ParquetStore) -> None:
    rows = pa.table({"n": [1, 2, 3, 4], "a": ["x", "x", "y", None], "b": [1, 2, 1, 1]})
    store.replace_rows("other", rows)
    store.delete_where("other", {"a": "x", "b": 1})
    assert values(store, "other") == [2, 3, 4]
    store.delete_where("other", {"a": "y"})
    assert values(store, "other") == [2, 4]


def test_what_fails_inside_a_transaction_leaves_nothing(
    store: ParquetStore, tmp_path: Path
) -> None:
    store.append("sent", numbers(1))
    with pytest.raises(RuntimeError), store.transaction():
        store.append("sent", numbers(2))
        store.drop_parts("sent", ["2024-Q1"])
        store.replace_rows("other", numbers(3))
        store.replace_view("sight", "select 1")
        raise RuntimeError
    reader = opened(tmp_path, read_only=True)
    for seen in (store, reader):
        assert values(seen, "sent") == [1]
        assert list(seen.manifest.tables) == ["sent"]
        assert not seen.manifest.views


def test_a_reader_sees_what_stood_when_it_came(store: ParquetStore, tmp_path: Path) -> None:
    store.append("sent", numbers(1))
    reader = opened(tmp_path, read_only=True)
    store.drop_parts("sent", ["2024-Q1"])
    store.close()
    opened(tmp_path).close()
    assert values(reader, "sent") == [1]


def test_a_reader_cannot_write(store: ParquetStore, tmp_path: Path) -> None:
    reader = opened(tmp_path, read_only=True)
    with pytest.raises(WarehouseError, match="for reading only"):
        reader.append("sent", numbers(1))
    assert values(store, "sent") == []


def test_a_table_becomes_a_view_and_a_table_again(store: ParquetStore) -> None:
    store.replace_view("sent", "select 1 as n")
    assert (list(store.manifest.tables), list(store.manifest.views)) == ([], ["sent"])
    store.replace_rows("sent", numbers(5))
    assert not store.manifest.views


KILLED = """
import os, signal, sys
from pathlib import Path
import pyarrow as pa
from naome_assets.warehouse.parquet_store import ParquetStore
store = ParquetStore.open(Path(sys.argv[1]), read_only=False, patience=0)
with store.transaction():
    store.drop_parts("sent", ["2024-Q1"])
    store.append("sent", pa.table({"quarter": ["2024-Q1"], "n": pa.array([9], pa.int32())}))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_writer_changes_nothing_and_is_cleared_away(
    store: ParquetStore, tmp_path: Path
) -> None:
    store.append("sent", numbers(1))
    store.close()
    before = set(tmp_path.glob("tables/*/*"))
    finished = subprocess.run([sys.executable, "-c", KILLED, tmp_path], check=False, timeout=60)
    assert finished.returncode == -9
    left = set(tmp_path.glob("tables/*/*")) - before
    assert len(left) == 1
    # Young, it could be what another process reads.
    again = opened(tmp_path)
    assert values(again, "sent") == [1]
    again.close()
    assert left < set(tmp_path.glob("tables/*/*"))
    old = time.time() - READERS_PATIENCE - 60
    for path in tmp_path.glob("tables/*/*"):
        os.utime(path, (old, old))
    opened(tmp_path).close()
    assert not left & set(tmp_path.glob("tables/*/*"))
    assert values(opened(tmp_path), "sent") == [1]


def test_a_second_writer_is_refused_until_the_first_is_gone(
    store: ParquetStore, tmp_path: Path
) -> None:
    with pytest.raises(WarehouseError, match="another process has held"):
        opened(tmp_path, patience=0.3)
    store.close()
    opened(tmp_path).close()


@pytest.mark.parametrize(
    ("content", "told"), [("{", "cannot be read"), ('{"layout": 99}', "another version")]
)
def test_a_damaged_manifest_is_reported(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(WarehouseError, match=told):
        opened(tmp_path)


def test_nothing_to_read_is_reported(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="run `naome run` first"):
        opened(tmp_path, read_only=True)


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WarehouseError, match="the folder of the warehouse"):
        opened(tmp_path / "file" / "folder")
