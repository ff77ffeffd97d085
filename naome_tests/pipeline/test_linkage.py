"""Linkage over a whole audit: off it leaves no trace, on it gives the same in every engine."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import pytest

from naome_assets.quarters import Quarter
from naome_assets.synthetic import generate
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_assets.warehouse.engines import open_warehouse

from .audit import PROJECT, audit, rows
from .test_command_line import Place
from .test_engines import differing, same_rows

FIRST, LAST = Quarter(2024, 1), Quarter(2024, 2)
_RUN = ("run", "--from", str(FIRST), "--to", str(LAST))
_PERSON = re.compile(
    r'<NhsNumber extension="\d+"/>\s*<LocalPatientIdentifier>(.*?)</LocalPatientIdentifier>'
)


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generated submissions in which every second COSD record has no NHS number.

    Half of these carry a local identifier that is nowhere else: probability may link them.
    """
    pytest.importorskip("splink")
    folder = tmp_path_factory.mktemp("numberless") / "landing"
    generate(folder, FIRST, LAST, scale=0.01, seed=5, defects=False, workers=1)
    numbers = count()

    def numberless(person: re.Match[str]) -> str:
        number = next(numbers)
        if number % 2:
            return person[0]
        identifier = f"NEW{number}" if number % 4 else person[1]
        return f"<LocalPatientIdentifier>{identifier}</LocalPatientIdentifier>"

    for path in sorted(folder.glob("england/cosd/*/*/*.xml")):
        path.write_text(_PERSON.sub(numberless, path.read_text("utf-8")), "utf-8")
    return folder


def _tables(place: Place) -> dict[str, list[Any]]:
    """Every table and view of the warehouse."""
    with duckdb.connect(str(place.database), read_only=True) as connection:
        names = [name for (name,) in connection.execute("show tables").fetchall()]
        return {name: _rows(connection, name) for name in names}


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[Any]:
    return sorted(connection.execute(f"select * from {table}").fetchall(), key=str)


def test_on_and_off_again(landing: Path, tmp_path: Path, embedded: DuckDBWarehouse) -> None:
    """Two runs through Dagster; after the second it is as if it had never been on."""
    audit(embedded, landing, FIRST, LAST)
    before = {name: _rows(embedded.connection, name) for name in PROJECT.models}
    place = Place(tmp_path, landing)
    place.environment |= {"NAOME_LINKAGE": "on", "NAOME_PSEUDONYM_KEY": "test"}
    assert place.naome(*_RUN).returncode == 0
    linked = _tables(place)
    assert linked["link_key"]
    assert {how for _, _, how, _, _ in linked["person_link"]} == {
        "local_identifier",
        "probabilistic",
    }
    assert len(linked["person"]) < len(before["person"])
    del place.environment["NAOME_LINKAGE"]
    # Of the quarters that are not run again nothing may be kept either.
    assert place.naome("run", "--from", str(LAST), "--to", str(LAST)).returncode == 0
    after = _tables(place)
    assert after["link_key"] == after["person_link"] == []
    assert [name for name in before if after[name] != before[name]] == []


@pytest.fixture
def embedded() -> Iterator[DuckDBWarehouse]:
    """A DuckDB in memory."""
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    yield warehouse
    warehouse.close()


def test_on_with_nobody_to_link_is_off(tmp_path: Path, embedded: DuckDBWarehouse) -> None:
    """A model is fitted and one person without a number compared: she is none of the others."""
    pytest.importorskip("splink")
    generate(tmp_path, FIRST, LAST, scale=0.01, seed=5, defects=False, workers=1)
    welsh = sorted(tmp_path.glob("wales/registry/*/*_tumour.csv"))[0]
    header = welsh.read_text("utf-8").splitlines()[0].split(",")
    stranger = {
        "record_id": "stranger",
        "extract_created": "20240502T144900",
        "local_patient_identifier": "STRANGER",
        "birth_date": "19110203",
        "sex": "F",
        "postcode": "ZZ99 9ZZ",
        "provider": welsh.name.partition("_")[0],
        "pathway": "primary",
        "icd10": "C504",
        "event_date": "20240103",
        "m_category": "1",
    }
    with welsh.open("a", encoding="utf-8") as file:
        file.write(",".join(stranger.get(name, "") for name in header) + "\n")
    off = DuckDBWarehouse(duckdb.connect(":memory:"))
    audit(off, tmp_path, FIRST, LAST)
    audit(embedded, tmp_path, FIRST, LAST, linkage=True)
    assert rows(embedded, "link_key")
    assert rows(embedded, "person_link") == []
    numberless = {
        row["local_person_id"] for row in rows(off, "wales_tumour") if not row["nhs_person_id"]
    }
    assert numberless & {row["person_id"] for row in rows(embedded, "mbc_cohort")}
    assert differing(off, embedded) == []
    off.close()


def test_postgresql_gives_the_links_and_the_cohort_of_duckdb(
    landing: Path, embedded: DuckDBWarehouse, postgres_url: str
) -> None:
    server = open_warehouse(postgres_url)
    try:
        for warehouse in (embedded, server):
            audit(warehouse, landing, FIRST, LAST, linkage=True)
        links = rows(embedded, "person_link")
        how = Counter(row["how"] for row in links)
        assert how["local_identifier"] >= 5
        assert how["probabilistic"] >= 5
        assert same_rows(links, rows(server, "person_link"))
        # The cohort and every other table.
        assert differing(embedded, server) == []
        linked = {row["linked_person_id"] for row in links}
        assert linked & {row["person_id"] for row in rows(server, "mbc_cohort")}
    finally:
        server.close()
