"""Bounds of counts that add up, as a reader works them out.

Each sum bounds each of its counts by the others; that is repeated until nothing moves. A
publication of ten years has ten million sums, and what moves in one can move others anywhere, which
no operation on whole arrays does well: numba compiles the loop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Numbers of counts, and bounds of them: half the memory of a publication's many sums.
Cells = NDArray[np.int32]
Starts = NDArray[np.int64]

#: Bounds that still move after so many rounds move slowly, and by steps that tell little.
_MOST_ROUNDS = 100


@dataclass(frozen=True)
class Network:
    """Which counts are in which sum, and which sums a count is in.

    Attributes:
        members: the counts of every sum, sum after sum; the first of each is the sum of the others.
        starts: where each sum begins, and the end.
        sums_of: the sums of every count, count after count.
        sums_start: where those of each count begin, and the end.
    """

    members: Cells
    starts: Starts
    sums_of: Cells
    sums_start: Starts

    @classmethod
    def of(cls, sums: Sequence[Cells], counts: int) -> Network:
        """The network of sums.

        Args:
            sums: arrays with a row a sum; the last count of all fills short rows.
            counts: how many counts there are.
        """
        given = [rows != counts - 1 for rows in sums]
        lengths = [np.count_nonzero(own, axis=1) for own in given]
        members = [rows[own] for rows, own in zip(sums, given, strict=True)]
        starts = np.concatenate([[0], *lengths]).cumsum(dtype=np.int64)
        flat = np.concatenate([np.zeros(0, np.int32), *members])
        sums_start = np.append(0, np.bincount(flat, minlength=counts)).cumsum(dtype=np.int64)
        sums_of = np.empty(len(flat), np.int32)
        _compiled(_turn_round)(flat, starts, sums_of, sums_start[:-1].copy())
        return cls(flat, starts, sums_of, sums_start)

    def tighten(self, lower: Cells, upper: Cells) -> None:
        """Move the bounds of counts, in place, to what the sums leave possible."""
        _compiled(_tighten)(
            self.members,
            self.starts,
            self.sums_of,
            self.sums_start,
            lower,
            upper,
            _MOST_ROUNDS * (len(self.starts) - 1),
        )


def _turn_round(members: Cells, starts: Starts, sums_of: Cells, free: Starts) -> None:
    """Fill in the sums of every count; ``free`` is where the next of each goes."""
    for own in range(len(starts) - 1):
        for at in range(starts[own], starts[own + 1]):
            count = members[at]
            sums_of[free[count]] = own
            free[count] += 1


def _tighten(
    members: Cells,
    starts: Starts,
    sums_of: Cells,
    sums_start: Starts,
    lower: Cells,
    upper: Cells,
    most: int,
) -> None:
    """Look at every sum, and again at those of which a count moved, in the order of moving."""
    sums = len(starts) - 1
    queue = np.arange(sums)
    is_waiting = np.ones(sums, np.bool_)
    head, waiting = 0, sums
    while waiting > 0 and most > 0:
        own = queue[head]
        head = (head + 1) % sums
        waiting -= 1
        most -= 1
        is_waiting[own] = False
        total = members[starts[own]]
        low, high = 0, 0
        for at in range(starts[own] + 1, starts[own + 1]):
            low += lower[members[at]]
            high += upper[members[at]]
        for at in range(starts[own], starts[own + 1]):
            count = members[at]
            if at == starts[own]:
                least, greatest = low, high
            else:
                least = lower[total] - (high - upper[count])
                greatest = upper[total] - (low - lower[count])
            if least <= lower[count] and greatest >= upper[count]:
                continue
            lower[count] = max(least, lower[count])
            upper[count] = min(greatest, upper[count])
            for place in range(sums_start[count], sums_start[count + 1]):
                other = sums_of[place]
                if not is_waiting[other]:
                    is_waiting[other] = True
                    queue[(head + waiting) % sums] = other
                    waiting += 1


@cache
def _compiled(function: Callable[..., None]) -> Any:
    """The function as machine code; kept beside this file, so that only the first run waits."""
    # Importing it takes a second, which only publication has to spend.
    import numba

    return numba.njit(cache=True)(function)
