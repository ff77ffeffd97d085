"""Process limits and special causes, by hand and by another reading of the rules."""

from __future__ import annotations

import itertools
import random

import pytest

from naome_assets.statistics.process import process


def test_limits_are_those_of_the_mean_moving_range() -> None:
    """Ranges 2, 4, 2, 4 of a mean of 11: their mean is 3, so the limits are 7.98 away."""
    found = process([10, 12, 8, 10, 14, 12])
    assert found.mean == pytest.approx(11)
    assert found.ranges == (2, 4, 2, 4, 2)
    assert found.upper - found.mean == pytest.approx(2.66 * 2.8)
    assert found.mean - found.lower == pytest.approx(2.66 * 2.8)
    assert found.range_limit == pytest.approx(3.267 * 2.8)
    assert not any(found.causes)


def test_a_range_beyond_its_limit_does_not_widen_the_limits() -> None:
    """One jump of 30 among ranges of 1: the mean range of all is 3.9, of those kept 1."""
    values = [10, 11, 10, 11, 10, 11, 40, 39, 40, 39, 40]
    found = process(values)
    assert max(found.ranges) == 29
    assert found.upper - found.mean == pytest.approx(2.66)
    assert {"beyond"} <= set.union(*map(set, found.causes))


def test_each_rule_finds_its_own() -> None:
    beyond = process([5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 12])
    assert beyond.causes[-1] >= {"beyond"}
    assert not beyond.causes[0]
    seven = process([9, 10] * 4 + [9.9, 9.8, 9.9, 9.8, 9.9, 9.8, 9.9] + [9, 10, 9])
    assert [at for at, own in enumerate(seven.causes) if "shift" in own] == [*range(7, 15)]
    rising = process([5, 7, 4, 5, 6, 7, 8, 9, 5, 7, 4, 6])
    assert [at for at, own in enumerate(rising.causes) if "trend" in own] == [2, 3, 4, 5, 6, 7]
    five = process([5, 7, 4, 5, 6, 7, 8, 5, 7, 4, 6, 5])
    assert not any("trend" in own for own in five.causes)


def test_two_of_three_near_a_limit() -> None:
    values = [10.0, 11, 9] * 6 + [13.0, 11, 13] + [10, 9, 11] * 3
    found = process(values)
    near = found.mean + 2 / 3 * (found.upper - found.mean)
    assert near < 13 < found.upper
    assert [at for at, own in enumerate(found.causes) if "near" in own] == [18, 20]


def test_no_variation_is_no_special_cause() -> None:
    found = process([7.0] * 15)
    assert found.lower == found.mean == found.upper
    assert not any(found.causes)


def test_values_are_needed() -> None:
    with pytest.raises(ValueError, match="two values"):
        process([1.0])


def test_as_another_reading_of_the_rules() -> None:
    """Each value is looked at for itself: is it in any stretch of which the rule holds?"""
    draw = random.Random(7)  # noqa: S311
    seen = set()
    for _ in range(300):
        values = [round(draw.gauss(50, 3) + draw.choice((0, 0, 0.4)) * at, 1) for at in range(18)]
        found = process(values)
        spread = found.upper - found.mean
        for at, value in enumerate(values):
            expected = set()
            if not found.lower <= value <= found.upper:
                expected.add("beyond")
            for size, cause in ((7, "shift"), (6, "trend"), (3, "near")):
                for start in range(max(0, at - size + 1), min(at, len(values) - size) + 1):
                    part = values[start : start + size]
                    for sign in (1, -1):
                        moved = [sign * (own - found.mean) for own in part]
                        steps = [sign * (b - a) for a, b in itertools.pairwise(part)]
                        high = [own > 2 / 3 * spread for own in moved]
                        if (
                            (cause == "shift" and min(moved) > 0)
                            or (cause == "trend" and min(steps) > 0)
                            or (cause == "near" and sum(high) >= 2 and high[at - start])
                        ):
                            expected.add(cause)
            assert found.causes[at] == expected, (values, at)
            seen |= expected
    assert seen == {"beyond", "shift", "trend", "near"}
