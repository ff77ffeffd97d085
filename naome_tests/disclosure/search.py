"""Look for worlds that nothing published rules out, until each hidden count has two values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from naome_tests.disclosure.full_world import Numbers
from naome_tests.disclosure.programme import Programme

#: So far from the true world other worlds are looked for: two values are enough.
_STEPS = 2.0
#: Coefficients are parts of people.
_ALMOST = 1e-5
#: Seconds for a world in which many counts are otherwise; for one of a count that is left, thrice.
SECONDS = 20.0
#: Status of a programme without an answer.
_INFEASIBLE = 2


def _nobody(programme: Programme) -> Numbers:
    """Unknowns that what is known leaves at 0: those of sums of 0, and what is among them."""
    known = programme.matrix()
    more, less = (known > 0).astype(int), (known < 0).astype(int)
    at_most = np.array(programme.high) <= 0
    at_least = np.array(programme.low) >= 0
    none = np.zeros(known.shape[1], bool)
    found = True
    while found:
        left = (~none).astype(int)
        zero = (at_most & (less @ left == 0)).astype(int) @ more > 0
        zero |= (at_least & (more @ left == 0)).astype(int) @ less > 0
        found = bool((zero & ~none).any())
        none |= zero
    return none[: programme.whole]


class Search:
    """Worlds that are as possible as the true one to a reader, and what counts are in them.

    The true world is one; each step away from it that breaks nothing known leads to another. A
    count that is the same in all that are found counts as told. Most steps move people between two
    providers, and so are found in a programme of those two alone; some take three, or all.

    Args:
        programme: what is known of the unknowns.
        cells: the unknowns that each count is the sum of.
        world: the true values of the unknowns that are whole numbers.
        providers: whose unknown each of them is.
        seconds: for each search.
    """

    def __init__(
        self,
        programme: Programme,
        cells: Sequence[Sequence[int]],
        world: Numbers,
        providers: Numbers,
        seconds: float = SECONDS,
    ) -> None:
        self.seconds = seconds
        self.known = programme.matrix()
        self.world = world.astype(float)
        self.providers = providers
        self.real = programme.real
        fixed = self.known[:, : programme.whole] @ self.world
        self.low, self.high = np.array(programme.low) - fixed, np.array(programme.high) - fixed
        alone = np.diff(self.known[:, programme.whole :].indptr) == 0
        if (self.low[alone] > _ALMOST).any() or (self.high[alone] < -_ALMOST).any():
            raise AssertionError("what the reader believes is not so")
        self.none = _nobody(programme)
        starts = np.cumsum([0, *(len(cell) for cell in cells)])
        flat = np.concatenate([np.zeros(0, int), *(np.asarray(cell, int) for cell in cells)])
        self.cells = csr_array(
            (np.ones(len(flat)), flat, starts), shape=(len(cells), programme.whole)
        )
        #: [count, provider]: whether some of a count's people are the provider's.
        members = np.zeros((len(self.world), providers.max(initial=0) + 1))
        members[np.arange(len(self.world)), providers] = 1
        self.near = np.asarray(self.cells @ members) > 0
        #: Searches that ended without a world because time was up.
        self.out_of_time = 0
        self.least, self.most = np.zeros(len(cells)), np.zeros(len(cells))

    def told(self) -> Numbers:
        """Which counts no second value was found for."""
        return self.most - self.least < 1

    def run(self, among: Iterable[int]) -> None:
        """Find second values of the counts of some providers, whose people may be one another's."""
        members = list(among)
        own = self.near[:, members].any(axis=1) & ~np.delete(self.near, members, 1).any(axis=1)
        for size in (2, 3):
            for some in combinations(members, size):
                # What one has more, the others have less; and the other way round.
                lean = np.where(self.near[:, some[0]], 1.0, -1.0)
                for sign in (1.0, -1.0):
                    left = own & self.told() & self.near[:, some].any(axis=1)
                    if left.any():
                        self._step(np.where(left, sign * lean, 0.0), some, self.seconds)
        for number in np.flatnonzero(own & self.told()):
            alone = np.zeros(len(own))
            for size in dict.fromkeys((2, 3, len(members))):
                for some in combinations(members, min(size, len(members))):
                    for sign in (1.0, -1.0):
                        if self.told()[number] and self.near[number, some].any():
                            alone[number] = sign
                            self._step(alone, some, 3 * self.seconds)

    def _step(self, weights: Numbers, some: Sequence[int], seconds: float) -> None:
        """Look for a world in which counts are otherwise, where people of some providers may be.

        Args:
            weights: which counts shall be more, and which less.
            some: whose people may be otherwise than true.
            seconds: how long to look.
        """
        free = np.isin(self.providers, some) & ~self.none
        own = self.known[:, np.r_[free, np.ones(self.real, bool)]]
        used = np.diff(own.indptr) > 0
        least = np.maximum(-self.world[free], -_STEPS)
        answer = milp(
            np.r_[-(self.cells.T @ weights)[free], np.zeros(self.real)],
            constraints=LinearConstraint(own[used], self.low[used], self.high[used]),
            integrality=np.r_[np.ones(len(least)), np.zeros(self.real)],
            bounds=Bounds(
                np.r_[least, np.zeros(self.real)],
                np.r_[np.full(len(least), _STEPS), np.full(self.real, np.inf)],
            ),
            options={"time_limit": seconds, "mip_rel_gap": 0.5},
        )
        if answer.status == _INFEASIBLE:
            raise AssertionError("what is published cannot be true")
        if answer.x is None:
            self.out_of_time += 1
        else:
            step = np.zeros(len(self.world))
            step[free] = np.round(answer.x[: len(least)])
            moved = self.cells @ step
            self.least, self.most = np.minimum(self.least, moved), np.maximum(self.most, moved)
