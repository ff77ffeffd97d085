"""Every rule that a row breaks is listed, and the row counts once in the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from naome_assets.transform.project import Project
from naome_assets.warehouse.declared_tables import metadata
from naome_assets.warehouse.duckdb import DuckDBWarehouse

DEATHS = "deaths/2024-03/deaths.csv"
TREATMENTS = "wales/treatment/2024-03/7A1_treatment.csv"
REGIMENS = "england/registry/2024-02-15/sim_sact_regimen.csv"
KEYS = "england/registry/2024-02-15/key.csv"
EXTRACTED = dt.date(2024, 2, 15)
LONG_AGO, REGISTERED = dt.date(1899, 12, 31), dt.date(2024, 3, 1)


def death(position: int, number: str | None, **values: Any) -> dict[str, Any]:
    status = "valid" if number else "missing"
    row = {"file": DEATHS, "position": position, "nhs_person_id": number}
    return row | {"nhs_number_status": status, "registration_date": REGISTERED} | values


def treatment(position: int, number: str | None, **values: Any) -> dict[str, Any]:
    status = "valid" if number else "missing"
    row = {"file": TREATMENTS, "position": position, "nhs_person_id": number}
    return row | {"nhs_number_status": status, "health_board": "7A1", "modality": "02"} | values


def regimen(position: int, **values: Any) -> dict[str, Any]:
    row = {"file": REGIMENS, "position": position, "registry_person_id": "a", "regimen_id": "r"}
    return row | {"start_date": EXTRACTED} | values


def key(position: int, **values: Any) -> dict[str, Any]:
    row = {"file": KEYS, "position": position, "registry_person_id": "a", "nhs_person_id": "b"}
    return row | {"nhs_number_status": "valid"} | values


ROWS: dict[str, list[dict[str, Any]]] = {
    "death_registration": [
        death(1, None),
        death(2, None, death_date_fault="unreadable"),
        death(3, None, death_date=LONG_AGO),
        death(4, None, death_date=dt.date(2024, 3, 2)),
        death(5, "a", death_date=dt.date(2024, 3, 2), death_date_fault="partial"),
        death(6, "b", death_date=dt.date(2024, 2, 1)),
        death(7, "b", death_date=dt.date(2024, 2, 2)),
    ],
    "wales_treatment": [
        treatment(1, None),
        treatment(2, None, start_date_fault="unreadable"),
        treatment(3, None, start_date=LONG_AGO),
        treatment(4, "a", start_date=REGISTERED),
    ],
    "registry_regimen": [
        regimen(1, registry_person_id=None, start_date=None),
        regimen(2, regimen_id=None, start_date=LONG_AGO),
        regimen(3, regimen_id=None, start_date=EXTRACTED + dt.timedelta(1)),
        regimen(4),
        regimen(5),
    ],
    "registry_key": [
        key(1, registry_person_id=None, nhs_number_status="invalid", nhs_person_id=None),
        key(2),
    ],
}
LISTED = {
    (DEATHS, 1): {"nhs_number_missing_or_invalid", "death_date_missing"},
    (DEATHS, 2): {"nhs_number_missing_or_invalid", "death_date_unreadable"},
    (DEATHS, 3): {"nhs_number_missing_or_invalid", "death_date_before_1900"},
    (DEATHS, 4): {"nhs_number_missing_or_invalid", "death_after_registration"},
    (TREATMENTS, 1): {"treatment_without_person", "treatment_date_missing"},
    (TREATMENTS, 2): {"treatment_without_person", "treatment_date_unreadable"},
    (TREATMENTS, 3): {"treatment_without_person", "treatment_date_before_1900"},
}
LISTED |= {
    (REGIMENS, 1): {"registry_identifier_missing", "registry_date_missing"},
    (REGIMENS, 2): {"registry_identifier_missing", "registry_date_before_1900"},
    (REGIMENS, 3): {"registry_identifier_missing", "registry_date_after_extract"},
    (KEYS, 1): {"registry_identifier_missing", "registry_key_number_wrong"},
}
#: received, accepted, superseded, quarantined
COUNTED = {
    DEATHS: (7, 2, 1, 4),
    TREATMENTS: (4, 1, 0, 3),
    REGIMENS: (5, 1, 1, 3),
    KEYS: (2, 1, 0, 1),
}


@pytest.fixture(scope="module")
def warehouse(project: Project) -> Iterator[DuckDBWarehouse]:
    """The registry, built on rows that break two rules each."""
    opened = DuckDBWarehouse(duckdb.connect(":memory:"))
    opened.create_submission_tables()
    for file, table, source in (
        (DEATHS, "death_registration", "deaths"),
        (TREATMENTS, "wales_treatment", "wales_treatment"),
        (REGIMENS, "registry_regimen", "registry_sact_regimen"),
        (KEYS, "registry_key", "registry_key"),
    ):
        counts = {"other_tumour_groups": 0, "unreadable_records": 0, "ignored_elements": 0}
        about = {"file": file, "sha256": "0" * 64, "source": source, "folder": "2024-03"}
        sent = {"status": "loaded", "received": len(ROWS[table]), "bytes": 1, **counts}
        about |= {"extract_date": EXTRACTED}
        opened.insert(metadata.tables["submission"], [about | sent | {"quarter": "2024-Q1"}])
        every = {name: None for row in ROWS[table] for name in row} | {"quarter": "2024-Q1"}
        opened.insert(metadata.tables[table], [every | row for row in ROWS[table]])
    for seed in project.seeds.values():
        opened.build_seed(seed)
    for model in project.ordered_models():
        if model.stage in ("staging", "registry"):
            opened.build_model(model, project.render(model, opened.target))
    yield opened
    opened.close()


def test_every_broken_rule_is_listed(warehouse: DuckDBWarehouse) -> None:
    listed: dict[tuple[str, int], set[str]] = {}
    for row in warehouse.arrow("select file, position, rule from quarantine").to_pylist():
        listed.setdefault((row["file"], row["position"]), set()).add(row["rule"])
    assert listed == LISTED


def test_a_row_counts_once(warehouse: DuckDBWarehouse) -> None:
    counted = warehouse.arrow(
        "select file, received, accepted, superseded, quarantined from ledger"
    ).to_pylist()
    assert {row["file"]: tuple(row.values())[1:] for row in counted} == COUNTED
