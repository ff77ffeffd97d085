"""Which code counts for which provider of today."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from naome_assets.checks.suites import RULES
from naome_assets.quarters import Quarter
from naome_assets.reference import seed_path
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_assets.warehouse.protocol import Warehouse
from naome_tests.oracle import submissions as sent
from naome_tests.pipeline.audit import audit


def test_a_predecessor_is_with_its_successor_and_since_when(empty_warehouse: Warehouse) -> None:
    with seed_path("provider_succession").open(encoding="utf-8", newline="") as file:
        listed = {
            row["predecessor"]: (row["final_successor"], dt.date.fromisoformat(row["effective"]))
            for row in csv.DictReader(file)
        }
    rows = empty_warehouse.arrow(
        "select code, provider_code, succeeded_on from organisation where succeeded_on is not null"
    ).to_pylist()
    assert listed["RBA"] == ("RH5", dt.date(2020, 4, 1))
    assert {row["code"]: (row["provider_code"], row["succeeded_on"]) for row in rows} == listed


def test_a_provider_of_today_is_its_own(empty_warehouse: Warehouse) -> None:
    others = empty_warehouse.arrow(
        "select code from organisation where succeeded_on is null and provider_code <> code"
    )
    assert others.num_rows == 0


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Three people: diagnosed by RBA, at a site of RA4 by a record of RTH, and by RH5 itself.

    RBA became part of RH5 in 2020, RA4 in 2023.
    """
    landing: Path = tmp_path_factory.mktemp("landing")
    for number, (provider, site) in enumerate((("RBA", None), ("RTH", "RA401"), ("RH5", None))):
        event = sent.primary(sent.NHS_NUMBERS[number], date="2024-01-10", m="1", site=site)
        sent.cosd_v9(landing, provider, "2024-01", event, name="a.xml")
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    audit(warehouse, landing, Quarter(2024, 1), Quarter(2024, 1))
    yield warehouse
    warehouse.close()


def test_a_merged_trust_is_reported_under_its_successor(merged: Warehouse) -> None:
    (alliance,) = merged.query(
        "select cancer_alliance_code from organisation where code = 'RH5'"
    ).iloc[0]
    places = "geography_type in ('provider', 'cancer_alliance')"
    everybody = "sex = 'all' and age_band = 'all' and presentation = 'all'"
    for figures in (
        f"prevalence where {everybody} and years_since_mbc = 'all' and",
        "cns_access where period = 'rolling_12m' and presentation = 'all' and",
    ):
        count = "people" if figures.startswith("prevalence") else "patients"
        rows = merged.arrow(f"select geography_code, {count} as n from {figures} {places}")
        assert {row["geography_code"]: row["n"] for row in rows.to_pylist()} == {
            "RH5": 3,
            alliance: 3,
        }
    # By the provider that sent the records.
    quality = merged.arrow(
        "select geography_code, records from data_quality where item = 'record' "
        "and source = 'all' and period = 'quarter' and geography_type = 'provider'"
    ).to_pylist()
    assert {row["geography_code"]: row["records"] for row in quality} == {"RH5": 2, "RTH": 1}


def test_the_predecessor_stays_visible(merged: Warehouse) -> None:
    rows = merged.arrow(
        "select mbc_cohort.diagnosis_code, mbc_cohort.provider_code, organisation.succeeded_on "
        "from mbc_cohort inner join organisation on mbc_cohort.diagnosis_code = organisation.code"
    ).to_pylist()
    assert {row["diagnosis_code"]: row["succeeded_on"] for row in rows} == {
        "RBA": dt.date(2020, 4, 1),
        "RA4": dt.date(2023, 4, 1),
        "RH5": None,
    }
    assert {row["provider_code"] for row in rows} == {"RH5"}


def trust(code: str, name: str, closed: str = "") -> str:
    """A row of etr."""
    return f'"{code}","{name}","Y63","QXX",{",".join(["X"] * 6)},"19910401","{closed}"\n'


def test_lists_beside_the_landing_come_before_the_shipped_ones(tmp_path: Path) -> None:
    """A merger that no shipped list has, a split, a chain over both, a circle, a new trust."""
    landing = tmp_path / "landing"
    providers = ("R1H", "RA4", "RW6", "RCF", "RAE", "RTV", "RZ9")
    for number, provider in enumerate(providers):
        event = sent.primary(sent.NHS_NUMBERS[number], date="2024-01-10", m="1")
        sent.cosd_v9(landing, provider, "2024-01", event, name="a.xml")
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    quarter = Quarter(2024, 1)
    audit(warehouse, landing, quarter, quarter)
    before = dict(warehouse.query("select code, provider_code from organisation").to_numpy())
    assert before["RAP"] == "RAL"
    assert before["RT3"] == "RJ1"
    assert before["R1H"] == "R1H"

    (landing / "reference").mkdir()
    (landing / "reference" / "etr.csv").write_text(
        trust("R1H", "BARTS HEALTH NHS TRUST", "20260331")
        + trust("RZ9", "NEW TRUST")
        + trust("RCF", "AIREDALE NHS FOUNDATION TRUST", "20260331")
    )
    (landing / "reference" / "succ-2026.csv").write_text(
        '"R1H","RZ9","R","20260401",""\n"RH5","RD1","R","20260401",""\n'
        '"RW6","R0A","R","20211001",""\n"RW6","RM3","R","20211001",""\n'
        '"RAE","RTD","R","20260401",""\n"RTD","RAE","R","20260401",""\n'
        '"A81001","A81002","R","20200101",""\n'
    )
    audit(warehouse, landing, quarter, quarter)
    after = dict(warehouse.query("select code, provider_code from organisation").to_numpy())
    assert {code: after[code] for code in ("R1H", "RA4", "RH5", "RW6", "RAE", "RAP")} == {
        "R1H": "RZ9",
        "RA4": "RD1",
        "RH5": "RD1",
        "RW6": "RW6",
        "RAE": "RAE",
        "RAP": "RAL",
    }
    names = dict(warehouse.query("select code, provider_name from organisation").to_numpy())
    assert (names["RZ9"], names["RCF"]) == ("NEW TRUST", "Airedale NHS Foundation Trust")
    rules = {rule.key: rule for rule in RULES}
    failing = warehouse.query(rules["registry_record:provider_open"].select)
    assert set(failing[~failing["is_open"]]["provider"]) == {"RCF", "RTV", "RW6"}
    assert warehouse.query("select max(listed_to) from organisation").iloc[0, 0].year == 2026
    ledger = warehouse.query("select * from ledger where source like 'ods%' order by file")
    assert ledger["file"].tolist() == ["reference/etr.csv", "reference/succ-2026.csv"]
    assert set(ledger["status"]) == {"loaded"}
    assert all(len(digest) == 64 for digest in ledger["sha256"])

    # Of another layout, and taken away again: the shipped lists stand.
    (landing / "reference" / "etr.csv").write_text("code,name\nR1H,BARTS\n")
    (landing / "reference" / "succ-2026.csv").write_text('"R1H","RZ9","20260401","R",""\n')
    audit(warehouse, landing, quarter, quarter)
    ledger = warehouse.query("select * from ledger where source like 'ods%'")
    assert set(ledger["status"]) == {"rejected"}
    assert all(reason.startswith("not_ods:") for reason in ledger["reason"])
    assert (
        dict(warehouse.query("select code, provider_code from organisation").to_numpy()) == before
    )
    warehouse.close()
