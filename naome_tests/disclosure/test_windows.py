"""The windows of time, and how they make one another."""

from __future__ import annotations

import numpy as np
import pandas as pd

from naome_assets.disclosure.windows import Windows

ENGLAND, WALES = "E92000001", "W92000004"


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
