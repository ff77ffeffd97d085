"""Bounds that sums leave: never past the truth, and as tight as sum after sum can make them."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from naome_assets.disclosure.bounds import Cells, Network

TOP = 1000


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Cells], Cells, Cells, Cells]:
    """Counts with sums that hold, and true bounds of each; the last count pads."""
    parts = draw(st.lists(st.integers(0, 9), min_size=2, max_size=8))
    true = list(parts)
    sums: list[list[int]] = []
    for _ in range(draw(st.integers(1, 6))):
        members = draw(st.lists(st.integers(0, len(true) - 1), min_size=1, max_size=4, unique=True))
        sums.append([len(true), *members])
        true.append(sum(true[member] for member in members))
    pad = len(true)
    width = max(map(len, sums))
    rows = [own + [pad] * (width - len(own)) for own in sums]
    known = [draw(st.sampled_from([0, 1, TOP])) for _ in true]
    lower = [max(value - spare, 0) for value, spare in zip(true, known, strict=True)]
    upper = [value + spare for value, spare in zip(true, known, strict=True)]
    cut = draw(st.integers(0, len(rows)))
    arrays = [np.array(part, np.int32).reshape(-1, width) for part in (rows[:cut], rows[cut:])]
    return (
        arrays,
        np.array([*true, 0], np.int32),
        np.array([*lower, 0], np.int32),
        np.array([*upper, 0], np.int32),
    )


def tightened(sums: list[Cells], lower: Cells, upper: Cells) -> tuple[Cells, Cells]:
    lower, upper = lower.copy(), upper.copy()
    Network.of(sums, len(lower)).tighten(lower, upper)
    return lower, upper


@given(worlds())
@settings(deadline=None)
def test_bounds_hold_the_truth_and_no_sum_says_more(
    world: tuple[list[Cells], Cells, Cells, Cells],
) -> None:
    sums, true, lower, upper = world
    low, high = tightened(sums, lower, upper)
    assert (low >= lower).all()
    assert (high <= upper).all()
    assert (low <= true).all()
    assert (true <= high).all()
    for own in np.concatenate(sums):
        total, parts = own[0], own[1:]
        assert low[total] >= low[parts].sum()
        assert high[total] <= high[parts].sum()
        for part in parts[parts != len(true) - 1]:
            others = parts[parts != part]
            assert low[part] >= low[total] - high[others].sum()
            assert high[part] <= high[total] - low[others].sum()


def test_what_is_known_far_away_arrives() -> None:
    """A chain: each count and the next are 10 together, and only the first is known."""
    links = 300
    counts = np.array([3, 7] * (links // 2) + [10, 0], np.int32)
    total, pad = links, links + 1
    sums = np.array([[total, link, link + 1] for link in range(links - 1)], np.int32)
    lower, upper = np.zeros(len(counts), np.int32), np.full(len(counts), TOP, np.int32)
    for known in (0, total, pad):
        lower[known] = upper[known] = counts[known]
    low, high = tightened([sums[::-1].copy()], lower, upper)
    np.testing.assert_array_equal(low, counts)
    np.testing.assert_array_equal(high, counts)


def test_without_sums_nothing_moves() -> None:
    lower, upper = np.array([0, 0], np.int32), np.array([TOP, 0], np.int32)
    low, high = tightened([], lower, upper)
    assert low.tolist() == [0, 0]
    assert high.tolist() == [TOP, 0]
