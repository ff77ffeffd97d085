"""What is hidden with a small count, what readers then know, and what rounding leaves, by hand."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest

from naome_assets.disclosure.suppression import (
    EXACT,
    LATENT,
    OPEN,
    REST,
    Counts,
    Decision,
    Profile,
    Sums,
    feasible,
    load_profile,
    load_profiles,
    suppress,
)

PLAIN = dataclasses.replace(load_profile("nhs_england_hes"), round_to=1, candidates=2)
HES = load_profile("nhs_england_hes")


def of(
    true: Sequence[int],
    roles: str,
    *sums: Sequence[int],
    order: Sequence[float] | None = None,
    paired: bool = True,
    series: Sequence[int] | None = None,
    follows: Sequence[Sequence[int]] = ((), ()),
    candidates: Sequence[int] | None = None,
) -> Counts:
    """Counts with their roles by initials, and sums: the first of each is the sum of the others."""
    pad = len(true)
    width = max((len(own) for own in sums), default=2)
    rows = [[*own, *[pad] * (width - len(own))] for own in sums]
    kinds = {"E": EXACT, "O": OPEN, "L": LATENT, "R": REST}
    return Counts(
        true=np.array([*true, 0]),
        role=np.array([kinds[role] for role in roles + "E"]),
        series=np.array([*(series or range(pad)), -1]),
        order=np.array([*(order or [0.0] * pad), 0.0]),
        sums=[Sums(np.array(rows, np.int32).reshape(-1, width), paired)],
        follows=np.array(follows, np.int32).reshape(2, -1),
        candidates=None if candidates is None else np.array([*candidates, 0], np.int32),
    )


def hidden(decision: Decision) -> list[int]:
    return np.flatnonzero(decision.hidden).tolist()


@pytest.mark.parametrize("name", sorted(load_profiles()))
def test_a_published_count_stands_for_just_those_that_round_to_it(name: str) -> None:
    profile = load_profile(name)
    assert profile.name == name
    assert profile.words
    by_published: dict[int, list[int]] = {}
    for count in (0, *range(profile.small_to + 1, 200)):
        by_published.setdefault(int(profile.rounded(np.array([count]))[0]), []).append(count)
    for published, counts in [*by_published.items()][:-1]:
        shown = np.array([published])
        assert published % profile.round_to == 0
        assert (profile.lowest(shown)[0], profile.highest(shown)[0]) == (counts[0], counts[-1])


def test_halves_are_rounded_up() -> None:
    tens = dataclasses.replace(HES, round_to=10)
    assert tens.rounded(np.array([14, 15, 24, 25])).tolist() == [10, 20, 20, 30]


def test_a_small_count_is_from_1_to_the_last_of_the_profile() -> None:
    assert HES.is_small(np.array([0, 1, 7, 8])).tolist() == [False, True, True, False]


def test_an_unknown_profile_is_refused_with_those_that_there_are() -> None:
    names = ", ".join(sorted(load_profiles()))
    with pytest.raises(
        ValueError, match=rf"^the disclosure profile 'none' is not known: use {names}$"
    ):
        load_profile("none")


def test_what_readers_saw_is_what_rounds_to_it_and_is_not_small() -> None:
    shown, now = np.array([10, 10, 10, 0, 5]), np.array([9, 12, 7, 20, 4])
    assert HES.is_as_shown(shown, now).tolist() == [True, True, False, True, True]


@pytest.mark.parametrize(
    ("counts", "hides", "least", "most"),
    [
        # 31 people of a nation at three places; 19 are shown: 12 are left for two.
        (of([31, 9, 3, 19], "EOOO", [0, 1, 2, 3]), [1, 2], [31, 0, 0, 19], [31, 12, 12, 19]),
        # One hidden alone is told.
        (of([31, 9, 3, 19], "EOOO", [0, 1, 2, 3]), [2], [31, 9, 3, 19], [31, 9, 3, 19]),
        # A single quarter is never published, as if it were hidden; so is a rest.
        (of([31, 9, 3, 19], "EOLO", [0, 1, 2, 3]), [1], [31, 0, 0, 19], [31, 12, 12, 19]),
        (of([31, 9, 8, 14], "EOOR", [0, 1, 2, 3]), [1], [31, 0, 8, 0], [31, 23, 8, 23]),
        # A hidden total is the sum of its parts.
        (of([20, 9, 11], "OOO", [0, 1, 2]), [0], [20, 9, 11], [20, 9, 11]),
        # Two sums together: 10 = a + b, 12 = b + 9, so b is 3 and a is 7.
        (of([10, 12, 7, 3, 9], "EEOOO", [0, 2, 3], [1, 3, 4]), [2, 3],
         [10, 12, 7, 3, 9], [10, 12, 7, 3, 9]),
    ],
)  # fmt: skip
def test_what_sums_leave_possible(
    counts: Counts, hides: list[int], least: list[int], most: list[int]
) -> None:
    flags = np.isin(np.arange(len(counts.true)), hides)
    lower, upper = feasible(counts, PLAIN, flags)
    assert lower[:-1].tolist() == least
    assert upper[:-1].tolist() == most


def test_what_rounding_leaves_possible() -> None:
    """A place shown as 10 has 8 to 12, so of 20 people 8 to 12 are elsewhere."""
    counts = of([20, 6, 3, 11], "EOOO", [0, 1, 2, 3])
    lower, upper = feasible(counts, HES, np.array([False, True, True, False, False]))
    assert (lower[:-1].tolist(), upper[:-1].tolist()) == ([20, 0, 0, 8], [20, 12, 12, 12])


def test_what_was_seen_before_is_known_though_it_is_hidden_now() -> None:
    """Shown as 10 it is 8 to 12; one that is small by the rules of now is known as it is."""
    counts = of([40, 11, 3, 26], "EOOO", [0, 1, 2, 3])
    hides = np.array([False, True, True, True, False])
    lower, upper = feasible(counts, HES, hides, np.array([False, True, False, False, False]))
    assert (lower[:-1].tolist(), upper[:-1].tolist()) == ([40, 8, 0, 0], [40, 12, 32, 32])
    lower, upper = feasible(counts, HES, hides, np.array([False, True, True, False, False]))
    assert (lower[2], upper[2]) == (3, 3)
    assert (lower[3], upper[3]) == (25, 29)


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    assert hidden(suppress(of([28, 9, 8, 11], "EOOO", [0, 1, 2, 3]), PLAIN)) == []


def test_the_first_in_order_protects() -> None:
    counts = of([40, 3, 11, 12, 14], "EOOOO", [0, 1, 2, 3, 4], order=[0, 5, 3, 1, 2])
    assert hidden(suppress(counts, PLAIN)) == [1, 3]


def test_a_zero_protects_only_where_nothing_else_can() -> None:
    counts = of([14, 3, 0, 11], "EOOO", [0, 1, 2, 3], order=[0, 0, 0, 9])
    assert hidden(suppress(counts, PLAIN)) == [1, 3]
    # The 11 is exact: the 0 is all there is.
    assert hidden(suppress(of([14, 3, 0, 11], "EOOE", [0, 1, 2, 3]), PLAIN)) == [1, 2]


def test_a_total_protects_after_its_parts() -> None:
    counts = of([14, 3, 11], "OOO", [0, 1, 2], order=[0, 0, 9])
    assert hidden(suppress(counts, PLAIN)) == [1, 2]
    # Where the other part is exact, the total has to.
    assert hidden(suppress(of([14, 3, 11], "OOE", [0, 1, 2]), PLAIN)) == [0, 1]


def test_what_nobody_can_protect_is_told_and_said_to_be() -> None:
    decision = suppress(of([14, 3, 11], "EOE", [0, 1, 2]), PLAIN)
    assert hidden(decision) == [1]
    # 14 - 11 leaves one value before anything is hidden: no profile can ask for more.
    assert not decision.unprotected.any()
    shown = np.array([False, False, True, False])
    decision = suppress(of([14, 3, 11], "EOO", [0, 1, 2]), PLAIN, shown=shown)
    assert np.flatnonzero(decision.unprotected).tolist() == [1]


def test_what_is_hidden_already_stays_hidden_and_counts() -> None:
    counts = of([40, 3, 11, 12, 14], "EOOOO", [0, 1, 2, 3, 4])
    given = np.array([False, False, False, False, True, False])
    assert hidden(suppress(counts, PLAIN, given)) == [1, 4]
    # What everybody knows is not hidden, whatever is asked.
    assert hidden(suppress(of([9, 9], "EO", [0, 1]), PLAIN, np.array([True, False, False]))) == []


def test_what_follows_is_hidden_with_what_it_follows() -> None:
    counts = of([14, 3, 11, 30, 40], "EOOOO", [0, 1, 2], follows=[[1, 3], [3, 4]])
    assert hidden(suppress(counts, PLAIN)) == [1, 2, 3, 4]
    counts = of([14, 9, 5, 30, 40], "EOOOO", [0, 1, 2], follows=[[3], [4]])
    assert hidden(suppress(counts, PLAIN)) == [1, 2]


def test_two_hidden_parts_of_few_people_are_not_enough() -> None:
    """1 + 0 + 20: hidden with the 0, the 1 is 0 or 1; for three values the 20 has to go too."""
    sums, two = [0, 1, 2, 3], dataclasses.replace(PLAIN, candidates=2)
    counts = of([21, 1, 0, 20], "EOOO", sums, order=[0, 0, 0, 1])
    assert hidden(suppress(counts, two)) == [1, 3]
    counts = of([21, 1, 1, 19], "EOOO", sums)
    assert hidden(suppress(counts, dataclasses.replace(PLAIN, candidates=3))) == [1, 2]
    assert hidden(suppress(counts, dataclasses.replace(PLAIN, candidates=4))) == [1, 2, 3]
    # What is asked for a count of its own goes before the profile's.
    own = of([21, 1, 1, 19], "EOOO", sums, candidates=[2, 4, 4, 2])
    assert hidden(suppress(own, two)) == [1, 2, 3]


def test_windows_need_no_pair_where_rounding_leaves_enough() -> None:
    """Twelve months of quarters that nobody publishes: the small year is alone."""
    true = [7, 2, 2, 2, 1]
    counts = of(true, "OLLLL", [0, 1, 2, 3, 4], paired=False)
    assert hidden(suppress(counts, PLAIN)) == [0]
    # Three years of 30 in all, two of them shown as 10: 8 to 12 each, so 6 to 14 are left.
    counts = of([30, 12, 12, 6], "OOOO", [0, 1, 2, 3], paired=False)
    assert hidden(suppress(counts, dataclasses.replace(HES, candidates=2))) == [3]
    # Exact ones tell it, and one more has to be hidden.
    assert len(hidden(suppress(counts, PLAIN))) == 2


def test_a_small_count_that_is_never_published_is_protected_by_others() -> None:
    """The last quarter is what two published years differ by."""
    true = [40, 41, 10, 3]
    counts = of(true, "OOLL", [0, 2, 3], [1, 2, 3], paired=False)
    assert not suppress(counts, PLAIN).unprotected.any()
    told = of([13, 10, 3], "OOL", [0, 1, 2], paired=False)
    decision = suppress(told, PLAIN)
    assert hidden(decision) in ([0], [1])


def test_what_several_sums_tell_together_is_protected_near_by() -> None:
    """No sum alone tells the 3: 3 + 11 of 14, and the 11 by another sum."""
    counts = of([14, 20, 3, 11, 9], "EEOOO", [0, 2, 3], [1, 3, 4], order=[0, 0, 0, 0, 5])
    assert hidden(suppress(counts, PLAIN)) == [2, 3, 4]


def test_zeros_go_one_after_the_other_until_they_protect() -> None:
    """All 3 of a nation at one place: the 0 beside it protects when what makes it 0 is gone too."""
    counts = of([3, 1, 0, 0, 0, 3], "OOOOOE", [4, 2, 3], [5, 0, 2])
    decision = suppress(counts, PLAIN)
    assert hidden(decision) == [0, 1, 2, 3, 4]
    assert not decision.unprotected.any()


def test_a_whole_series_goes_where_a_count_of_it_is_disclosed() -> None:
    """Two windows of one place; a neighbour cannot be hidden, for readers have seen it."""
    counts = of([14, 3, 11, 30, 12, 18], "EOOEOO", [0, 1, 2], [3, 4, 5], series=[0, 1, 2, 0, 1, 2])
    seen = np.array([False, False, True, False, False, False, False])
    decision = suppress(counts, PLAIN, shown=seen)
    assert {1, 4} <= set(hidden(decision))
    assert 2 not in hidden(decision) or decision.unprotected[1]


def test_counts_of_arrays_are_numbered_by_place() -> None:
    true = np.array([[[1, 2, 3], [4, 5, 6]]])
    counts = Counts.of(
        true,
        np.full(true.shape, OPEN),
        true / 2,
        [],
        np.zeros((2, 0), np.int32),
        np.full(true.shape, 4, np.int32),
    )
    assert counts.true.tolist() == [1, 2, 3, 4, 5, 6, 0]
    assert counts.series.tolist() == [0, 0, 0, 1, 1, 1, -1]
    assert counts.order.tolist() == [0.5, 1, 1.5, 2, 2.5, 3, 0]
    assert counts.role.tolist() == [OPEN] * 6 + [EXACT]
    assert counts.candidates is not None
    assert counts.candidates.tolist() == [4] * 6 + [0]


def test_random_places_of_a_nation_are_never_disclosed() -> None:
    """By listing every way in which the hidden counts make the nation."""
    chance = np.random.default_rng(8)
    profile: Profile = dataclasses.replace(PLAIN, small_to=4)
    for _ in range(60):
        parts = chance.choice([0, 1, 2, 4, 5, 6, 9], 5).tolist()
        counts = of([sum(parts), *parts], "EOOOOO", [0, 1, 2, 3, 4, 5])
        decision = suppress(counts, profile)
        flags = decision.hidden[1:6]
        gone = [part for part, is_hidden in zip(parts, flags, strict=True) if is_hidden]
        assert all(flags[n] for n, part in enumerate(parts) if 1 <= part <= 4)
        assert len(gone) != 1
        assert not gone or sum(gone) > 0
