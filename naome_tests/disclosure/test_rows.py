"""Rows of places as they are published."""

from __future__ import annotations

import numpy as np
import pandas as pd

from naome_assets.disclosure.rows import groups, in_order, publish_counts, put_together
from naome_assets.disclosure.suppression import load_profile

HES = load_profile("nhs_england_hes")


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
