"""Indicators worked out by hand, from submissions of a few people."""

from __future__ import annotations

from datetime import date

import pytest

from naome_tests.transform.few import FIRST, Few, after


def test_care_on_the_records_of_the_event(few: Few) -> None:
    few.england("a", mdt_meetings=1, palliative_specialist_seen="Y", cns_indication="Y1")
    few.england("b", mdt_date=FIRST, palliative_specialist_seen="N", basis_of_diagnosis="6")
    few.wales("c", palliative_specialist_seen="9", performance_status="1", ethnic_category="Z")
    few.england("v10", basis_of_diagnosis="7.2")
    few.england("d", basis_of_diagnosis="0", mdt_meetings=1)  # D10: in no indicator of care
    assert few.figures("mdt_discussed") == (2, 4)
    # Wales sends no pathology reports, so an indicator made of them cannot see its people (G3).
    assert few.figures("biopsy_of_metastasis") == (2, 3)
    assert few.figures("palliative_care_seen") == (1, 2)
    assert few.figures("completeness_palliative_care") == (2, 4)
    assert few.figures("completeness_cns") == (1, 4)
    assert few.figures("completeness_performance_status") == (1, 4)
    assert few.figures("completeness_ethnicity") == (0, 4)
    assert few.figures("completeness_stage") == (4, 4)
    assert few.figures("completeness_t_category") == (0, 4)
    assert few.figures("completeness_recurrence_date") is None
    assert few.figures("death_certificate_only") == (1, 5)
    assert few.figures("incidence") == (5, None)
    assert few.figures("recurrent_share") == (0, 5)


def test_an_early_quarter_that_is_run_again_alone_keeps_its_follow_up(few: Few) -> None:
    """As late files and `naome run` of one quarter do."""
    few.run(2, "2023-Q1", "2023-Q1")
    horizons = "england_horizon, wales_horizon"
    last = date(2024, 12, 31)
    assert few.rows("reporting_quarter", horizons, quarter="2023-Q1") == [(last, last)]
    assert few.rows("reporting_quarter", horizons, quarter="2024-Q4") == [(last, last)]


def test_histology_of_a_metastasis_in_each_version(few: Few) -> None:
    """A person a quarter: each figure is of one code."""
    expected = {"6": 1, "7": 0, "7.1": 0, "7.2": 1}
    for month, basis in zip((1, 4, 7, 10), expected, strict=True):
        few.england(basis, date(2023, month, 10), basis_of_diagnosis=basis)
    for number, people in enumerate(expected.values(), start=1):
        assert few.figures("biopsy_of_metastasis", f"2023-Q{number}") == (people, 1)


def test_sact_within_six_months(few: Few) -> None:
    few.treatment(few.england("first day"), after(-31), "02")
    few.treatment(few.england("too early"), after(-32), "02")
    few.england("last day")
    few.sact("last day", after(183), "PACLITAXEL")
    few.england("too late")
    few.sact("too late", after(184), "PACLITAXEL")
    few.treatment(few.england("endocrine alone"), after(5), "03")
    few.england("dead before")
    few.sact("dead before", after(20), "PACLITAXEL")
    few.death("dead before", after(10))
    few.wales("c", er_status="P", her2_status="N")
    few.welsh_treatment("c", after(9), "14", "02")
    few.wales("unknown", er_status="P", her2_status="X")
    # A progesterone receptor alone makes the cancer hormone-receptor positive.
    few.england("pr alone")
    few.report("pr alone", er_status="N", pr_status="P", her2_status="N1")
    assert few.figures("sact_within_6_months") == (3, 9)
    assert few.figures("sact_within_6_months_hr_positive_her2_negative") == (1, 2)
    assert few.figures("completeness_treatment") == (6, 9)
    # No Welsh source names the drugs.
    assert few.figures("cdk4_6_inhibitor") is None


def test_follow_up_must_reach_six_months(few: Few) -> None:
    few.england("reached", date(2024, 7, 1))  # 2024-12-31 is day 183
    few.england("not reached", date(2024, 7, 2))
    assert few.figures("sact_within_6_months", "2024-Q3") == (0, 1)
    assert few.figures("mdt_discussed", "2024-Q3") == (0, 2)


def test_cdk4_6_inhibitor(few: Few) -> None:
    for person in ("given", "late", "not given"):
        few.england(person)
        # Receptor status is held for the person, whichever nation sent it.
        few.wales(person, after(30), er_status="P", her2_status="N")
    few.sact("given", after(183), "PALBOCICLIB")
    few.sact("late", after(184), "PALBOCICLIB")
    few.sact("not given", after(5), "LETROZOLE")
    # A drug noted after the death was not given (ruling F8).
    few.england("dead before")
    few.wales("dead before", after(30), er_status="P", her2_status="N")
    few.sact("dead before", after(60), "PALBOCICLIB")
    few.death("dead before", after(50))
    assert few.figures("cdk4_6_inhibitor") == (1, 4)


def test_palliative_radiotherapy(few: Few) -> None:
    few.treatment(few.england("in time"), after(365), "05", "02")
    few.treatment(few.england("late"), after(366), "05")
    few.treatment(few.england("curative"), after(9), "05", "01")
    few.treatment(few.england("no radiotherapy"), after(9), "02")
    few.wales("c")
    few.welsh_treatment("c", after(9), "06", "02")
    # What is dated after the death was not given (ruling F8).
    few.treatment(few.england("dead before"), after(20), "05")
    few.death("dead before", after(10))
    assert few.figures("palliative_radiotherapy") == (2, 6)


def test_mortality_after_the_last_palliative_cycle(few: Few) -> None:
    for person, cycles, died in (
        ("within", (0, 60), 90),
        ("later", (0, 60), 91),
        ("alive", (0,), None),
        ("same day", (7,), 7),
    ):
        few.england(person)
        for day in cycles:
            few.sact(person, after(day), "PACLITAXEL")
        if died is not None:
            few.death(person, after(died))
    # Days count from the cycle, not from the start of its regimen.
    few.england("long regimen")
    few.sact("long regimen", after(60), "PACLITAXEL", regimen=after(0))
    few.death("long regimen", after(90))
    few.england("curative")
    few.sact("curative", after(3), "PACLITAXEL", "01")
    # Bone protection is no anti-cancer treatment (ruling F5): neither a last cycle nor one alone.
    few.england("bone protection later")
    few.sact("bone protection later", after(0), "PACLITAXEL")
    few.sact("bone protection later", after(60), "ZOLEDRONIC ACID")
    few.death("bone protection later", after(80))
    few.england("bone protection alone")
    few.sact("bone protection alone", after(5), "DENOSUMAB")
    assert few.figures("mortality_30d_after_sact") == (3, 6)


def test_survival_by_hand(few: Few) -> None:
    # Of four, one dies on day 100 and one on day 400; the others are followed to the end.
    for person in "abcd":
        few.england(person)
    few.death("a", after(100))
    few.death("b", after(400))
    assert few.figures("survival_1y") == (1, 4)
    row = few.warehouse.connection.execute(
        "select value, at_risk from indicator where indicator = 'survival_1y' "
        "and quarter = '2023-Q1' and period = 'quarter' and presentation = 'all' "
        "and geography_type = 'nation'"
    ).fetchone()
    assert row == (pytest.approx(75), 3)
