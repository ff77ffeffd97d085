"""Bounds of counts that add up, as a reader works them out.

Each sum bounds each of its counts by the others; that is repeated until nothing moves. A
publication of ten years has ten million sums, and what moves in one can move others anywhere: a
round looks at every sum of which a count moved in the round before, many sums at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Numbers of counts, and bounds of them: half the memory of a publication's many sums.
Cells = NDArray[np.int32]
Starts = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: Bounds that still move when every sum was looked at so often, on average, move slowly, and by
#: steps that tell little.
_MOST_LOOKS = 100
#: Sums that are looked at together: what is worked out of them fits the processor's cache.
_TOGETHER = 2**17


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
        of = np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))
        return cls(flat, starts, of[np.argsort(flat, kind="stable")], sums_start)

    def tighten(self, lower: Cells, upper: Cells) -> None:
        """Move the bounds of counts, in place, to what the sums leave possible."""
        has_moved = np.zeros(len(lower), np.bool_)
        is_waiting = np.ones(len(self.starts) - 1, np.bool_)
        looks = _MOST_LOOKS * len(is_waiting)
        while looks > 0:
            waiting = np.flatnonzero(is_waiting)
            looks -= len(waiting)
            has_moved[:] = False
            for start in range(0, len(waiting), _TOGETHER):
                self._look(waiting[start : start + _TOGETHER], lower, upper, has_moved)
            moved = np.flatnonzero(has_moved)
            if not len(moved):
                return
            is_waiting[:] = False
            is_waiting[self.sums_of[_spans(self.sums_start, moved)]] = True

    def _look(self, sums: Starts, lower: Cells, upper: Cells, has_moved: Flags) -> None:
        """Move the bounds of the counts of some sums, and note which moved."""
        members = self.members[_spans(self.starts, sums)]
        lengths = self.starts[sums + 1] - self.starts[sums]
        total = lengths.cumsum() - lengths
        low, high = lower[members], upper[members]
        # What the parts make together: sums of many bounds need more than 32 bits.
        parts_low = np.add.reduceat(low, total, dtype=np.int64) - low[total]
        parts_high = np.add.reduceat(high, total, dtype=np.int64) - high[total]
        least = np.repeat(low[total] - parts_high, lengths) + high
        least[total] = parts_low
        up = np.flatnonzero(least > low)
        np.maximum.at(lower, members[up], least[up].astype(np.int32))
        greatest = np.repeat(high[total] - parts_low, lengths) + low
        greatest[total] = parts_high
        down = np.flatnonzero(greatest < high)
        np.minimum.at(upper, members[down], greatest[down].astype(np.int32))
        has_moved[members[up]] = True
        has_moved[members[down]] = True


def _spans(starts: Starts, which: Starts) -> Starts:
    """Places of the members of some of the spans that begin at ``starts``, span after span."""
    lengths = starts[which + 1] - starts[which]
    before = lengths.cumsum() - lengths
    return np.repeat(starts[which] - before, lengths) + np.arange(lengths.sum())
