"""Corners of the method book that random worlds seldom reach, from landing folder to tables.

The figures are worked out by hand; the independent implementation has to give them as well.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from naome_assets.checks.great_expectations_adapter import evaluate
from naome_assets.checks.suites import SUITES
from naome_assets.quarters import Quarter
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.oracle import compute
from naome_tests.oracle.submissions import (
    NHS_NUMBERS,
    Administration,
    cosd_v8,
    cosd_v9,
    cosd_v10,
    primary,
    recurrence,
    sact,
    wales_tumour,
)

from .audit import audit, rows

QUARTER = Quarter(2024, 1)
ANN, BEA, CAT, DOT = NHS_NUMBERS[:4]


@pytest.mark.parametrize("days", [62, 63, 120])
def test_e2_evidence_goes_before_none_however_late_it_is(tmp_path: Path, days: int) -> None:
    """Metastatic at a diagnosis after the first evidence: the trust that said so is the place.

    R0A sorts before RHU, and its record of the same day is no evidence.
    """
    diagnosed = dt.date(2023, 6, 1) + dt.timedelta(days=days)
    day = diagnosed.isoformat()
    cosd_v9(tmp_path, "RHU", "2024-01", recurrence(ANN, date="2023-06-01", mets=[("03", "02")]))
    cosd_v9(tmp_path, "R0A", "2024-01", primary(ANN, date=day))
    cosd_v9(tmp_path, "RHU", "2024-01", primary(ANN, date=day, m="1"))
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    audit(warehouse, tmp_path, QUARTER, QUARTER)
    both = rows(warehouse, "mbc_cohort"), compute(tmp_path, QUARTER, QUARTER).mbc_cohort
    for (person,) in both:
        assert (person["mbc_date"], person["presentation"], person["provider_code"]) == (
            diagnosed,
            "de_novo",
            "RHU",
        )


def test_f5_signs_around_a_drug_name(tmp_path: Path) -> None:
    """Whatever is no letter or digit stands between words: no drug here is unrecognised."""
    drugs = {
        ANN: "ZOLEDRONIC ACID*",
        BEA: "[Letrozole]",
        CAT: "DENOSUMAB_120mg",
        DOT: 'Trastuzumab "Herceptin" - 600 mg',
    }
    cosd_v9(tmp_path, "RHU", "2024-01", *(primary(nhs, date="2024-01-09", m="1") for nhs in drugs))
    sact(tmp_path, "2024-03", *(Administration(nhs, "2024-02-01", drugs[nhs]) for nhs in drugs))
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    audit(warehouse, tmp_path, QUARTER, QUARTER)
    both = (
        rows(warehouse, "time_to_treatment"),
        compute(tmp_path, QUARTER, QUARTER).time_to_treatment,
    )
    for table in both:
        assert {
            row["modality"]: (row["patients"], row["treated"])
            for row in table
            if (row["period"], row["geography_type"], row["presentation"])
            == ("quarter", "nation", "all")
        } == {"any": (4, 2), "endocrine": (1, 1), "other_systemic": (1, 1)}


def test_g5_a_quarter_that_nobody_sent_is_not_reported(tmp_path: Path) -> None:
    """Asked for and not sent it has no row, and windows do not grow complete by it.

    An empty file reports its own nation, whose people alone are counted: an English one after
    2023-Q1 was run, a Welsh one with 2022-Q3.
    """
    cosd_v9(
        tmp_path,
        "RHU",
        "2024-01",
        primary(ANN, date="2023-02-01", m="1", cns="Y1", treatments=[("2023-02-10", "01")]),
    )
    cosd_v9(tmp_path, "RHU", "2023-12", "<BreastRecord>")  # Refused, so not sent.
    sact(tmp_path, "2023-09", Administration(ANN, "2023-02-20"))  # Not of tumours.
    wales_tumour(tmp_path, "7A4", "2022-Q3")
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))

    def reported() -> dict[str, tuple[bool, bool, int]]:
        return {
            row["quarter"]: (
                row["is_england_reported"],
                row["is_wales_reported"],
                QUARTER.year * 4 - row["first_reported_number"],
            )
            for row in rows(warehouse, "reporting_quarter")
        }

    for first in (QUARTER, Quarter(2023, 1)):
        audit(warehouse, tmp_path, first, QUARTER)
        assert reported() == {"2024-Q1": (True, False, 0)}

    def national(table: str, *columns: str) -> dict[str, tuple[int, ...]]:
        return {
            row["quarter"]: tuple(row[column] for column in columns)
            for row in rows(warehouse, table)
            if (row["geography_type"], row["presentation"]) == ("england_and_wales", "all")
            and row["period"] == "rolling_36m"
            and row.get("modality", "any") == "any"
        }

    assert national("cns_access", "patients", "complete") == {"2024-Q1": (1, False)}
    cosd_v9(tmp_path, "RHU", "2023-03")
    audit(warehouse, tmp_path, Quarter(2022, 3), Quarter(2023, 1))
    assert reported() == {
        "2022-Q3": (False, True, 6),
        "2023-Q1": (True, False, 6),
        "2024-Q1": (True, False, 6),
    }
    assert national("cns_access", "patients", "complete") == {
        "2023-Q1": (1, False),
        "2024-Q1": (1, False),
    }
    # Follow-up of the earlier quarter ends with its own run (ruling A5).
    assert national("time_to_treatment", "patients", "treated", "censored") == {
        "2023-Q1": (1, 1, 0),
        "2024-Q1": (1, 1, 0),
    }
    (note,) = {
        row["notes"]
        for row in rows(warehouse, "prevalence")
        if row["quarter"] == "2024-Q1" and row["geography_type"] == "england_and_wales"
    }
    assert note == ("Data from 2022-07-01; Wales is not reported in this quarter: not counted here")
    rate = {row["geography_name"] for row in rows(warehouse, "indicator")
            if row["indicator"] == "incidence_rate"}  # fmt: skip
    assert rate == {"England"}
    assert duckdb_checks(warehouse) == []


def duckdb_checks(warehouse: DuckDBWarehouse) -> list[str]:
    """Blocking checks on figures that do not pass."""
    asked = [rule for rule in SUITES["indicators"] if rule.is_critical]
    return [out.rule.key for out in evaluate(asked, warehouse.query) if not out.passed]


def test_d3_a_retired_site_is_distant_in_v8_alone(tmp_path: Path) -> None:
    """Site 01 without a type: distant where the list still had it, nothing in v9 and v10."""
    sent = {"date": "2024-01-09", "mets": [("", "01")]}
    old = cosd_v8(tmp_path, "RHU", "2024-01", recurrence(ANN, **sent))
    cosd_v9(tmp_path, "RHU", "2024-01", recurrence(BEA, **sent))
    cosd_v10(tmp_path, "RHU", "2024-01", recurrence(CAT, **sent))
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    audit(warehouse, tmp_path, QUARTER, QUARTER)
    (evidence,) = rows(warehouse, "evidence")
    assert evidence["file"] == old
    assert len(rows(warehouse, "mbc_cohort")) == 1
    assert len(compute(tmp_path, QUARTER, QUARTER).mbc_cohort) == 1
