"""Loading replaces what quarters held, remembers what was asked, and loses nothing unsaid."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from naome_assets.loading.load import load_quarters, shared_pseudonymiser
from naome_assets.quarters import Quarter
from naome_assets.sources.landing_folder import LandingError
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_assets.warehouse.protocol import WarehouseError
from naome_tests.oracle.submissions import NHS_NUMBERS, cosd_v9, primary, wales_tumour

FIRST, LAST = Quarter(2024, 1), Quarter(2024, 2)
ANN, BEA = NHS_NUMBERS[:2]


@pytest.fixture
def warehouse() -> Iterator[DuckDBWarehouse]:
    held = DuckDBWarehouse(duckdb.connect(":memory:"))
    held.create_submission_tables()
    yield held
    held.close()


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    folder = tmp_path / "landing"
    cosd_v9(folder, "RHU", "2024-01", primary(ANN, date="2024-01-05", m="1"))
    wales_tumour(folder, "7A4", str(FIRST), primary(BEA, date="2024-01-02", m="1"))
    cosd_v9(folder, "RHU", "2024-04", primary(BEA, date="2024-04-05", m="1"))
    return folder


def load(warehouse: DuckDBWarehouse, landing: Path, *quarters: Quarter) -> None:
    load_quarters(warehouse, landing, quarters, pseudonymiser=Pseudonymiser(b"test"), workers=1)


def held(warehouse: DuckDBWarehouse, sql: str) -> list[list[object]]:
    return warehouse.query(sql).to_numpy().tolist()


LOST = "select quarter, nation from lost_quarter order by 1, 2"
RUNS = "select from_quarter, to_quarter from audit_run order by number"


def test_a_quarter_is_replaced_and_the_others_stand(
    warehouse: DuckDBWarehouse, landing: Path
) -> None:
    load(warehouse, landing, FIRST, LAST)
    load(warehouse, landing, FIRST)
    counted = "select quarter, count(*) from cosd_record group by 1 order by 1"
    assert held(warehouse, counted) == [["2024-Q1", 1], ["2024-Q2", 1]]
    assert held(warehouse, "select count(*) from wales_tumour") == [[1]]
    assert held(warehouse, LOST) == []


def test_a_range_asked_for_again_is_the_latest(warehouse: DuckDBWarehouse, landing: Path) -> None:
    load(warehouse, landing, FIRST)
    load(warehouse, landing, FIRST, LAST)
    assert held(warehouse, RUNS) == [["2024-Q1", "2024-Q1"], ["2024-Q1", "2024-Q2"]]
    load(warehouse, landing, FIRST)
    assert held(warehouse, RUNS) == [["2024-Q1", "2024-Q2"], ["2024-Q1", "2024-Q1"]]


def test_a_nation_that_went_is_noted_until_it_is_back(
    warehouse: DuckDBWarehouse, landing: Path
) -> None:
    load(warehouse, landing, FIRST, LAST)
    [file] = landing.glob("wales/**/*.csv")
    away = file.rename(landing.parent / file.name)
    load(warehouse, landing, FIRST)
    assert held(warehouse, LOST) == [["2024-Q1", "Wales"]]
    # Another run without it does not forget it; a run of another quarter is not asked.
    load(warehouse, landing, FIRST)
    load(warehouse, landing, LAST)
    assert held(warehouse, LOST) == [["2024-Q1", "Wales"]]
    away.rename(file)
    load(warehouse, landing, FIRST)
    assert held(warehouse, LOST) == []


def test_an_empty_folder_takes_nothing_back(warehouse: DuckDBWarehouse, landing: Path) -> None:
    load(warehouse, landing, FIRST)
    empty = landing.parent / "empty"
    empty.mkdir()
    with pytest.raises(LandingError, match=r"nothing lies in .* for 2024-Q1, which are loaded"):
        load(warehouse, empty, FIRST)
    assert held(warehouse, "select count(*) from cosd_record") == [[1]]
    assert held(warehouse, RUNS) == [["2024-Q1", "2024-Q1"]]
    # A quarter that was never loaded has nothing to lose.
    load(warehouse, empty, LAST)


def test_generated_quarters_are_remembered_with_the_manifest(
    warehouse: DuckDBWarehouse, landing: Path
) -> None:
    load(warehouse, landing, FIRST)
    assert held(warehouse, "select quarter from generated_quarter") == []
    (landing / "synthetic-manifest.csv").touch()
    load(warehouse, landing, LAST)
    assert held(warehouse, "select quarter from generated_quarter") == [["2024-Q2"]]


def test_a_warehouse_has_one_key(
    warehouse: DuckDBWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAOME_PSEUDONYM_KEY", "11" * 32)
    first = shared_pseudonymiser(warehouse)
    assert shared_pseudonymiser(warehouse, keeps_link_keys=True).fingerprint == first.fingerprint
    assert held(warehouse, "select fingerprint from key_fingerprint") == [[first.fingerprint]]
    monkeypatch.setenv("NAOME_PSEUDONYM_KEY", "22" * 32)
    with pytest.raises(WarehouseError, match="filled with another pseudonym key"):
        shared_pseudonymiser(warehouse)
