"""How well items are recorded, counted by hand on a few records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from naome_assets.quarters import Quarter
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.pipeline.audit import audit, rows
from naome_tests.sources.support import put

HEADER = (
    "record_id,extract_created,nhs_number,local_patient_identifier,birth_date,sex,provider,pathway,"
    "icd10,event_date,laterality,cns_indication,metastatic_type,metastatic_sites\n"
)
FIRST = "wales/registry/2023-Q1/7A1_tumour.csv"
SECOND = "wales/registry/2023-Q2/7A1_tumour.csv"


def tumour(
    number: int, date: str, *, laterality: str = "L", cns: str = "Y1", pathway: str = "primary"
) -> str:
    """A Welsh row; people are distinguished by their local identifier."""
    return (
        f"r{number},20230630T100000,,P{number},19600101,F,7A1,{pathway},C50,{date},"
        f"{laterality},{cns},,\n"
    )


@pytest.fixture(scope="module")
def quality(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, ...], Any]]:
    """Rows of the table by quarter, period, geography and item."""
    landing: Path = tmp_path_factory.mktemp("landing")
    put(
        landing,
        FIRST,
        HEADER
        + tumour(1, "20230110")
        + tumour(2, "20230111", laterality="9", cns="99")
        + tumour(3, "20230112", laterality="Q", cns="")
        + tumour(4, "", cns="NN")  # No date: refused, and it still stands.
        + tumour(5, "20230114", pathway="recurrence"),
    )
    put(
        landing,
        SECOND,
        HEADER
        + tumour(1, "20230110", cns="")  # Replaces the first: only this one counts.
        + tumour(6, "20230410"),
    )
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    audit(warehouse, landing, Quarter(2023, 1), Quarter(2023, 2))
    yield {
        (row["quarter"], row["period"], row["geography_code"], row["item"]): row
        for row in rows(warehouse, "data_quality")
        if row["source"] == "all"
    }
    warehouse.close()


def counts(row: dict[str, Any]) -> tuple[int, int, int]:
    return row["records"], row["given"], row["valid"]


@pytest.mark.parametrize("place", ["K04000001", "W92000004", "7A1"])
def test_not_known_is_not_given_and_unlisted_is_not_valid(
    quality: dict[tuple[str, ...], Any], place: str
) -> None:
    assert counts(quality["2023-Q1", "quarter", place, "laterality"]) == (3, 2, 1)


def test_an_item_counts_the_records_it_applies_to(quality: dict[tuple[str, ...], Any]) -> None:
    assert counts(quality["2023-Q1", "quarter", "7A1", "cns_indication"]) == (4, 2, 2)
    assert counts(quality["2023-Q1", "quarter", "7A1", "diagnosis_date"]) == (3, 2, 2)
    assert counts(quality["2023-Q1", "quarter", "7A1", "recurrence_date"]) == (1, 1, 1)


def test_a_refused_record_is_received_and_not_accepted(quality: dict[tuple[str, ...], Any]) -> None:
    """The first quarter: one has no date, three (all but a local identifier) an unlisted code."""
    assert counts(quality["2023-Q1", "quarter", "7A1", "record"]) == (4, 3, 2)


def test_a_replaced_record_counts_no_more(quality: dict[tuple[str, ...], Any]) -> None:
    second = quality["2023-Q2", "quarter", "7A1", "cns_indication"]
    assert counts(second) == (2, 1, 1)
    assert second["change_since_quarter_before"] == pytest.approx(0)


def test_twelve_months_hold_both_quarters(quality: dict[tuple[str, ...], Any]) -> None:
    year = quality["2023-Q2", "rolling_12m", "7A1", "cns_indication"]
    assert counts(year) == (6, 3, 3)
    assert year["completeness_pct"] == 50
    assert not year["complete"]
