"""Curves over time since the MBC date, drawn from their published points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from naome_assets.publication.charts.svg import (
    GREY,
    LINES,
    Drawing,
    Heading,
    LegendItem,
    Point,
    Scale,
    legend,
    tick_label,
    value_axis,
)

_WIDTH = 520.0
_RIGHT, _PLOT = 506.0, 270.0


@dataclass(frozen=True)
class Curve:
    """A curve at some days, percent 0-100; limits may be None. Straight lines join its points."""

    name: str
    days: Sequence[float]
    values: Sequence[float]
    lower: Sequence[float | None] = ()
    upper: Sequence[float | None] = ()
    at_risk: Sequence[int] = ()


def survival(
    heading: Heading, curves: Sequence[Curve], ticks: Sequence[tuple[float, str]],
    value_label: str, time_label: str, at_risk_label: str = "",
) -> str:  # fmt: skip
    """The curves from day 0 to the last tick.

    Args:
        heading: Name, title and description.
        curves: At most three.
        ticks: Day and words of each mark on the time axis; people at risk are written below each.
        value_label: What the percentage is.
        time_label: What the time is.
        at_risk_label: Heading of the numbers at risk; none are written without it, nor below a
            mark on which the curve has no point.
    """
    risk_rows = [curve for curve in curves if curve.at_risk] if at_risk_label else []
    names = max([len(curve.name) for curve in curves] or [0])
    # The first number at risk is in the middle of the axis, beside the name.
    left = max(46.0, 34.0 + 7.6 * names) if risk_rows else 46.0
    items = [LegendItem(c.name, *LINES[i % len(LINES)]) for i, c in enumerate(curves)]
    rows = 60.0 + (26 + 20 * len(risk_rows) if risk_rows else 0)
    drawing = Drawing(_WIDTH, 40 + 20 + _PLOT + rows, heading)
    top = legend(drawing, items, 0, 12, _WIDTH) + 34
    bottom = top + _PLOT
    drawing.text((0, top - 14), value_label, colour=GREY)
    end = ticks[-1][0]
    across = Scale(0, end, left, _RIGHT)
    up = Scale(0, 100, bottom, top)
    value_axis(drawing, [0, 20, 40, 60, 80, 100], up, left, _RIGHT)
    for index, (day, words) in enumerate(ticks):
        x = across(day)
        drawing.line((x, bottom), (x, bottom + 5), GREY)
        drawing.text((x, bottom + 22), words, anchor=_anchor(index, len(ticks)), colour=GREY)
    drawing.text((_RIGHT, bottom + 44), time_label, anchor="end", colour=GREY)
    for index, curve in enumerate(curves):
        colour, _ = LINES[index % len(LINES)]
        upper = _points(curve.days, curve.upper, end)
        lower = _points(curve.days, curve.lower, end)
        drawing.area([(across(x), up(y)) for x, y in [*upper, *reversed(lower)]], colour)
    for index, curve in enumerate(curves):
        colour, dash = LINES[index % len(LINES)]
        line = [(across(x), up(y)) for x, y in _points(curve.days, curve.values, end)]
        drawing.path(line, colour, 2.5, dash)
    if risk_rows:
        drawing.text((0, bottom + 66), at_risk_label, colour=GREY)
    for row, curve in enumerate(risk_rows):
        y = bottom + 88 + 20 * row
        drawing.text((0, y), curve.name)
        for index, (day, _) in enumerate(ticks):
            if day in curve.days:
                count = tick_label(curve.at_risk[curve.days.index(day)])
                drawing.text((across(day), y), count, anchor=_anchor(index, len(ticks)))
    return drawing.svg()


def _anchor(index: int, count: int) -> str:
    return "end" if index == count - 1 else "middle"


def _points(days: Sequence[float], values: Sequence[float | None], end: float) -> list[Point]:
    points = zip(days, values, strict=False)
    return [(day, value) for day, value in points if value is not None and day <= end]
