"""What is known of unknown whole numbers, as rows of an integer programme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scipy.sparse import csr_array


@dataclass
class Programme:
    """Rows of coefficients of unknowns between a least and a largest value."""

    at: list[int] = field(default_factory=list)
    data: list[float] = field(default_factory=list)
    start: list[int] = field(default_factory=lambda: [0])
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    whole: int = 0
    real: int = 0

    def add(self, terms: Mapping[int, float], low: float, high: float) -> None:
        """Low <= sum of terms <= high."""
        self.at += terms.keys()
        self.data += terms.values()
        self.start.append(len(self.at))
        self.low.append(low)
        self.high.append(high)

    def matrix(self) -> csr_array:
        """The coefficients, a row for each thing known."""
        shape = (len(self.low), self.whole + self.real)
        return csr_array((self.data, self.at, self.start), shape=shape)


def joined(first: Programme, second: Programme) -> tuple[Programme, tuple[range, range]]:
    """Two programmes as one, and the numbers of the whole unknowns of each."""
    both = Programme(whole=first.whole + second.whole, real=first.real + second.real)
    shifts = (0, second.whole), (first.whole, first.whole + first.real)
    for own, (of_whole, of_real) in zip((first, second), shifts, strict=True):
        begin = len(both.at)
        both.at += [at + (of_whole if at < own.whole else of_real) for at in own.at]
        both.data += own.data
        both.start += [begin + start for start in own.start[1:]]
        both.low += own.low
        both.high += own.high
    return both, (range(first.whole), range(first.whole, both.whole))
