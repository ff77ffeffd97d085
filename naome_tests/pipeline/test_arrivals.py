"""In whatever order files arrive and runs go: the tables end as after one run over all."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from naome_assets.quarters import Quarter
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.sources.support import LOCAL_IDENTIFIER, NHS_NUMBER, V9_BREAST, cosd

from .audit import audit, rows

FIRST, LAST = Quarter(2024, 1), Quarter(2024, 2)
_FIGURES = ("prevalence", "cns_access", "time_to_treatment")
_TABLES = ("ledger", "quarantine", "mbc_cohort", "mbc_event", *_FIGURES)


def _document(created: str, *records: str) -> str:
    return cosd(*records).replace("2024-02-20T10:15:00", created)


_DISTANT = V9_BREAST.replace("C50.4", "C50.9")
#: Another person, with de novo MBC and a treatment. Corrected later: nurse contact and the day
#: of the treatment.
_OTHER_NUMBER = "9990000018"
_METASTATIC = (
    V9_BREAST.replace(NHS_NUMBER, _OTHER_NUMBER)
    .replace(LOCAL_IDENTIFIER.lower(), "b2")
    .replace(
        "</LinkageDiagnosticDetails>",
        "</LinkageDiagnosticDetails><Diagnosis><MetastaticTypeAndSiteDiagnosis>"
        '<MetastaticType code="03"/></MetastaticTypeAndSiteDiagnosis></Diagnosis>',
    )
    .replace(
        "</BreastRecord>",
        "<ClinicalNurseSpecialistAndRiskFactorAssessments>"
        '<ClinicalNurseSpecialistIndicationCode code="NN"/>'
        "</ClinicalNurseSpecialistAndRiskFactorAssessments>"
        "<Treatment><TreatmentStartDateCancer>2024-02-25</TreatmentStartDateCancer>"
        '<CancerTreatmentModalityRegistration code="02"/></Treatment></BreastRecord>',
    )
)
_CORRECTED = _METASTATIC.replace('"NN"', '"Y1"').replace("2024-02-25", "2024-01-25")
_ARRIVALS = (
    ("england/cosd/R0A/2024-01/a.xml", _document("2024-02-20T10:15:00", V9_BREAST)),
    ("england/cosd/R0A/2024-01/same.xml", _document("2024-02-20T10:15:00", V9_BREAST)),
    ("england/cosd/R0A/2024-04/late.xml", _document("2024-05-20T10:15:00", V9_BREAST, _DISTANT)),
    ("england/cosd/R0A/2024-04/late.xml", "<broken"),
    ("england/cosd/R0A/2024-01/a.xml", None),
    ("england/cosd/R0A/2024-01/a.xml", _document("2024-06-20T10:15:00", _DISTANT)),
    ("england/cosd/R0A/2024-01/mbc.xml", _document("2024-03-21T10:15:00", _METASTATIC)),
    ("england/cosd/R0A/2024-04/mbc.xml", _document("2024-05-21T10:15:00", _CORRECTED)),
    ("england/cosd/R0A/2024-02/notes.txt", "x"),
    ("stray.txt", "x"),
)


def _tables(warehouse: DuckDBWarehouse) -> dict[str, list[str]]:
    return {table: sorted(str(row) for row in rows(warehouse, table)) for table in _TABLES}


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_arrivals_and_runs_is_of_no_consequence(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    landing = tmp_path / "landing"
    arrivals: list[Any] = chance.sample(_ARRIVALS, len(_ARRIVALS))
    step_by_step = DuckDBWarehouse.connect(tmp_path / "steps.duckdb")
    for number, (name, content) in enumerate(arrivals):
        path = landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            path.unlink(missing_ok=True)
        else:
            path.write_text(content)
        if number % 3 == seed % 3:
            audit(step_by_step, landing, FIRST, chance.choice((FIRST, LAST)))
    # The last run covers every quarter that has changed since it was last run.
    audit(step_by_step, landing, FIRST, LAST)
    at_once = DuckDBWarehouse.connect(tmp_path / "once.duckdb")
    audit(at_once, landing, FIRST, LAST)
    told = _tables(at_once)
    assert all(told[table] for table in _FIGURES), "nothing would be compared"
    assert _tables(step_by_step) == told
    files = [row["file"] for row in rows(at_once, "ledger")]
    assert sorted(files) == sorted(
        path.relative_to(landing).as_posix() for path in landing.rglob("*") if path.is_file()
    )
    assert len(files) == len(set(files))
    for row in rows(at_once, "ledger"):
        parts = ("accepted", "superseded", "out_of_scope", "quarantined")
        assert row["received"] == sum(row[name] for name in parts)


def _figures(warehouse: DuckDBWarehouse) -> tuple[Any, ...]:
    """(patients, seen), (patients, treated within 31 days), people with MBC; of 2024-Q1."""
    national = "geography_type = 'england_and_wales' and quarter = '2024-Q1'"
    seen = warehouse.query(
        f"select patients, seen from cns_access where {national} "
        "and presentation = 'all' and period = 'quarter'"
    )
    treated = warehouse.query(
        f"select patients, within_31d from time_to_treatment where {national} "
        "and presentation = 'all' and period = 'quarter' and modality = 'any'"
    )
    people = warehouse.query(
        f"select people from prevalence where {national} and presentation = 'all' "
        "and sex = 'all' and age_band = 'all' and years_since_mbc = 'all'"
    )
    return tuple(tuple(frame.iloc[0].tolist()) for frame in (seen, treated, people))


def _put(landing: Path, name: str, content: str) -> None:
    path = landing / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def test_a_correction_changes_the_figures_and_an_omission_does_not(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    warehouse = DuckDBWarehouse.connect(tmp_path / "w.duckdb")
    first = _document("2024-03-21T10:15:00", _METASTATIC, V9_BREAST)
    _put(landing, "england/cosd/R0A/2024-01/mbc.xml", first)
    audit(warehouse, landing, FIRST, LAST)
    assert _figures(warehouse) == ((1, 0), (1, 0), (1,))
    corrected = _document("2024-05-21T10:15:00", _CORRECTED)
    _put(landing, "england/cosd/R0A/2024-04/mbc.xml", corrected)
    audit(warehouse, landing, LAST, LAST)
    assert _figures(warehouse) == ((1, 1), (1, 1), (1,))
    # A later file of the provider that leaves her out: nobody is deleted.
    _put(landing, "england/cosd/R0A/2024-05/next.xml", _document("2024-06-21T10:15:00", _DISTANT))
    audit(warehouse, landing, LAST, LAST)
    assert _figures(warehouse) == ((1, 1), (1, 1), (1,))
    assert len(rows(warehouse, "person")) == 2


def test_the_same_bytes_again_say_so_in_the_ledger(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    warehouse = DuckDBWarehouse.connect(tmp_path / "w.duckdb")
    sent = _document("2024-02-20T10:15:00", V9_BREAST)
    for name in ("a.xml", "b.xml"):
        _put(landing, f"england/cosd/R0A/2024-01/{name}", sent)
    _put(landing, "england/cosd/R0A/2024-01/c.xml", sent.replace("10:15", "10:16"))
    audit(warehouse, landing, FIRST, FIRST)
    told = {Path(row["file"]).name: row for row in rows(warehouse, "ledger")}
    assert "same_content" not in (told["a.xml"]["reason"] or "")
    assert told["b.xml"]["reason"].endswith(
        "same_content: same content as england/cosd/R0A/2024-01/a.xml"
    )
    assert "same_content" not in (told["c.xml"]["reason"] or "")
    stood = {name: (row["accepted"], row["superseded"]) for name, row in told.items()}
    assert stood == {"a.xml": (0, 1), "b.xml": (0, 1), "c.xml": (1, 0)}
