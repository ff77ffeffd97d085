"""Figures worked out from published counts, by hand."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from naome_assets.contract.published_tables import TABLE
from naome_assets.disclosure import derived
from naome_assets.disclosure.suppression import load_profile, load_profiles
from naome_assets.transform.project import load_project

HES = load_profile("nhs_england_hes")
Z = 1.959963984540054
METHOD = derived.Method(10, 1e-9, Z, 3.090232306167813)
#: Nothing is rounded and nothing is small.
EXACT = dataclasses.replace(HES, small_to=0, round_to=1)


def counted(columns: dict[str, list[object]]) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    for name, own in frame.items():
        if own.dropna().map(lambda value: type(value) is int).all():
            frame[name] = own.astype("Int64")
    return frame


def test_byar_of_65_events_by_hand() -> None:
    """65 x (1 - 1/585 - 1.96 / (3 sqrt 65))^3, and 66 x (1 - 1/594 + 1.96 / (3 sqrt 66))^3."""
    lower, upper = derived.byar(pd.Series([65, 0, None], dtype="Int64"), Z, EXACT)
    assert lower[0] == pytest.approx(65 * (1 - 1 / 585 - Z / (3 * math.sqrt(65))) ** 3)
    assert upper[0] == pytest.approx(66 * (1 - 1 / 594 + Z / (3 * math.sqrt(66))) ** 3)
    assert (round(lower[0], 2), round(upper[0], 2)) == (50.16, 82.85)
    assert lower[1] == 0
    # Exactly 3.689 by chi-squared; Byar comes within a hundredth of it.
    assert upper[1] == pytest.approx(3.689, abs=0.03)
    assert math.isnan(lower[2])
    assert math.isnan(upper[2])


@pytest.mark.parametrize("name", sorted(load_profiles()))
def test_limits_of_a_rounded_count_hold_those_of_every_count_behind(name: str) -> None:
    profile = load_profile(name)
    exact = derived.byar(pd.Series(range(200), dtype="Int64"), Z, EXACT)
    for published in range(10, 100, 5):
        behind = [n for n in range(profile.small_to + 1, 200)
                  if profile.rounded(np.array([n]))[0] == published]  # fmt: skip
        lower, upper = derived.byar(pd.Series([published], dtype="Int64"), Z, profile)
        assert lower[0] == pytest.approx(exact[0][behind[0]])
        assert upper[0] == pytest.approx(exact[1][behind[-1]])


def test_settings_are_those_of_the_project() -> None:
    assert derived.Method.of(load_project().variables) == METHOD


def test_a_percentage_of_nothing_is_null() -> None:
    found = derived.percentage(pd.Series([3, 0, 5]), pd.Series([4, 0, 5]))
    assert found.tolist()[::2] == [75, 100]
    assert math.isnan(found[1])


def test_contact_of_places_is_worked_out_from_published_counts() -> None:
    rows = counted(
        {
            "patients": [100, 40, 25],
            "recorded": [80, 20, None],
            "seen": [60, None, None],
            "target_pct": [90.0, 90.0, 90.0],
            "outlier": ["alarm_low", "within", "within"],
        }
    )
    found = derived.derive(TABLE["cns_access"], rows, EXACT, METHOD)
    assert found["completeness_pct"].tolist()[:2] == [80, 50]
    assert found["seen_pct_of_recorded"][0] == 75
    assert found["seen_pct_of_patients"][0] == 60
    limits = proportion_confint(60, 80, method="wilson")
    assert [found["lower_95"][0], found["upper_95"][0]] == pytest.approx(
        [100 * limit for limit in limits]
    )
    for tail, alpha in (("95", 0.05), ("998", 0.002)):
        edges = proportion_confint(72, 80, alpha=alpha, method="wilson")
        sides = [found[f"limit_{side}_{tail}"][0] for side in ("lower", "upper")]
        assert sides == pytest.approx([100 * edge for edge in edges])
    assert found["outlier"].tolist() == ["alarm_low", None, None]
    derived_columns = [
        name for name in map(str, found) if name.startswith(("limit", "lower", "upper"))
    ]
    assert found.loc[1:, derived_columns].isna().all(axis=None)


def test_quartiles_are_where_nothing_that_they_tell_is_hidden() -> None:
    base = {
        "patients": 60, "treated": 50, "within_31d": 30, "eligible_31d": 60, "within_62d": 40,
        "eligible_62d": 50, "true_people": float(HES.median_from),
    }  # fmt: skip
    without = [
        {},
        {"treated": None},
        {"patients": None},
        {"within_31d": None},
        {"within_62d": None},
        {"true_people": HES.median_from - 1.0},
        {"eligible_31d": None},
    ]
    rows = counted({name: [(base | own)[name] for own in without] for name in base})
    quartiles = ("lower_quartile_days", "median_days", "upper_quartile_days")
    for name, days in zip(quartiles, (9, 30, 44), strict=True):
        rows[name] = float(days)
    for end in ("_31d", "_62d"):
        rows[f"target_pct{end}"], rows[f"outlier{end}"] = 60.0, "within"
    found = derived.time_to_treatment(rows, EXACT, METHOD)
    for name in quartiles:
        assert found[name].notna().tolist() == [True] + [False] * 5 + [True], name
    assert (found["within_31d_pct"][0], found["within_62d_pct"][0]) == (50, 80)
    for end, part, whole in (("_31d", 30, 60), ("_62d", 40, 50)):
        limits = [100 * limit for limit in proportion_confint(part, whole, method="wilson")]
        assert [found[f"lower_95{end}"][0], found[f"upper_95{end}"][0]] == pytest.approx(limits)
        edges = proportion_confint(0.6 * whole, whole, method="wilson")
        assert found[f"limit_lower_95{end}"][0] == pytest.approx(100 * edges[0])
        assert found[f"limit_upper_95{end}"][0] == pytest.approx(100 * edges[1])
    assert found["limit_lower_95_31d"].isna().tolist() == [False, False, False, True, False, False,
                                                           True]  # fmt: skip


def test_each_unit_of_an_indicator_has_its_figures() -> None:
    rows = counted(
        {
            "unit": ["percent", "people", "percent", "percent"],
            "at_risk_stated": [False, False, True, True],
            "numerator": [30, 65, 12, None],
            "denominator": [40, None, 60, 60],
            "at_risk": [None, None, 40, 40],
            "true_people": [40.0, 65.0, 60.0, 60.0],
            "value": [1.0, 1.0, 80.4, 80.4],
            "lower_95": [1.0, 1.0, 70.6, 70.6],
            "upper_95": [1.0, 1.0, 88.5001, 88.5],
            "target_pct": [50.0, np.nan, 60.0, 60.0],
            "outlier": ["alarm_high", "within", "within", "within"],
        }
    )
    found = derived.indicator(rows, EXACT, METHOD)
    assert found["value"].tolist()[:3] == [75, 65, 80]
    assert math.isnan(found["value"][3])
    limits = [100 * limit for limit in proportion_confint(30, 40, method="wilson")]
    assert [found["lower_95"][0], found["upper_95"][0]] == pytest.approx(limits)
    assert (found["lower_95"][1], found["upper_95"][1]) == pytest.approx((50.16, 82.85), abs=0.01)
    assert (found["lower_95"][2], found["upper_95"][2]) == (71, 89)
    assert found["outlier"].tolist() == ["alarm_high", None, None, None]
    assert found["limit_lower_998"].notna().tolist() == [True, False, False, False]


def test_an_estimate_of_survival_is_on_counts_that_are_shown() -> None:
    enough = float(HES.median_from)
    rows = counted(
        {
            "deaths": [9, None, 9, 9, 9],
            "denominator": [60, 60, None, 60, 60],
            "at_risk": [40, 40, 40, None, 40],
            "true_people": [enough, enough, enough, enough, enough - 1],
            "value": [80.4] * 5,
            "lower_95": [70.6] * 5,
            "upper_95": [88.9] * 5,
        }
    )
    found = derived.survival(rows, HES, METHOD)
    for name, value in (("value", 80), ("lower_95", 71), ("upper_95", 89)):
        assert found[name][0] == value
        assert found[name][1:].isna().all()


def test_changes_look_at_the_same_place_item_and_period() -> None:
    columns = ["quarter", "period", "geography_type", "geography_code", "item", "given", "valid"]
    rows = pd.DataFrame(
        [
            ("2023-Q1", "quarter", "provider", "RA1", "sex", 20, 10),
            ("2023-Q4", "quarter", "provider", "RA1", "sex", 30, 15),
            ("2024-Q1", "quarter", "provider", "RA1", "sex", 60, 15),
            ("2024-Q1", "quarter", "provider", "RA2", "sex", 70, 70),
            ("2023-Q4", "rolling_12m", "provider", "RA1", "sex", 80, 80),
            ("2023-Q4", "quarter", "provider", "RA1", "stage", 90, 90),
        ],
        columns=columns,
    ).assign(records=100)
    found = derived.data_quality(rows, EXACT, METHOD)
    assert found["completeness_pct"].tolist() == [20, 30, 60, 70, 80, 90]
    assert found["validity_pct"].tolist() == [50, 50, 25, 100, 100, 100]
    assert found["change_since_quarter_before"].fillna(0).tolist() == [0, 0, 30, 0, 0, 0]
    assert found["change_since_year_before"].fillna(0).tolist() == [0, 0, 40, 0, 0, 0]
    limits = proportion_confint(20, 100, method="wilson")
    assert [found["lower_95"][0], found["upper_95"][0]] == pytest.approx(
        [100 * limit for limit in limits]
    )


def test_times_of_places_are_held_against_both_nations_together() -> None:
    columns = ["geography_type", "modality", "within_31d", "eligible_31d"]
    rows = pd.DataFrame(
        [
            ("nation", "any", 50, 100),
            ("nation", "any", 70, 100),
            ("nation", "surgery", 9, 9),
            ("england_and_wales", "any", 120, 200),
            ("provider", "any", 20, 100),
            ("provider", "any", 60, 100),
            ("provider", "surgery", 1, 100),
            ("provider", "any", 0, 9),
        ],
        columns=columns,
    ).assign(quarter="2024-Q1", period="rolling_12m", presentation="all")
    other = rows.assign(quarter="2024-Q2", within_31d=0)
    frame = pd.concat([rows, other], ignore_index=True)
    frame = frame.assign(within_62d=frame["eligible_31d"], eligible_62d=frame["eligible_31d"])
    found = derived.with_outliers_of_times(frame, METHOD)
    target = found["target_pct_31d"]
    assert target[[0, 3, 4, 5, 7]].tolist() == [60] * 5
    assert target[[2, 6]].isna().all()
    assert target[8] == 0
    assert found["target_pct_62d"][4] == 100
    outliers = found["outlier_31d"]
    assert outliers[[4, 5]].tolist() == ["alarm_low", "within"]
    assert outliers[[0, 3, 6, 7]].isna().all()
    for tail in ("95", "998"):
        assert found[f"limit_lower_{tail}_31d"].isna().all()
