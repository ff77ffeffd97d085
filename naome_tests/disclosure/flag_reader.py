"""Outliers as a reader works with them: which pairs of counts each flag leaves possible.

Shares no code with disclosure control. Limits are those of the method book, section 6.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import cache
from math import sqrt

import pandas as pd

Z = {"alert": 1.959963984540054, "alarm": 3.090232306167813}
_TOLERANCE = 1e-9
_MINIMUM = 10

#: a x denominator + b x numerator <= c
Line = tuple[float, float, float]


def flag_of(numerator: int, denominator: int, target: float) -> str | None:
    """The outlier of counts; none under 10 people."""
    if denominator < _MINIMUM:
        return None
    share, value = target / 100, 100 * numerator / denominator
    for name in ("alarm", "alert"):
        z = Z[name]
        centre = 2 * denominator * share + z * z
        spread = z * sqrt(z * z + 4 * denominator * share * (1 - share))
        lower, upper = (
            100 * min(1.0, max(0.0, (centre + sign * spread) / 2 / (denominator + z * z)))
            for sign in (-1, 1)
        )
        if value < lower - _TOLERANCE:
            return f"{name}_low"
        if value > upper + _TOLERANCE:
            return f"{name}_high"
    return "within"


def with_flags(frame: pd.DataFrame, numerator: str, denominator: str) -> pd.DataFrame:
    """A true table with its targets and the outliers of places."""
    keys = [n for n in ("quarter", "period", "presentation", "indicator") if n in frame]
    both = frame[frame["geography_type"] == "england_and_wales"]
    target = (100 * both[numerator] / both[denominator].where(both[denominator] > 0)).rename("t")
    aims = frame[keys].merge(
        pd.concat([both[keys], target.astype(float)], axis=1), how="left", on=keys
    )["t"]
    is_place = frame["geography_type"].isin(["cancer_alliance", "provider"])
    flags = [
        flag_of(int(part), int(whole), aim) if place and pd.notna(aim) and pd.notna(whole) else None
        for part, whole, aim, place in zip(
            frame[numerator], frame[denominator], aims, is_place, strict=True
        )
    ]
    return frame.assign(
        target_pct=aims.to_numpy(), outlier=pd.Series(flags, index=frame.index, dtype=object)
    )


@cache
def lines_around(
    flag: str, target: float, fewest: int, most: int, least: int, largest: int
) -> tuple[Line, ...]:
    """What a flag says of a denominator from fewest to most and a numerator from least to largest.

    The lines are the hull of the pairs of which the flag is true.
    """
    ends = []
    for whole in range(fewest, most + 1):
        own = [
            part
            for part in range(least, min(largest, whole) + 1)
            if flag_of(part, whole, target) == flag
        ]
        if own:
            ends.append((whole, min(own), max(own)))
    assert ends, "the flag cannot be true"
    return (
        (-1.0, 0.0, -float(ends[0][0])),
        (1.0, 0.0, float(ends[-1][0])),
        *((a, -b, c) for a, b, c in _above([(n, -low) for n, low, _ in ends])),
        *_above([(n, high) for n, _, high in ends]),
    )


def _above(points: list[tuple[int, int]]) -> Iterator[Line]:
    """Lines that points lie under."""
    hull: list[tuple[int, int]] = []
    for x, y in points:
        while len(hull) > 1:
            (x1, y1), (x2, y2) = hull[-2:]
            if (y2 - y1) * (x - x1) > (y - y1) * (x2 - x1):
                break
            hull.pop()
        hull.append((x, y))
    if len(hull) == 1:
        yield 0.0, 1.0, float(hull[0][1])
    for (x1, y1), (x2, y2) in itertools.pairwise(hull):
        slope = (y2 - y1) / (x2 - x1)
        yield -slope, 1.0, y1 - slope * x1
