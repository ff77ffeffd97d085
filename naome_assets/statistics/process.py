"""XmR charts: what a process does by chance, and what it hardly does.

The rules are those of Making Data Count (NHS England). Limits lie 2.66 mean moving ranges from the
mean; a moving range beyond 3.267 mean ones is left out of that mean. Special causes: a value beyond
a limit; seven in a row on one side of the mean; six in a row that each rise, or fall; two of three
in a row beyond two thirds of the way to the same limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import Literal

Cause = Literal["beyond", "shift", "trend", "near"]

#: From the mean moving range to the distance of a limit, and to the largest expected range.
TO_LIMIT, TO_RANGE = 2.66, 3.267
SHIFT, TREND = 7, 6
#: Of so many in a row, so many near a limit; near is beyond this share of the way to it.
NEAR_OF, NEAR, NEAR_SHARE = 3, 2, 2 / 3


@dataclass(frozen=True)
class Process:
    """Values in order of time, with their limits.

    Attributes:
        mean: of the values.
        lower: process limit.
        upper: process limit.
        ranges: the difference of each value from the one before, without sign; one fewer.
        range_limit: largest moving range that is expected.
        causes: of each value, the rules that it breaks.
    """

    mean: float
    lower: float
    upper: float
    ranges: tuple[float, ...]
    range_limit: float
    causes: tuple[frozenset[Cause], ...]


def process(values: Sequence[float]) -> Process:
    """Limits and special causes of values in order of time.

    Raises:
        ValueError: of fewer than two values.
    """
    if len(values) < 2:
        raise ValueError("limits need two values")
    mean = fmean(values)
    ranges = [abs(later - earlier) for earlier, later in pairwise(values)]
    kept = [own for own in ranges if own <= TO_RANGE * fmean(ranges)]
    usual = fmean(kept)
    spread = TO_LIMIT * usual
    found: list[set[Cause]] = [set() for _ in values]
    for at, value in enumerate(values):
        if abs(value - mean) > spread:
            found[at].add("beyond")
    steps = [(later > earlier) - (later < earlier) for earlier, later in pairwise(values)]
    for sign in (1, -1):
        side = [sign * (value - mean) > 0 for value in values]
        _mark(found, side, SHIFT, "shift", wider=0)
        # Six values in a row have five steps between them.
        _mark(found, [step == sign for step in steps], TREND - 1, "trend", wider=1)
        near = [sign * (value - mean) > NEAR_SHARE * spread for value in values]
        for start in range(len(values) - NEAR_OF + 1):
            window = range(start, start + NEAR_OF)
            if spread and sum(near[at] for at in window) >= NEAR:
                for at in window:
                    if near[at]:
                        found[at].add("near")
    return Process(
        mean,
        mean - spread,
        mean + spread,
        tuple(ranges),
        TO_RANGE * usual,
        tuple(frozenset(own) for own in found),
    )


def _mark(
    found: list[set[Cause]], holds: Sequence[bool], length: int, cause: Cause, *, wider: int
) -> None:
    """Mark the values of each run that is long enough; ``wider`` more at its end."""
    start = 0
    for at in range(len(holds) + 1):
        if at < len(holds) and holds[at]:
            continue
        if at - start >= length:
            for own in range(start, at + wider):
                found[own].add(cause)
        start = at + 1
