"""Adjusted values of places, published with the decisions on their counts."""

from __future__ import annotations

import pandas as pd
import pytest

from naome_assets.disclosure.case_mix import publish_case_mix
from naome_assets.disclosure.slices import Decisions
from naome_tests.disclosure.few_places import (
    ALLIANCE,
    ENGLAND,
    HES,
    RA2,
    RX1,
    decisions_of,
    rows,
    same,
)

PEOPLE, OBSERVED = (("time_to_treatment", "any", f"{name}_31d") for name in ("eligible", "within"))


def fits(**changes: object) -> pd.DataFrame:
    """A model of 31 days: overall 60 %, at three trusts of the alliance and none of Wales."""
    table = [
        ("2023-Q2", "rolling_12m", "RA1", "all", "within_31d", 100, 54, 50.0, 64.8),
        ("2023-Q2", "rolling_12m", "RX1", "all", "within_31d", 40, 20, 25.0, 48.0),
        ("2023-Q2", "rolling_12m", ENGLAND, "all", "within_31d", 200, 120, 120.0, 60.0),
    ]
    frame = rows(table, "indicator", "people", "observed", "expected", "adjusted_value")
    return frame.drop(columns="complete").assign(**changes)


def decided_fits() -> Decisions:
    return decisions_of(
        {(PEOPLE, 0): same(40, RA1=100, RA2=0), (OBSERVED, 0): same(20, RA1=54, RA2=0)}
    )


def test_adjusted_values_are_worked_out_from_published_counts() -> None:
    published = publish_case_mix(fits(), decided_fits(), HES).set_index("geography_code")
    assert published.loc[ENGLAND, "adjusted_value"] == 60
    ra1 = published.loc["RA1"]
    assert (ra1["people"], ra1["observed"]) == (100, 55)
    # Each of 100 is expected with 0.5; 55 of 50, times 60 %.
    assert ra1["expected"] == pytest.approx(50)
    assert ra1["adjusted_value"] == pytest.approx(66)
    rx1 = published.loc["RX1"]
    assert (rx1["people"], rx1["observed"]) == (40, 20)
    assert rx1["expected"] == pytest.approx(25)
    assert rx1["adjusted_value"] == pytest.approx(48)
    assert not published["suppressed"].any()
    # A mean share has three digits.
    third = publish_case_mix(fits(expected=[33.3333, 20, 120]), decided_fits(), HES)
    assert third.set_index("geography_code").loc["RA1", "expected"] == pytest.approx(33.3)


def test_a_model_is_hidden_where_its_counts_are() -> None:
    decisions = decided_fits()
    decisions.hidden[1][RX1, 3] = True
    published = publish_case_mix(fits(), decisions, HES).set_index("geography_code")
    assert published["suppressed"].to_dict() == {ENGLAND: False, "RA1": False, "RX1": True}
    rx1 = published.loc["RX1"]
    assert rx1["people"] == 40
    assert rx1[["observed", "expected", "adjusted_value"]].isna().all()
    decisions.hidden[0][RX1, 3] = True
    rx1 = publish_case_mix(fits(), decisions, HES).set_index("geography_code").loc["RX1"]
    assert rx1[["people", "observed", "expected", "adjusted_value"]].isna().all()


def test_rows_without_people_are_where_the_people_of_a_model_are_hidden() -> None:
    decisions = decided_fits()
    decisions.hidden[0][[RA2, RX1], 3] = True
    decisions.hidden[0][ALLIANCE, 3] = True  # Nobody fits the model to alliances here.
    published = publish_case_mix(fits(), decisions, HES).set_index("geography_code")
    assert list(published.index) == [ENGLAND, "RA1", "RA2", "RX1"]
    ra2, rx1 = published.loc["RA2"], published.loc["RX1"]
    assert (ra2["geography_name"], ra2["quarter"]) == ("B", "2023-Q2")
    columns = ["people", "observed", "expected", "adjusted_value", "suppressed"]
    assert ra2[columns].isna().tolist() == rx1[columns].isna().tolist()


def test_no_row_of_people_who_are_withheld() -> None:
    decisions = decided_fits()
    decisions.withheld[0][RX1] = True
    published = publish_case_mix(fits(), decisions, HES)
    assert set(published["geography_code"]) == {ENGLAND, "RA1"}


def test_small_counts_of_a_model_that_no_table_decides_are_hidden() -> None:
    frame = fits(indicator="mdt_discussed", people=[100, 6, 200], observed=[5, 3, 120])
    published = publish_case_mix(frame, decisions_of({}), HES).set_index("geography_code")
    assert published["observed"].isna().to_dict() == {ENGLAND: False, "RA1": True, "RX1": True}
    assert published["people"].isna().to_dict() == {ENGLAND: False, "RA1": False, "RX1": True}


def test_adjusted_survival_is_in_whole_percents_and_without_counts() -> None:
    published = publish_case_mix(fits(indicator="survival_1y"), decisions_of({}), HES)
    ra1 = published.set_index("geography_code").loc["RA1"]
    assert ra1["adjusted_value"] == 66
    assert ra1[["people", "observed", "expected"]].isna().all()


def test_models_of_windows_that_places_do_not_publish_are_left_out() -> None:
    frame = fits(quarter=["2023-Q1", "2023-Q2", "2023-Q1"])  # 12 months that are not complete
    published = publish_case_mix(frame, decided_fits(), HES)
    assert set(published["geography_code"]) == {ENGLAND, "RX1"}
