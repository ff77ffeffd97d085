"""Who is counted when: windows, horizons, deaths and the order of files, worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from naome_tests.transform.few import FIRST, LAST_DAY, Few, after

BOTH = {"geography_type": "england_and_wales"}
ANY = {"presentation": "all", "modality": "any", **BOTH}


def test_windows_are_of_3_12_and_36_months(few: Few) -> None:
    for day in ("2023-12-31", "2023-10-01", "2023-09-30", "2023-01-01", "2022-12-31", "2021-01-01",
                "2020-12-31", "2024-01-01"):  # fmt: skip
        few.england(day, date.fromisoformat(day))
    asked = {"indicator": "incidence", "quarter": "2023-Q4", "presentation": "all", **BOTH}
    assert few.rows("indicator", "period, numerator", **asked) == [
        ("quarter", 2),
        ("rolling_12m", 4),
        ("rolling_36m", 6),
    ]


def test_a_window_is_complete_from_the_first_quarter_that_fills_it(few: Few) -> None:
    found = {
        period: [quarter for (quarter,) in few.rows(
            "reporting_window", "quarter", period=period, complete="true"
        )]
        for period in ("quarter", "rolling_12m", "rolling_36m")
    }  # fmt: skip
    assert (found["quarter"][0], len(found["quarter"])) == ("2023-Q1", 8)
    assert (found["rolling_12m"][0], len(found["rolling_12m"])) == ("2023-Q4", 5)
    assert found["rolling_36m"] == []


def living(few: Few, **where: str) -> dict[str, int]:
    """People living with MBC at the end of 2023, by years since then."""
    kind = {"sex": "all", "age_band": "all", "presentation": "all", **BOTH} | where
    rows = few.rows("prevalence", "years_since_mbc, people", quarter="2023-Q4", **kind)
    return dict(rows)


def test_the_living_are_those_who_outlive_the_day_of_counting(few: Few) -> None:
    for person, died in (("on it", "2023-12-31"), ("after it", "2024-01-01")):
        few.england(person)
        few.death(person, date.fromisoformat(died))
    few.england("diagnosed on it", date(2023, 12, 31))
    few.england("diagnosed after it", date(2024, 1, 1))
    assert living(few)["all"] == 2


def test_years_since_mbc_are_completed_ones(few: Few) -> None:
    """Of two who differ by a day, one has completed the year."""
    for year in (2018, 2020, 2022):
        few.england(f"{year} completed", date(year, 12, 31))
        few.england(f"{year} not completed", date(year + 1, 1, 1))
    assert living(few) == {"<1": 1, "1-<3": 2, "3-<5": 2, "5+": 1, "all": 6}


def test_people_are_as_old_as_on_the_day_of_counting(few: Few) -> None:
    few.england("39", birth_date=date(1984, 1, 1))
    few.england("40", birth_date=date(1983, 12, 31))
    assert living(few, age_band="0-39")["all"] == 1
    assert living(few, age_band="40-49")["all"] == 1


def test_a_death_is_what_was_registered_last(few: Few) -> None:
    few.england("a")
    few.death("a", after(400), registered=date(2024, 6, 2))
    few.death("a", after(100), registered=date(2024, 6, 1))
    assert few.rows("mbc_cohort", "death_date", person_id="a") == [(after(400),)]
    assert few.figures("survival_1y") == (0, 1)


def test_who_dies_on_the_last_day_asked_for_has_died(few: Few) -> None:
    few.england("on it")
    few.death("on it", after(365))
    few.england("after it")
    few.death("after it", after(366))
    assert few.figures("survival_1y") == (1, 2)


def times(few: Few, columns: str, **where: str) -> tuple[object, ...]:
    asked = {"quarter": "2023-Q1", "period": "quarter", **ANY} | where
    (row,) = few.rows("time_to_treatment", columns, **asked)
    return row


def test_a_wait_of_31_and_of_62_days_is_in_time(few: Few) -> None:
    for days in (31, 32, 62, 63):
        few.treatment(few.england(f"{days} days"), after(days), "01")
    assert times(few, "treated, within_31d, within_62d") == (4, 1, 3)


@pytest.mark.parametrize(("days", "eligible"), [(31, (1, 0)), (30, (0, 0)), (62, (1, 1))])
def test_only_who_is_followed_for_the_wait_is_asked_for_it(
    few: Few, days: int, eligible: tuple[int, int]
) -> None:
    few.england("a", date.fromordinal(LAST_DAY.toordinal() - days))
    assert times(few, "eligible_31d, eligible_62d", quarter="2024-Q4") == eligible


def test_a_quartile_is_reached_on_the_day_on_which_a_quarter_is_treated(few: Few) -> None:
    for days in (10, 20, 30, 40):
        few.treatment(few.england(f"{days} days"), after(days), "01")
    quartiles = "lower_quartile_days, median_days, upper_quartile_days"
    assert times(few, quartiles) == (10, 20, 30)


def test_who_is_lost_on_a_day_was_waiting_on_it(few: Few) -> None:
    """Of two, one is treated on day 20 and one followed up to it: half are treated by then."""
    start = date(2024, 12, 11)
    few.treatment(few.england("treated", start), LAST_DAY, "01")
    few.england("lost", start)
    asked = "censored, median_days, upper_quartile_days"
    assert times(few, asked, quarter="2024-Q4") == (1, 20, None)


def test_the_first_treatment_of_a_day_is_surgery(few: Few) -> None:
    """Ruling F6; and what follows the death does not count."""
    both = few.england("both")
    few.treatment(both, after(5), "03", number=1)
    few.treatment(both, after(5), "01", number=2)
    few.treatment(few.england("dead before"), after(9), "01")
    few.death("dead before", after(8))
    assert times(few, "treated, died_untreated, patients") == (1, 1, 2)
    assert times(few, "treated", modality="surgery") == (1,)


def test_people_are_followed_to_the_last_file_of_their_nation(few: Few) -> None:
    """Wales sent nothing for the last quarter: its people are lost where its files end."""
    few.withdraw("wales_tumour", "2024-Q4")
    few.england("English", date(2024, 9, 1))
    few.wales("Welsh", date(2024, 9, 1), file="wales_tumour 2024-Q3")
    asked = {"presentation": "all", "modality": "any", "period": "quarter", "quarter": "2024-Q3"}
    for nation, eligible in (("England", 1), ("Wales", 0)):
        rows = few.rows(
            "time_to_treatment", "patients, eligible_31d", geography_name=nation, **asked
        )
        assert rows == [(1, eligible)]
    # Nor are they in a quarter that their nation did not send.
    year = {"quarter": "2024-Q4", "period": "rolling_12m", "presentation": "all", **BOTH}
    assert few.rows("cns_access", "patients", **year) == [(1,)]


def test_contact_is_of_those_recorded_and_of_the_living_record(few: Few) -> None:
    """Seen beats not seen within an event (ruling A3); certificates have no contact (D10)."""
    few.england("both", cns_indication="NN")
    few.england("both", after(1), cns_indication="Y1")
    few.england("not seen", cns_indication="NI")
    few.england("no answer")
    few.england("certificate alone", basis_of_diagnosis="0", cns_indication="NN")
    asked = {"quarter": "2023-Q1", "period": "quarter", "presentation": "all", **BOTH}
    (row,) = few.rows(
        "cns_access",
        "patients, recorded, seen, completeness_pct, seen_pct_of_recorded, seen_pct_of_patients",
        **asked,
    )
    assert row == (3, 2, 1, pytest.approx(200 / 3), 50, pytest.approx(100 / 3))


def test_the_record_sent_last_replaces_the_one_before(few: Few) -> None:
    few.england("a", cns_indication="NN")
    few.england("a", file="cosd 2024-Q3", cns_indication="Y1")
    assert few.rows("registry_record", "cns_contact", person_id="a") == [("not_seen",)]


def test_the_administration_sent_last_replaces_the_one_before(few: Few) -> None:
    few.england("a")
    few.sact("a", FIRST, "PACLITAXEL", "01")
    few.sact("a", FIRST, "PACLITAXEL", "02")
    assert few.figures("mortality_30d_after_sact") == (0, 1)


def test_two_administrations_of_different_days_are_two(few: Few) -> None:
    few.england("a")
    for day in (0, 40):
        few.sact("a", after(day), "PACLITAXEL", regimen=after(0))
    few.death("a", after(50))
    assert few.rows("judged_sact", "count(*)", disposition="accepted") == [(2,)]
    assert few.figures("mortality_30d_after_sact") == (1, 1)


@pytest.mark.parametrize(("days", "is_seen"), [(62, True), (63, False)])
def test_a_record_of_62_days_later_is_of_the_same_event(few: Few, days: int, is_seen: bool) -> None:
    few.england("a", cns_indication="NN")
    few.england("a", after(days), cns_indication="Y1")
    found = few.rows("mbc_cohort", "cns_contact", person_id="a")
    assert found == [("seen" if is_seen else "not_seen",)]


def test_a_nation_is_where_the_diagnosis_was_made(few: Few) -> None:
    few.england("sent on", diagnosis_site="7A4")
    few.england("English", diagnosis_site="RTH")
    found = few.rows("mbc_cohort", "person_id, nation", presentation="de_novo")
    assert found == [("English", "England"), ("sent on", "Wales")]


def test_a_rate_is_a_year(few: Few) -> None:
    """A quarter of a year has a quarter of the population's years."""
    few.england("a")
    few.england("b", date(2023, 5, 1))
    rows = few.rows(
        "indicator",
        "period, value * denominator / numerator",
        indicator="incidence_rate",
        quarter="2023-Q4",
        presentation="all",
        geography_name="England",
    )
    assert dict(rows)["rolling_12m"] == pytest.approx(100_000)
    assert dict(rows)["rolling_36m"] == pytest.approx(100_000 / 3)
