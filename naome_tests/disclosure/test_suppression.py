"""What protects a small count, worked by hand."""

from __future__ import annotations

import dataclasses

import numpy as np

from naome_assets.disclosure.suppression import (
    EXACT,
    OPEN,
    Counts,
    Flags,
    Sums,
    load_profile,
    suppress,
)

#: No rounding: what is shown is exact.
PLAIN = dataclasses.replace(load_profile("nhs_england_hes"), round_to=1, candidates=2)


def hidden_of(shown: list[bool]) -> Flags:
    """Of a nation's 20 people at three places, 6, 3 and 11, and the 0 that pads sums."""
    counts = Counts(
        true=np.array([20, 6, 3, 11, 0]),
        role=np.array([EXACT, OPEN, OPEN, OPEN, EXACT]),
        series=np.arange(5),
        order=np.zeros(5),
        sums=[Sums(np.array([[0, 1, 2, 3]], np.int32), True)],
    )
    decision = suppress(counts, PLAIN, shown=np.array([False, *shown, False]))
    assert not decision.unprotected.any()
    return decision.hidden[1:4]


def test_two_small_counts_protect_each_other() -> None:
    assert hidden_of([False, False, False]).tolist() == [True, True, False]


def test_a_small_count_that_other_rules_showed_protects_nobody() -> None:
    """Readers know the 6, so 20 less 6 and 11 would be told."""
    assert hidden_of([True, False, False]).tolist() == [True, True, True]


def test_late_data_make_a_small_count_that_nobody_has_seen() -> None:
    """A 6 that was 10 is another count; so is one that was nobody. A 6 shown as 5 is known."""
    rounding = load_profile("nhs_england_hes")
    known = rounding.is_as_shown(np.array([10, 0, 5, 10]), np.array([6, 2, 6, 11]))
    assert known.tolist() == [False, False, True, True]
