"""The list of sources: each table that holds what was sent is filled by one of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from naome_assets.contract.dimensions import NATIONS
from naome_assets.contract.submissions import BY_NAME, TABLES
from naome_assets.quarters import Quarter
from naome_assets.sources.catalogue import OF_NO_QUARTER, SOURCE, SOURCES, TUMOURS_OF
from naome_assets.sources.landing import discover, lists
from naome_assets.sources.source import Source
from naome_assets.synthetic import generate
from naome_assets.transform.project import load_project

from .support import put, read

#: What is told of every file, whatever its source.
OF_EVERY_FILE = {"submission", "submission_fault", "submission_convention", "file_version"}
PLACES = {"<provider>": "R0A", "<health board>": "7A4", "<YYYY-MM-DD>": "2024-02-15"}
PLACES |= {"<YYYY-MM>": "2024-02", "<YYYY-Qn>": "2024-Q1", "<period>": "2023-2024"}


def path_of(source: Source, ending: str) -> str:
    """A file of a source as the page of the landing folder has it."""
    path = f"{source.folder}/{source.files.replace('*', 'x')}{ending}"
    for place, name in PLACES.items():
        path = path.replace(place, name)
    return path


def test_each_table_of_files_is_filled_by_a_source() -> None:
    filled = [table for source in SOURCES for table in source.tables]
    assert set(filled) | OF_EVERY_FILE == {table.name for table in TABLES if table.is_of_files}
    assert all(BY_NAME[table].is_quarterly for table in filled)
    assert len(SOURCE) == len(SOURCES)


def test_what_every_run_reads_again_and_whose_tumours_are_reported() -> None:
    assert OF_NO_QUARTER == ("ods_organisation", "ods_succession")
    project = load_project()
    assert project.tumours_of == TUMOURS_OF
    assert list(project.variables["nations"]) == list(NATIONS)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_file_lies_where_its_source_says(tmp_path: Path, source: Source) -> None:
    for ending in source.landing_endings:
        put(tmp_path, path_of(source, ending), "x")
    quarter = Quarter(2024, 1)
    found = discover(tmp_path, quarter) if source.has_quarter else lists(tmp_path, [quarter])
    assert [file.source for file in found] == [source.name] * len(source.landing_endings)


def test_a_reader_fills_the_tables_of_its_source(tmp_path: Path) -> None:
    """Of a generated landing; another table would not be emptied with its quarter."""
    generate(tmp_path, Quarter(2024, 1), Quarter(2024, 1), scale=0.002, seed=3)
    landed = read(tmp_path)
    source_of = {row["file"]: row["source"] for row in landed.submissions}
    met = {
        (source_of[row["file"]], table.name)
        for table in TABLES
        if table.is_of_files and table.name not in OF_EVERY_FILE
        for row in landed.rows(table.name)
    }
    assert {("cosd", "cosd_record"), ("deaths", "death_registration")} < met
    assert {table for source, table in met if table not in SOURCE[source].tables} == set()
