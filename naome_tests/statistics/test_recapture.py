"""Capture-recapture by hand, where the truth is known, and where sources are not independent."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from naome_assets.statistics.recapture import PATTERNS, Pattern, Recapture, recapture

TRUTH = 5_000
#: The normal quantile of 0.975.
Z = 1.959963984540054


def draw(rng: np.random.Generator) -> dict[Pattern, int]:
    """People found by three sources that do not know of each other."""
    found = [rng.random(TRUTH) < chance for chance in (0.62, 0.5, 0.69)]
    return dict(Counter(zip(*(source.tolist() for source in found), strict=True)))


def seen(counts: dict[Pattern, int]) -> dict[Pattern, int]:
    return {pattern: count for pattern, count in counts.items() if any(pattern)}


def test_two_sources_by_hand() -> None:
    """The third names everybody a half of the time; then all cells follow from odds of 2, 1, 1.

    With chances 2/3, 1/2 and 1/2 of 120 people: 20 in every pattern that holds the first source,
    10 in every other, so 10 are missing. Found once: 20 + 10 + 10, twice: 20 + 20 + 10.
    """
    counts: dict[Pattern, int] = {
        (True, False, False): 20,
        (True, True, False): 20,
        (True, False, True): 20,
        (True, True, True): 20,
        (False, True, False): 10,
        (False, False, True): 10,
        (False, True, True): 10,
    }
    found = recapture(counts, Z)
    assert found.found == 110
    assert found.terms == ()
    assert found.estimate == pytest.approx(120)
    assert found.lower_95 is not None and found.upper_95 is not None
    assert 110 < found.lower_95 < 120 < found.upper_95
    assert found.chao == pytest.approx(110 + 2 / 3 * 40 * 39 / (2 * 51))


def test_independent_sources_give_the_truth_and_limits_hold_it() -> None:
    rng = np.random.default_rng(1)
    estimates = [recapture(seen(draw(rng)), Z) for _ in range(40)]
    assert np.mean([e.estimate or 0 for e in estimates]) == pytest.approx(TRUTH, rel=0.02)
    holding = [_holds(estimate, TRUTH) for estimate in estimates]
    # The model is chosen by the same data, so a little under 95 %.
    assert np.mean(holding) >= 0.8


def test_a_pair_that_depends_is_modelled() -> None:
    rng = np.random.default_rng(2)
    one, other = rng.random(TRUTH) < 0.6, rng.random(TRUTH) < 0.5
    third = rng.random(TRUTH) < np.where(one, 0.8, 0.3)
    counts = dict(Counter(zip(one.tolist(), other.tolist(), third.tolist(), strict=True)))
    found = recapture(seen(counts), Z)
    assert found.terms is not None and (0, 2) in found.terms
    assert found.estimate == pytest.approx(TRUTH, rel=0.06)


def test_people_whom_every_source_tends_to_miss_are_missed() -> None:
    """The bias that no model of three sources can mend: the estimate is too low."""
    rng = np.random.default_rng(3)
    far = rng.random(TRUTH) < 0.2  # from any hospital
    found = [rng.random(TRUTH) < np.where(far, 0.01, chance) for chance in (0.6, 0.5, 0.7)]
    counts = dict(Counter(zip(*(source.tolist() for source in found), strict=True)))
    estimated = recapture(seen(counts), Z)
    assert estimated.estimate == pytest.approx(0.8 * TRUTH, rel=0.05)
    assert estimated.upper_95 is not None and estimated.upper_95 < TRUTH
    assert estimated.chao < TRUTH


def test_nothing_is_estimated_from_a_source_that_adds_nothing() -> None:
    counts: dict[Pattern, int] = {(True, False, False): 30, (True, True, False): 10}
    found = recapture(counts, Z)
    assert (found.found, found.terms, found.estimate) == (40, None, None)
    assert recapture({}, Z).found == 0


def test_limits_are_those_of_large_samples() -> None:
    """Darroch 1958: of N people with chances 2/3, 1/2 and 1/2 the variance is N / 7.

    1/7 is one over 1 / (1/3 x 1/2 x 1/2) - (3 + 2 + 2) + 3 - 1.
    """
    counts = {
        pattern: 100 * (20 if pattern[0] else 10)
        for pattern in PATTERNS
    }  # fmt: skip
    found = recapture(counts, Z)
    assert (found.found, found.terms) == (11_000, ())
    assert found.estimate == pytest.approx(12_000)
    half = 1.96 * (12_000 / 7) ** 0.5
    assert found.lower_95 == pytest.approx(12_000 - half, abs=2)
    assert found.upper_95 == pytest.approx(12_000 + half, abs=2)


def test_few_people_leave_the_number_without_a_bound() -> None:
    """Nobody is in two sources but one person: nearly all may be missing."""
    counts: dict[Pattern, int] = {
        (True, False, False): 3,
        (False, True, False): 3,
        (False, False, True): 3,
        (True, True, False): 1,
    }
    found = recapture(counts, Z)
    assert found.found == 10
    assert found.chao == pytest.approx(10 + 2 / 3 * 9 * 8 / 4)
    if found.estimate is not None:
        assert found.lower_95 is not None
        assert 10 <= found.lower_95 <= found.estimate


def test_perhaps_nobody_is_missing() -> None:
    """Most are in all sources, so the lower limit is those found."""
    counts = {pattern: (0, 5, 20, 60)[sum(pattern)] for pattern in PATTERNS}
    found = recapture(counts, Z)
    assert found.lower_95 == found.found == 135
    assert found.estimate is not None and 135 < found.estimate < 140


def _holds(found: Recapture, truth: int) -> bool:
    assert found.lower_95 is not None
    return found.lower_95 <= truth and (found.upper_95 is None or truth <= found.upper_95)
