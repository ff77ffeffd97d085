"""People by each method, and why, of a few people worked out by hand (rulings H28 to H31)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.transform.hospital_rows import Hospital, Someone

D = date(2021, 5, 10)
BREAST = ("C795", "C509")
COUNTS = (
    "people_registry",
    "people_registry_hospital",
    "people_broad",
    "added_hes",
    "added_pedw",
    "added_rtds",
    "added_cwt",
    "moved_earlier",
    "median_days_earlier",
    "reclassified",
    "unconfirmed",
    "unattributed",
    "no_primary_on_file",
    "unlinked_people",
)
WELSH = {"source": "pedw", "provider": "7A4"}


def send(few: Hospital) -> None:
    few.someone("record").record(D, "C509", "recurrence", "03")
    few.someone("hes").episode(D, *BREAST)
    few.someone("rtds").course(D)
    few.someone("cwt").waiting(D)
    few.someone("pedw").episode(D, *BREAST, **WELSH)
    # The record is 121 days later, after the index date of the first quarter of 2024.
    moved = few.someone("moved")
    moved.episode(date(2024, 2, 1), *BREAST)
    moved.record(date(2024, 6, 1), "C509", "recurrence", "03")
    # De novo by its admission, 1,165 days before its record.
    reclassified = few.someone("reclassified", stage=None)
    reclassified.episode(date(2018, 3, 2), *BREAST)
    reclassified.record(D, "C509", "recurrence", "03")
    # Dead on every index date asked for.
    dead = few.someone("dead")
    dead.episode(D, *BREAST)
    dead.death(date(2022, 1, 1))
    few.someone("unconfirmed").episode(D, "C795")
    explained = few.someone("unattributed")
    explained.episode(date(2020, 1, 1), "C795")
    explained.episode(D, "C795")
    explained.record(date(2021, 5, 1), "C189")
    later = few.someone("unconfirmed from Q4")
    later.episode(date(2024, 11, 1), "C795")
    few.someone("no primary", primary=False).episode(D, *BREAST)
    few.someone("no primary, breast not named", primary=False).episode(D, "C795", "C189")
    for number in (1, 2):
        Someone(few, "").episode(
            D, *BREAST, person_id=None, source_person_id="same", spell=f"{number}"
        )
    Someone(few, "").course(D, person_id=None, source_person_id="another")
    Someone(few, "").waiting(D, "01", person_id=None, source_person_id="a first treatment")
    Someone(few, "").episode(D, *BREAST, person_id=None, source_person_id="Welsh", **WELSH)


@pytest.fixture(scope="module")
def both() -> Iterator[Hospital]:
    """Both nations have hospital data."""
    few = Hospital(DuckDBWarehouse(duckdb.connect(":memory:")), nations=("England", "Wales"))
    send(few)
    yield few
    few.warehouse.close()


def compared(few: Hospital, quarter: str, nation: str, **where: str) -> dict[str, Any] | None:
    """The counts of a row that are not 0, by name; none without a row."""
    asked = {"sex": "all", "age_band": "all", "presentation": "all"} | where
    rows = few.rows("method_comparison", ", ".join(COUNTS), quarter=quarter, nation=nation, **asked)
    assert len(rows) <= 1
    return {k: v for k, v in zip(COUNTS, rows[0], strict=True) if v} if rows else None


def test_england_at_the_end_of_the_first_quarter(both: Hospital) -> None:
    assert compared(both, "2024-Q1", "England") == {
        "people_registry": 2,
        "people_registry_hospital": 6,
        "people_broad": 8,
        "added_hes": 1,
        "added_rtds": 1,
        "added_cwt": 1,
        "moved_earlier": 1,
        "median_days_earlier": (121 + 1166) / 2,
        "reclassified": 1,
        "unconfirmed": 1,
        "unattributed": 1,
        "no_primary_on_file": 1,
        "unlinked_people": 2,
    }


def test_who_was_moved_is_counted_by_both_once_the_record_is_there(both: Hospital) -> None:
    found = compared(both, "2024-Q4", "England")
    assert found is not None
    assert found["people_registry"] == 3
    assert found["people_registry_hospital"] == 6
    assert "moved_earlier" not in found
    assert found["unconfirmed"] == 2


def test_wales_and_both(both: Hospital) -> None:
    assert compared(both, "2024-Q4", "Wales") == {
        "people_registry_hospital": 1,
        "people_broad": 1,
        "added_pedw": 1,
        "unlinked_people": 1,
    }
    found = compared(both, "2024-Q4", "all")
    assert found is not None
    assert (found["people_registry_hospital"], found["unlinked_people"]) == (7, 3)


def test_counts_of_a_presentation_are_of_the_method_s_own(both: Hospital) -> None:
    de_novo = compared(both, "2024-Q4", "England", presentation="de_novo")
    assert de_novo == {
        "people_registry_hospital": 1,
        "people_broad": 1,
        "median_days_earlier": 1166,
        "reclassified": 1,
    }
    recurrent = compared(both, "2024-Q4", "England", presentation="recurrent")
    assert recurrent is not None
    assert (recurrent["people_registry"], recurrent["people_registry_hospital"]) == (3, 5)


def test_by_sex_nobody_without_a_primary_is_counted(both: Hospital) -> None:
    found = compared(both, "2024-Q4", "England", sex="unknown")
    assert found is not None
    assert found["unconfirmed"] == 2
    assert not {"no_primary_on_file", "unlinked_people"} & set(found)


def test_prevalence_has_the_totals_of_places_alone(both: Hospital) -> None:
    columns = "sex, age_band, presentation, years_since_mbc, people"
    where = {"quarter": "2024-Q4", "geography_code": "RTH"}
    by_hospital = both.rows("prevalence", columns, method="registry_hospital", **where)
    assert by_hospital == [("all", "all", "all", "all", 6)]
    assert len(both.rows("prevalence", columns, method="registry", **where)) > 1
    nation = where | {"geography_code": "E92000001"}
    assert len(both.rows("prevalence", columns, method="registry_hospital", **nation)) > 1


def test_look_back_is_the_later_of_both(both: Hospital) -> None:
    rows = both.rows(
        "method_comparison", "distinct look_back_start, diagnosis_positions", nation="all"
    )
    assert rows == [(date(2016, 4, 1), 20)]


def test_rows_of_a_nation_without_hospital_data_are_absent() -> None:
    """Ruling H28: nor are there any of both together."""
    few = Hospital(DuckDBWarehouse(duckdb.connect(":memory:")))
    send(few)
    few.wales("Welsh")
    assert compared(few, "2024-Q4", "Wales") is None
    assert compared(few, "2024-Q4", "all") is None
    assert compared(few, "2024-Q4", "England") is not None
    places = few.rows("prevalence", "distinct geography_code", method="registry_hospital")
    assert places == [("E56000034",), ("E92000001",), ("RTH",)]
    places = few.rows("prevalence", "distinct geography_code", method="registry")
    assert ("K04000001",) in places
    few.warehouse.close()


def test_without_hospital_data_everything_is_of_the_registry() -> None:
    few = Hospital(DuckDBWarehouse(duckdb.connect(":memory:")), nations=())
    send(few)
    assert few.rows("method_comparison", "quarter") == []
    for table in ("mbc_cohort", "mbc_event", "prevalence"):
        assert few.rows(table, "distinct method") == [("registry",)]
    columns = [column for column, _ in few.warehouse.columns("registry_cohort")]
    listed = ", ".join(columns)
    assert few.rows("mbc_cohort", listed) == few.rows("registry_cohort", listed)
    few.warehouse.close()


def by_method(few: Hospital, indicator: str, method: str, quarter: str = "2024-Q1") -> Any:
    """Numerator, denominator and number at risk of England in twelve months; none without a row."""
    where = {"indicator": indicator, "method": method, "quarter": quarter, "presentation": "all"}
    where |= {"geography_code": "E92000001", "period": "rolling_12m"}
    rows = few.rows("indicator", "numerator, denominator, at_risk", **where)
    return rows[0] if rows else None


def test_new_people_by_method(both: Hospital) -> None:
    """The admission of February 2024, and the record of June."""
    assert by_method(both, "incidence", "registry") is None
    assert by_method(both, "incidence", "registry_hospital") == (1, None, None)
    assert by_method(both, "recurrent_share", "registry_hospital") == (1, 1, None)
    assert by_method(both, "survival_1y", "registry_hospital") == (0, 1, 0)
    # Of seven living one is de novo.
    assert by_method(both, "recurrent_share_of_living", "registry_hospital") == (5, 6, None)
    assert by_method(both, "incidence", "registry", "2024-Q4") == (1, None, None)


def test_indicators_of_care_are_of_the_registry_alone(both: Hospital) -> None:
    rows = both.rows("indicator", "distinct indicator", method="registry_hospital")
    assert {indicator for (indicator,) in rows} == {
        "incidence",
        "incidence_rate",
        "recurrent_share",
        "recurrent_share_of_living",
        "survival_1y",
        "survival_3y",
    }
    places = both.rows("indicator", "distinct geography_type", method="registry_hospital")
    assert places == [("england_and_wales",), ("nation",)]
