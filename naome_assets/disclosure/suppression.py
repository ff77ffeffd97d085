"""Disclosure control of counts that add up (method book section 7). Pure: arrays in, arrays out.

Small counts are hidden (primary). A reader has the sums: places make a nation, presentations make
`all`, three windows of a year make one of three. So more counts are hidden (complementary) until

1. no sum holds exactly one hidden count, and
2. what the sums leave possible for a small hidden count is at least two values, and
   ``Profile.candidates`` where hiding more in the same sums gives them. 0 is among the values,
   because a hidden count may be a 0 that protects another. Rounding alone does not see to that:
   of three counts 8 + 8 + 1 = 17 a reader who sees 10 + 10 + * = 15 knows that * is 1.

One mark is used for both kinds: two would tell which counts are small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from naome_assets.disclosure.bounds import Cells, Network
from naome_assets.disclosure.profiles import stated_profiles

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: Roles of a count. EXACT: everybody knows it (national figures). OPEN: published unless hidden.
#: LATENT: never published, but part of sums (a place's single quarters). REST: what a published
#: part leaves of a published whole; sums go by it, and it needs no protection of its own.
EXACT, OPEN, LATENT, REST = np.int8(0), np.int8(1), np.int8(2), np.int8(3)

#: No count is as large; sums of it stay exact in 32 bits.
UNBOUNDED = np.int32(10**7)
#: Counts are mostly small, and their series is rare, when more than this share of them is [ours].
MOSTLY = 0.5
#: A count is told when only one value remains possible.
_NOT_TOLD = 2
#: A total is hidden after its parts, and a 0 only when nothing else is left.
_TOTAL_LATER = 1e6
_ZERO_LATER = 1e9


@dataclass(frozen=True)
class Profile:
    """A set of rules; see ``profiles.toml``.

    A series whose counts at providers, or at alliances, are small in more than ``withhold_above``
    of them is not published there.
    """

    name: str
    words: str
    small_to: int
    round_to: int
    median_from: int
    candidates: int
    withhold_above: float = MOSTLY

    def is_small(self, counts: Integers) -> Flags:
        """Whether counts must be hidden; 0 says nothing of anybody."""
        return (counts >= 1) & (counts <= self.small_to)

    def rounded(self, counts: Integers) -> Integers:
        """Counts to the nearest multiple, halves up."""
        return (counts + self.round_to // 2) // self.round_to * self.round_to

    def is_as_shown(self, shown: Integers, counts: Integers) -> Flags:
        """Whether readers of published counts still know these.

        A small count is in an earlier publication only where other rules rounded it there. If
        another number does, late data made it small, and readers have not seen the count of now.
        """
        same: Flags = (shown > 0) & (shown == self.rounded(counts))
        return same | ~self.is_small(counts)

    def lowest(self, rounded: Integers) -> Integers:
        """The least count behind a published one."""
        least = np.maximum(rounded - self.round_to // 2, self.small_to + 1)
        return np.where(rounded == 0, 0, least)

    def highest(self, rounded: Integers) -> Integers:
        """The largest count behind a published one."""
        return np.where(rounded == 0, 0, rounded + (self.round_to - 1) // 2)


def load_profiles() -> dict[str, Profile]:
    """Every profile that ships, by name."""
    return {name: Profile(name=name, **values) for name, values in stated_profiles().items()}


def load_profile(name: str) -> Profile:
    """A profile by its name.

    Raises:
        ValueError: when there is none of that name.
    """
    profiles = load_profiles()
    if name not in profiles:
        raise ValueError(
            f"the disclosure profile '{name}' is not known: use {', '.join(sorted(profiles))}"
        )
    return profiles[name]


@dataclass(frozen=True)
class Sums:
    """Rows of cells of which the first is the sum of the others; ``pad`` fills short rows.

    Attributes:
        cells: numbers of the cells, a row a sum.
        paired: whether exactly one hidden count in a sum is one too few. False for windows: what
            rounding leaves open there is judged by the values that remain possible.
    """

    cells: Cells
    paired: bool


@dataclass(frozen=True)
class Counts:
    """Counts with all the sums that a reader knows of them.

    Attributes:
        true: the counts; 0 where a latent one is not known here. The last is a 0, which pads sums.
        role: EXACT, OPEN, LATENT or REST, a count.
        series: number of the series (one place, many windows) that each belongs to.
        order: which counts are hidden first to protect others, lowest first.
        sums: the sums.
        follows: two rows of counts: where the first is hidden, the second below it is hidden too.
        candidates: values that should stay possible for each count; the profile's unless given.
        seen: least and largest value of each count for readers who saw an earlier one, before late
            records came.
    """

    true: Integers
    role: NDArray[np.int8]
    series: Integers
    order: NDArray[np.float64]
    sums: Sequence[Sums]
    follows: Cells = field(default_factory=lambda: np.zeros((2, 0), np.int32))
    candidates: Cells | None = None
    seen: tuple[Cells, Cells] | None = None

    @classmethod
    def of(
        cls,
        true: Integers,
        role: NDArray[np.int8],
        order: NDArray[np.float64],
        sums: Sequence[Sums],
        follows: Cells,
        candidates: Cells | None = None,
        seen: tuple[Cells, Cells] | None = None,
    ) -> Counts:
        """Counts given as arrays [.., place, window], with the 0 that pads sums added."""
        return cls(
            np.append(true.ravel(), 0),
            np.append(role.ravel(), EXACT),
            np.append(np.arange(true.size) // true.shape[-1], -1),
            np.append(order.ravel(), 0.0),
            sums,
            follows,
            None if candidates is None else np.append(candidates.ravel(), 0),
            None if seen is None else _as_seen(true, seen),
        )

    @cached_property
    def network(self) -> Network:
        """The sums as a network."""
        return Network.of([sums.cells for sums in self.sums], len(self.true))


def _as_seen(true: Integers, seen: tuple[Cells, Cells]) -> tuple[Cells, Cells]:
    """The bounds, with those of the 0 that pads sums; none where records went as well as came."""
    least, most = seen
    holds = (least <= true) & (true <= most)
    return (
        np.append(np.where(holds, least, 0).ravel(), np.int32(0)),
        np.append(np.where(holds, most, UNBOUNDED).ravel(), UNBOUNDED),
    )


@dataclass(frozen=True)
class Decision:
    """Which counts are hidden, and which of them could not be protected."""

    hidden: Flags
    unprotected: Flags


def suppress(
    counts: Counts, profile: Profile, hidden: Flags | None = None, shown: Flags | None = None
) -> Decision:
    """Hide small counts, and others until no small one can be worked out.

    Args:
        counts: what is to be published.
        profile: the rules.
        hidden: counts that are hidden already.
        shown: counts that readers have seen before: they cannot protect others any more. One that
            is small by the rules of now is hidden, and counts as known.
    """
    is_open = counts.role == OPEN
    known = np.zeros(len(counts.true), bool) if shown is None else shown & is_open
    given = np.zeros(len(counts.true), bool) if hidden is None else hidden & is_open
    # A count that is not published at all can be told by others too.
    is_small = profile.is_small(counts.true) & np.isin(counts.role, (OPEN, LATENT))
    protected = is_small & ~known
    hiding = is_open & (given | is_small)
    free = is_open & ~known
    order = counts.order + np.where(counts.true == 0, _ZERO_LATER, 0.0)
    needed = _needed(counts, profile)
    while True:
        _follow(counts, hiding)
        while _pair(counts, hiding, free, order):
            _follow(counts, hiding)
        lower, upper = feasible(counts, profile, hiding, known)
        left = np.minimum(upper, profile.small_to) - lower + 1
        at_risk = protected & (left < needed)
        told = protected & (left < np.minimum(needed, _NOT_TOLD))
        if _hide_in_telling(counts, profile, hiding, free, order, (lower, upper), at_risk, needed):
            continue
        if not told.any() or not (
            _hide_series(counts, hiding, free, told)
            or _hide_near(counts, hiding, free, order, told)
        ):
            return Decision(hiding, told)


def feasible(
    counts: Counts, profile: Profile, hidden: Flags, known: Flags | None = None
) -> tuple[Cells, Cells]:
    """Least and largest value of each count that sums and rounding leave to a reader.

    A hidden count that is known from before is as well known as if it stood here; a small one,
    which another profile may have shown, counts as exact.
    """
    rounded = profile.rounded(counts.true)
    told = hidden & (np.zeros(len(hidden), bool) if known is None else known)
    unknown = (hidden & ~told) | np.isin(counts.role, (LATENT, REST))
    exact = (counts.role == EXACT) | (told & profile.is_small(counts.true))
    lower = np.where(unknown, 0, np.where(exact, counts.true, profile.lowest(rounded)))
    upper = np.where(unknown, UNBOUNDED, np.where(exact, counts.true, profile.highest(rounded)))
    lower, upper = lower.astype(np.int32), upper.astype(np.int32)
    if counts.seen is not None:
        lower = np.where(exact, lower, np.maximum(lower, counts.seen[0]))
        upper = np.where(exact, upper, np.minimum(upper, counts.seen[1]))
    counts.network.tighten(lower, upper)
    return lower, upper


def _bounds(cells: Cells, lower: Cells, upper: Cells) -> tuple[Cells, Cells]:
    """What each sum says of each of its cells."""
    low, high = lower[cells], upper[cells]
    parts_low = low[:, 1:].sum(axis=1, keepdims=True, dtype=np.int32)
    parts_high = high[:, 1:].sum(axis=1, keepdims=True, dtype=np.int32)
    least = np.concatenate([parts_low, low[:, :1] - (parts_high - high[:, 1:])], axis=1)
    most = np.concatenate([parts_high, high[:, :1] - (parts_low - low[:, 1:])], axis=1)
    return least, most


def _needed(counts: Counts, profile: Profile) -> Cells:
    """Values that must stay possible: fewer only where exact national figures leave fewer."""
    lower, upper = feasible(counts, profile, counts.role == OPEN)
    left = np.minimum(upper, profile.small_to) - lower + 1
    wanted = profile.candidates if counts.candidates is None else counts.candidates
    return np.minimum(left, wanted)


def _follow(counts: Counts, hiding: Flags) -> None:
    """Hide what must be hidden with what is hidden."""
    first, second = counts.follows
    while (new := hiding[first] & ~hiding[second]).any():
        hiding[second[new]] = True


def _pair(counts: Counts, hiding: Flags, free: Flags, order: NDArray[np.float64]) -> bool:
    """Hide a second count in sums that hide exactly one; whether any was hidden."""
    changed = False
    for sums in counts.sums:
        if sums.paired:
            alone = hiding[sums.cells].sum(axis=1) == 1
            changed |= _hide_one(sums.cells[alone], hiding, free, order)
    return changed


def _hide_in_telling(
    counts: Counts,
    profile: Profile,
    hiding: Flags,
    free: Flags,
    order: NDArray[np.float64],
    bounds: tuple[Cells, Cells],
    at_risk: Flags,
    needed: Cells,
) -> bool:
    """Hide one more count in each sum that by itself tells too much; whether any could be."""
    changed = False
    for sums in counts.sums:
        cells = sums.cells[at_risk[sums.cells].any(axis=1)]
        if len(cells):
            least, most = _bounds(cells, *bounds)
            left = np.minimum(most, profile.small_to) - np.maximum(least, 0) + 1
            telling = (at_risk[cells] & (left < needed[cells])).any(axis=1)
            changed |= _hide_one(cells[telling], hiding, free, order)
    return changed


def _hide_series(counts: Counts, hiding: Flags, free: Flags, told: Flags) -> bool:
    """Hide every count of a place's series, 0 as well; whether any could be.

    Windows overlap: what is told there is told by the place's other windows.
    """
    new = np.isin(counts.series, np.unique(counts.series[told])) & free & ~hiding
    hiding |= new
    return bool(new.any())


def _hide_near(
    counts: Counts, hiding: Flags, free: Flags, order: NDArray[np.float64], told: Flags
) -> bool:
    """Hide a count near those that several sums tell together, going outwards sum by sum."""
    near = told
    while True:
        touched = near.copy()
        changed = False
        for sums in counts.sums:
            cells = sums.cells[near[sums.cells].any(axis=1)]
            changed |= _hide_one(cells, hiding, free, order)
            touched[cells] = True
        if changed:
            return True
        # An exact count separates what lies beyond it, and the last one only pads.
        touched &= counts.role != EXACT
        if (touched == near).all():
            return False
        near = touched


def _hide_one(cells: Cells, hiding: Flags, free: Flags, order: NDArray[np.float64]) -> bool:
    """Hide in each sum the first count that may be hidden; whether any was."""
    if not len(cells):
        return False
    can_hide = free[cells] & ~hiding[cells]
    cost = np.where(can_hide, order[cells], np.inf)
    cost[:, 0] += _TOTAL_LATER
    first = np.argmin(cost, axis=1)
    row = np.arange(len(cells))
    found = np.isfinite(cost[row, first])
    hiding[cells[row, first][found]] = True
    return bool(found.any())
