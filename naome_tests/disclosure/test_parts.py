"""What disclosure control is built of, worked by hand: windows, places, rows and figures."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from naome_assets.contract.published_tables import TABLE
from naome_assets.disclosure import derived, flags
from naome_assets.disclosure.places import Places, places_of
from naome_assets.disclosure.rows import (
    groups,
    in_order,
    publish_counts,
    put_together,
)
from naome_assets.disclosure.suppression import load_profile, load_profiles
from naome_assets.disclosure.unseen import with_notes
from naome_assets.disclosure.windows import Windows
from naome_assets.transform.project import load_project

ENGLAND, WALES, BOTH = "E92000001", "W92000004", "K04000001"
HES = load_profile("nhs_england_hes")
Z = 1.959963984540054
METHOD = derived.Method(10, 1e-9, Z, 3.090232306167813)
#: Nothing is rounded and nothing is small.
EXACT = dataclasses.replace(HES, small_to=0, round_to=1)


def windows_of(first: int, last: int, missing: dict[str, str] | None = None) -> Windows:
    """Quarters from 2020-Q1, counted from 0, with every period; complete when it fits in."""
    rows = [
        (f"{2020 + n // 4}-Q{n % 4 + 1}", period, n - first + 1 >= length)
        for n in range(first, last + 1)
        for period, length in (("quarter", 1), ("rolling_12m", 4), ("rolling_36m", 12))
    ]
    return Windows.of(
        [pd.DataFrame(rows, columns=["quarter", "period", "complete"])], missing or {}
    )


def test_a_year_is_the_shared_months_and_a_quarter_on_either_side() -> None:
    people = np.array([5, 1, 7, 2, 8, 3])
    windows = windows_of(0, 5)
    years = [people[max(0, t - 3) : t + 1].sum() for t in range(6)]
    nines, makes = windows.shared()
    held = np.concatenate([people, years, [0] * 6, [1 + 7 + 2, 7 + 2 + 8]])
    assert nines.tolist() == [[18, 3, 2, 1], [19, 4, 3, 2]]
    assert makes.tolist() == [[10, 18, 4], [9, 18, 0], [11, 19, 5], [10, 19, 1]]
    for sums in (nines, makes):
        assert (held[sums[:, 0]] == held[sums[:, 1:]].sum(axis=1)).all()
    assert [len(own) for own in windows_of(0, 3).shared()] == [0, 0]


def test_windows_are_numbered_period_after_period() -> None:
    windows = windows_of(2, 6)
    assert windows.quarters == ("2020-Q3", "2020-Q4", "2021-Q1", "2021-Q2", "2021-Q3")
    rows = pd.DataFrame(
        {"quarter": ["2020-Q3", "2021-Q3", "2020-Q4"], "period": ["quarter", "rolling_12m",
                                                                 "rolling_36m"]}
    )  # fmt: skip
    assert windows.of_rows(rows).tolist() == [0, 9, 11]
    assert [windows.label(n) for n in (0, 9, 11)] == [
        ("2020-Q3", "quarter"),
        ("2021-Q3", "rolling_12m"),
        ("2020-Q4", "rolling_36m"),
    ]
    assert windows.complete.tolist() == [True] * 5 + [False] * 3 + [True] * 2 + [False] * 5


def test_a_gap_between_quarters_is_a_window_that_is_not_reported() -> None:
    frame = pd.DataFrame(
        {"quarter": ["2023-Q4", "2024-Q2"], "period": "quarter", "complete": [True, True]}
    )
    windows = Windows.of([frame, frame], {})
    assert windows.quarters == ("2023-Q4", "2024-Q1", "2024-Q2")
    assert windows.reported.tolist() == [True, False, True] + [False] * 6


def test_a_nation_that_sent_nothing_has_no_rows_in_the_windows_of_that_quarter() -> None:
    windows = windows_of(0, 2, {"2020-Q2": WALES})
    assert windows.reported_of(WALES).tolist() == [True, False, True] * 3
    assert windows.reported_of(ENGLAND).tolist() == [True] * 9
    assert windows.whole.tolist() == [True, False, True] * 3
    assert windows_of(0, 2).whole.tolist() == [True] * 9


def test_a_year_is_four_quarters_and_three_years_are_three() -> None:
    """By counting the quarters behind each window."""
    windows = windows_of(0, 15)
    chance = np.random.default_rng(1).integers(0, 99, 16)
    lengths = {"quarter": 1, "rolling_12m": 4, "rolling_36m": 12}
    counts = []
    for window in range(48):
        quarter, period = windows.label(window)
        last = windows.quarters.index(quarter)
        counts.append(int(chance[max(0, last - lengths[period] + 1) : last + 1].sum()))
    years, triples = windows.sums()
    assert (len(years), len(triples)) == (13, 5)
    for whole, *parts in [*years.tolist(), *triples.tolist()]:
        assert counts[whole] == sum(counts[part] for part in parts)
        assert len({*parts}) == len(parts)
    # Only windows that hold all their quarters are sums.
    assert [windows.label(whole)[0] for whole in triples[:, 0]] == list(windows.quarters[11:])
    assert [part.shape for part in windows_of(0, 1).sums()] == [(0, 5), (0, 4)]


LISTED = pd.DataFrame(
    [
        ("RA1", "Trust A", "E56000001"),
        ("RA2", "Trust B", "E56000001"),
        ("RX9", "Trust without an alliance", None),
        *((code, f"Board {code}", None) for code in ("7A1", "7A2", "7A3")),
    ],
    columns=["provider_code", "provider_name", "cancer_alliance_code"],
)
WELSH = ("7A1", "7A2", "7A3")
LISTS = {ENGLAND: (), WALES: WELSH}


def rows_of(*codes: str) -> pd.DataFrame:
    kinds = {"K": "england_and_wales", "E9": "nation", "W9": "nation", "E5": "cancer_alliance"}
    types = [kinds.get(code[:2], kinds.get(code[:1], "provider")) for code in codes]
    return pd.DataFrame(
        {"geography_type": types, "geography_code": codes, "geography_name": [*codes]}
    )


def parents_of(places: Places) -> dict[str, str | None]:
    return {
        code: places.codes[parent] if parent >= 0 else None
        for code, parent in zip(places.codes, places.parents, strict=True)
    }


def test_each_place_is_part_of_its_alliance_and_nation() -> None:
    frames = [rows_of(BOTH, ENGLAND, WALES, "E56000001"), rows_of("RA1", "RX9", ENGLAND, *WELSH)]
    places = places_of(frames, LISTED, LISTS)
    assert parents_of(places) == {
        "E56000001": ENGLAND,
        ENGLAND: None,
        WALES: None,
        "RA1": "E56000001",
        "RX9": ENGLAND,
        **dict.fromkeys(WELSH, WALES),
    }
    number = places.number
    nations = places.nations()
    assert {code: places.codes[nations[number[code]]] for code in places.codes} == {
        **dict.fromkeys((ENGLAND, "E56000001", "RA1", "RX9"), ENGLAND),
        **dict.fromkeys((WALES, *WELSH), WALES),
    }
    assert {code for code in places.codes if places.is_national[number[code]]} == {ENGLAND, WALES}
    assert places.has_rows.all()
    families = {
        places.codes[whole]: {places.codes[part] for part in parts if part >= 0}
        for whole, *parts in places.families().tolist()
    }
    assert families == {
        "E56000001": {"RA1"},
        ENGLAND: {"E56000001", "RX9"},
        WALES: {*WELSH},
    }


@pytest.mark.parametrize(("with_rows", "listed_too"), [(1, 2), (2, 1), (3, 0)])
def test_boards_without_people_are_places_where_fewer_than_three_have_people(
    with_rows: int, listed_too: int
) -> None:
    places = places_of([rows_of(WALES, *WELSH[:with_rows])], LISTED, LISTS)
    assert sorted(places.codes) == [*WELSH[: with_rows + listed_too], WALES]
    has = dict(zip(places.codes, places.has_rows, strict=True))
    assert [has[code] for code in WELSH] == [True] * with_rows + [False] * listed_too
    name = dict(zip(places.codes, places.names, strict=True))
    assert name["7A3"] == ("Board 7A3" if listed_too else "7A3")
    assert dict(zip(places.codes, places.types, strict=True))["7A3"] == "provider"
    assert {parents_of(places)[code] for code in WELSH} == {WALES}


def test_places_without_a_nation_have_none() -> None:
    places = places_of([rows_of("RA1", *WELSH)], LISTED, LISTS)
    assert places.nations().tolist() == [-1] * 4
    assert places.families().shape == (0, 1)


def test_counts_of_rows_are_hidden_or_rounded() -> None:
    rows = pd.DataFrame({"n": [3.0, 12.0, 0.0, np.nan, 40.0], "kept": range(5)})
    publish_counts(rows, {"n": np.array([True, False, False, False, True])}, HES)
    assert rows["n"].isna().tolist() == [True, False, False, True, True]
    assert rows["n"].dropna().tolist() == [10, 0]
    assert str(rows["n"].dtype) == "Int64"
    assert rows["kept"].tolist() == [0, 1, 2, 3, 4]


def test_national_rows_stay_and_rows_of_places_follow() -> None:
    frame = pd.DataFrame(
        {
            "geography_type": ["provider", "nation", "england_and_wales", "cancer_alliance"],
            "n": [1, 2, 3, 4],
            "only_places": [0.5, np.nan, np.nan, 0.5],
            "only_nations": [np.nan, 7.0, 8.0, np.nan],
        }
    )
    local = frame.iloc[[0, 3]].assign(n=pd.array([None, 5], "Int64"), extra=1, only_nations=None)
    together = put_together(frame, local, np.array([True, False]))
    assert list(together) == [*frame, "suppressed"]
    assert together["geography_type"].tolist() == [
        *("nation", "england_and_wales", "provider", "cancer_alliance"),
    ]
    assert together["suppressed"].tolist() == [False, False, True, False]
    assert together["suppressed"].dtype == bool
    assert together["n"].isna().tolist() == [False, False, True, False]
    assert together["only_places"].dtype == together["only_nations"].dtype == float
    assert together.index.tolist() == [0, 1, 2, 3]
    alone = put_together(frame, local.iloc[:0], np.array([], bool))
    assert alone["n"].tolist() == [2, 3]
    assert list(alone) == [*frame, "suppressed"]


def test_rows_are_in_the_order_of_what_they_are_of() -> None:
    columns = ["quarter", "period", "indicator", "geography_type", "geography_code", "presentation"]
    wanted = [
        ("2023-Q4", "rolling_12m", "a", "cancer_alliance", "E1", "all"),
        ("2023-Q4", "rolling_12m", "a", "provider", "RA1", "all"),
        ("2023-Q4", "rolling_12m", "a", "provider", "RA1", "de_novo"),
        ("2023-Q4", "rolling_12m", "a", "provider", "RA2", "all"),
        ("2023-Q4", "rolling_12m", "b", "provider", "RA1", "all"),
        ("2023-Q4", "rolling_36m", "a", "provider", "RA1", "all"),
        ("2024-Q1", "rolling_12m", "a", "provider", "RA1", "all"),
    ]
    frame = pd.DataFrame(wanted, columns=columns)
    shuffled = frame.sample(frac=1, random_state=4)
    assert not shuffled.index.is_monotonic_increasing
    pd.testing.assert_frame_equal(in_order(shuffled, frame), frame)


def test_rows_are_grouped_by_kind_and_presentation() -> None:
    rows = pd.DataFrame({"x": range(4)}, index=[9, 8, 7, 6])
    found = dict(groups(rows, np.array(["b", "a", "b", "b"]), np.array([0, 1, 0, 2])))
    assert {key: own.tolist() for key, own in found.items()} == {
        ("a", 1): [1],
        ("b", 0): [0, 2],
        ("b", 2): [3],
    }


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


def counted(columns: dict[str, list[object]]) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    for name, own in frame.items():
        if own.dropna().map(lambda value: type(value) is int).all():
            frame[name] = own.astype("Int64")
    return frame


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


def test_outliers_of_counts_by_hand() -> None:
    """Of 100 at a target of 50 the Wilson limits are 40.4 and 59.6, and 35.2 and 64.8 outside."""
    counts = np.array([35, 36, 40, 41, 59, 60, 64, 65])
    whole, target = np.full(8, 100), np.full(8, 50.0)
    found = flags.judged(counts, whole, target, 10, 1e-9, (Z, METHOD.z_998))
    assert [flags.OUTLIERS[n] for n in found] == [
        *("alarm_low", "alert_low", "alert_low", "within"),
        *("within", "alert_high", "alert_high", "alarm_high"),
    ]
    small = flags.judged(np.array([0, 0]), np.array([9, 10]), np.array([90.0] * 2), 10, 1e-9,
                         (Z, METHOD.z_998))  # fmt: skip
    assert small.tolist() == [0, 1]
    none = flags.judged(np.array([5]), np.array([50]), np.array([np.nan]), 10, 1e-9,
                        (Z, METHOD.z_998))  # fmt: skip
    assert none.tolist() == [0]
    # At a target of 100 the limit is 100 but for rounding, and who is at it is within.
    edge = flags.judged(np.array([40]), np.array([40]), np.array([100.0]), 10, 1e-9,
                        (Z, METHOD.z_998))  # fmt: skip
    assert flags.OUTLIERS[edge[0]] == "within"


def test_notes_say_whose_records_hold_an_item() -> None:
    published = pd.DataFrame(
        {
            "indicator": ["mdt_discussed", "cdk4_6_inhibitor", "sact_within_6_months",
                          "biopsy_of_metastasis"],
            "suppressed": False,
            "after": 1,
        }
    )  # fmt: skip
    sent = {
        "mdt": ["Wales wales", "England cosd", "England registry"],
        "pathology": ["England cosd"],
        "palliative_care": ["England cosd"],
        "treatment_intent": ["England cosd"],
    }
    settings = {"items_sent": sent, "drug_data_nations": ["England", "Wales"]}
    found = with_notes(published, settings)
    assert list(found) == ["indicator", "notes", "suppressed", "after"]
    assert found["notes"].tolist() == [
        "Counted are people of England and Wales with a record of COSD or Welsh registry or "
        "registry extracts only: others do not send it.",
        "Counted are people of England and Wales only.",
        *(found["notes"][2:3]),
        "Counted are people of England with a record of COSD only: others do not send it.",
    ]
    assert pd.isna(found["notes"][2])
    assert "notes" not in published
