"""Published curves as they are drawn, and their points as text."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from naome_assets.publication import charts
from naome_assets.publication.report.words import Row, Words, number


def by_day(rows: Iterable[Row]) -> list[Row]:
    """The points of a curve in order."""
    return sorted(rows, key=lambda row: number(row, "day") or 0.0)


#: Of fewer people no curve is drawn: its end would move with each of them [ours].
LEAST_AT_RISK = 10


def followed_by_enough(rows: Iterable[Row]) -> list[Row]:
    """The points of a curve in order, up to the last before fewer are at risk than it needs."""
    return list(takewhile(lambda row: (number(row, "at_risk") or 0) >= LEAST_AT_RISK, by_day(rows)))


def curve(name: str, rows: list[Row], value: str, lower: str = "", upper: str = "") -> charts.Curve:
    """A column of the points of a curve, in order, with the columns of its limits."""
    return charts.Curve(
        name,
        [number(row, "day") or 0.0 for row in rows],
        [number(row, value) or 0.0 for row in rows],
        [number(row, lower) for row in rows],
        [number(row, upper) for row in rows],
        [int(number(row, "at_risk") or 0) for row in rows],
    )


def point_cells(words: Words, drawn: charts.Curve, day: float) -> tuple[str, str, str]:
    """Value, interval and those followed to a day, as text; none where no point is published."""
    none = words("none.short")
    if day not in drawn.days:
        return none, none, none
    point = drawn.days.index(day)
    at_risk = drawn.at_risk[point]
    if at_risk == 0:
        return none, none, "0"
    lower, upper = drawn.lower[point], drawn.upper[point]
    interval = none
    if lower is not None and upper is not None:
        interval = words("interval", lower=f"{lower:.1f}", upper=f"{upper:.1f}")
    return f"{drawn.values[point]:.1f}%", interval, f"{at_risk:,}"
