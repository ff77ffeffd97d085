"""Many files at once: the pool, its bounds and its crashes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from naome_assets.sources import ingest, rows
from naome_assets.sources.catalogue import SOURCE
from naome_assets.sources.ingest import read_files
from naome_assets.sources.landing import LandingFile, discover
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.storage import StorageError
from naome_assets.warehouse.arrow_schemas import arrow_schemas
from naome_assets.warehouse.declared_tables import metadata

from .support import (
    COSD_FOLDER,
    LUNG,
    PSEUDONYMISER,
    QUARTER,
    V9_BREAST,
    Landed,
    cosd,
    put,
    read,
)

MANY = cosd(*[V9_BREAST, LUNG] * 30)


def content(landed: Landed) -> tuple[Any, Any]:
    return landed.submissions, landed.tables


def test_a_pool_gives_what_one_process_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        put(tmp_path, f"{COSD_FOLDER}/{number}.xml", MANY)
    put(tmp_path, f"{COSD_FOLDER}/broken.xml", MANY[:-20])
    put(tmp_path, "deaths/2024-03/d.csv", "DEC_CONF_NHS_NUMBER,REG_DATE,REG_DATE_OF_DEATH\n1,2,3\n")
    alone = read(tmp_path)
    monkeypatch.setattr(ingest, "_SMALLEST_TASK", 1)
    pooled = read(tmp_path, workers=2)
    assert content(pooled) == content(alone)
    assert sum(row["received"] for row in alone.submissions) == 241


def test_a_refused_file_leaves_no_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even those that had gone to disk when the fault was found."""
    monkeypatch.setattr(rows, "MOST_PENDING", 5)
    put(tmp_path, f"{COSD_FOLDER}/a.xml", cosd(V9_BREAST))
    put(tmp_path, f"{COSD_FOLDER}/b.xml", MANY.replace("</COSD:COSD>", ""))
    put(tmp_path, f"{COSD_FOLDER}/c.xml", cosd(V9_BREAST))
    landed = read(tmp_path)
    assert [row["status"] for row in landed.submissions] == ["loaded", "rejected", "loaded"]
    assert [row["file"][-5:] for row in landed.rows("cosd_record")] == ["a.xml", "c.xml"]


def test_a_folder_for_temporary_files_that_is_lost_is_no_fault_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Met in the middle of a file, which must not be taken for refused."""
    monkeypatch.setattr(rows, "MOST_PENDING", 5)
    put(tmp_path, f"{COSD_FOLDER}/a.xml", MANY)
    reading = read_files(discover(tmp_path, QUARTER), PSEUDONYMISER, tmp_path / "gone", 1)
    with pytest.raises(StorageError, match="No such file or directory"):
        list(reading)


def test_rows_that_went_to_disk_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, f"{COSD_FOLDER}/a.xml", MANY)
    whole = read(tmp_path)
    monkeypatch.setattr(rows, "MOST_PENDING", 7)
    assert content(read(tmp_path)) == content(whole)


def test_whatever_a_file_does_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise KeyError("9434765919")

    monkeypatch.setitem(SOURCE, "deaths", replace(SOURCE["deaths"], read=fail))
    put(tmp_path, "deaths/2024-03/d.csv", "x")
    put(tmp_path, f"{COSD_FOLDER}/a.xml", cosd(V9_BREAST))
    first, second = read(tmp_path).submissions
    assert first["reason"] == "reader_error: the reader failed (KeyError)"
    assert second["status"] == "loaded"


@pytest.mark.skipif(os.geteuid() == 0, reason="root can read every file")
def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    put(tmp_path, f"{COSD_FOLDER}/a.xml", cosd(V9_BREAST)).chmod(0)
    assert read(tmp_path).submission["reason"].startswith("reader_error: ")


def test_a_file_that_vanished(tmp_path: Path) -> None:
    file = LandingFile(tmp_path / "gone.xml", "gone.xml", "cosd", "2024-Q1", "2024-01", "R0A", 1)
    part = ingest.read_task([file], Pseudonymiser(b"key"), tmp_path)
    (submission,) = part.submissions
    assert (submission["status"], part.tables) == ("rejected", ())


def dies_on_death(
    files: Sequence[LandingFile], pseudonymiser: Pseudonymiser, spill: Path
) -> ingest.Part:
    """In place of ``read_task``, which other processes still have: a file kills its process."""
    if any(file.source == "deaths" for file in files):
        time.sleep(0.1)
        os.kill(os.getpid(), signal.SIGKILL)
    return ingest.read_task(files, pseudonymiser, spill)


def test_a_process_that_dies_costs_only_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "deaths/2024-03/d.csv", "x" * len(MANY))
    put(tmp_path, f"{COSD_FOLDER}/a.xml", MANY)
    monkeypatch.setattr(ingest, "_SMALLEST_TASK", 1)
    monkeypatch.setattr(ingest, "read_task", dies_on_death)
    first, second = read(tmp_path, workers=2).submissions
    assert first["reason"] == "reader_error: the reading process died"
    assert (second["status"], second["received"]) == ("loaded", 60)


def test_every_declared_table_has_an_arrow_schema() -> None:
    schemas = arrow_schemas()
    for table in metadata.sorted_tables:
        assert schemas[table.name].names == [column.name for column in table.columns]


def test_reading_processes_import_little() -> None:
    """They start often; Dagster and the warehouse engines take seconds to import."""
    heavy = "{'dagster', 'duckdb', 'great_expectations', 'pandas', 'sqlalchemy'}"
    code = f"import sys, naome_assets.sources.ingest; print({heavy} & set(sys.modules) or 'none')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "none"
