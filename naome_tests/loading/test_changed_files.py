"""Which files are read again: those with other bytes, and those whose reading would be another."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import duckdb
import pytest

from naome_assets.loading import changed_files
from naome_assets.loading.load import Loaded, load_quarters
from naome_assets.quarters import Quarter
from naome_assets.sources import ingest
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.versions.memory import Memory
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.oracle.submissions import Death, deaths

FIRST, SECOND = Quarter(2024, 1), Quarter(2024, 2)


@pytest.fixture
def warehouse() -> Iterator[DuckDBWarehouse]:
    opened = DuckDBWarehouse(duckdb.connect(":memory:"))
    opened.create_submission_tables()
    yield opened
    opened.close()


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    folder = tmp_path / "landing"
    for month in ("2024-01", "2024-02", "2024-04"):
        deaths(folder, month, Death("9990000018", "2024-01-05"), name="deaths.csv")
    with zipfile.ZipFile(folder / "deaths" / "2024-02" / "more.zip", "w") as archive:
        archive.write(folder / "deaths" / "2024-01" / "deaths.csv", "one.csv")
    (folder / "stray.txt").write_text("x")
    return folder


def read(
    warehouse: DuckDBWarehouse,
    landing: Path,
    *quarters: Quarter,
    linkage: bool = False,
    full: bool = False,
) -> Loaded:
    return load_quarters(
        warehouse,
        landing,
        quarters or (FIRST, SECOND),
        pseudonymiser=Pseudonymiser(b"key", keeps_link_keys=linkage),
        workers=1,
        memory=Memory.of(warehouse, is_full=full),
    )


def content(warehouse: DuckDBWarehouse) -> list[tuple[object, ...]]:
    rows = warehouse.connection.execute("select * from death_registration").fetchall()
    return sorted(rows, key=str)


def test_nothing_is_read_twice(warehouse: DuckDBWarehouse, landing: Path) -> None:
    assert len(read(warehouse, landing).read) == 5
    before = content(warehouse)
    again = read(warehouse, landing)
    assert (again.read, again.kept, again.gone, again.replaced) == ((), 5, (), frozenset())
    assert content(warehouse) == before


def test_bytes_decide_and_not_times(
    warehouse: DuckDBWarehouse, landing: Path, tmp_path: Path
) -> None:
    """After a copy, another time of writing and another name of the folder in between."""
    read(warehouse, landing)
    shutil.copytree(landing, tmp_path / "copy")
    shutil.rmtree(landing)
    shutil.copytree(tmp_path / "copy", landing)
    for path in landing.rglob("*.csv"):
        os.utime(path, (1, 1))
    assert read(warehouse, landing).read == ()


def test_one_byte_is_read(warehouse: DuckDBWarehouse, landing: Path) -> None:
    """Of the same size, written at the same time as before."""
    read(warehouse, landing)
    path = landing / "deaths" / "2024-01" / "deaths.csv"
    state = path.stat()
    path.write_bytes(path.read_bytes().replace(b"05", b"06"))
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert path.stat().st_size == state.st_size
    loaded = read(warehouse, landing)
    assert loaded.read == ("deaths/2024-01/deaths.csv",)
    assert (loaded.again, loaded.kept) == (1, 4)
    assert {quarter for table, quarter in loaded.replaced if table == "death_registration"} == {
        "2024-Q1"
    }


def test_bytes_are_not_looked_at_where_the_file_system_says_the_same(
    warehouse: DuckDBWarehouse, landing: Path
) -> None:
    with patch.object(ingest, "_SETTLED_SECONDS", 0.0):
        read(warehouse, landing)
        with patch.object(changed_files, "digest_of", side_effect=AssertionError):
            assert read(warehouse, landing).read == ()
    # Which is not relied on for a file that changed just now.
    with (
        pytest.raises(AssertionError),
        patch.object(changed_files, "digest_of", side_effect=AssertionError),
    ):
        read(warehouse, landing)


def test_a_file_that_goes_leaves_alone(warehouse: DuckDBWarehouse, landing: Path) -> None:
    read(warehouse, landing)
    (landing / "deaths" / "2024-02" / "deaths.csv").unlink()
    loaded = read(warehouse, landing)
    assert (loaded.read, loaded.gone) == ((), ("deaths/2024-02/deaths.csv",))
    held = warehouse.query("select file from submission order by file")["file"].tolist()
    assert held == [
        "deaths/2024-01/deaths.csv",
        "deaths/2024-02/more.zip!one.csv",
        "deaths/2024-04/deaths.csv",
        "stray.txt",
    ]
    assert len(content(warehouse)) == 3


def test_another_reader_reads_again(warehouse: DuckDBWarehouse, landing: Path) -> None:
    read(warehouse, landing)
    with patch.object(changed_files, "code_of", lambda *_, **__: "another"):
        assert len(read(warehouse, landing).read) == 5


def test_linkage_turned_on_reads_again(warehouse: DuckDBWarehouse, landing: Path) -> None:
    read(warehouse, landing)
    assert len(read(warehouse, landing, linkage=True).read) == 5


def test_in_full_reads_again(warehouse: DuckDBWarehouse, landing: Path) -> None:
    read(warehouse, landing)
    before = content(warehouse)
    assert len(read(warehouse, landing, full=True).read) == 5
    assert content(warehouse) == before


def test_another_quarter_keeps_its_versions(warehouse: DuckDBWarehouse, landing: Path) -> None:
    read(warehouse, landing, FIRST)
    memory = Memory.of(warehouse)
    first = memory.part_version("death_registration", "2024-Q1")
    assert first
    assert memory.part_version("death_registration", "2024-Q2") == ""
    read(warehouse, landing, SECOND)
    memory = Memory.of(warehouse)
    assert memory.part_version("death_registration", "2024-Q1") == first
    assert memory.part_version("death_registration", "2024-Q2")
