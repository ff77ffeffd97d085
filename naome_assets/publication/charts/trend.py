"""Trend: values over time with their 95 % limits."""

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
    nice_ticks,
    percent_ticks,
    value_axis,
)

_WIDTH, _HEIGHT = 520.0, 350.0
_RIGHT, _BOTTOM = 506.0, 312.0


@dataclass(frozen=True)
class Series:
    """A line: one (value, lower, upper) a time, None where there is none to show."""

    name: str
    values: Sequence[tuple[float | None, float | None, float | None]]


def trend(
    heading: Heading, times: Sequence[str], series: Sequence[Series], value_label: str,
    *, is_percent: bool = True,
) -> str:  # fmt: skip
    """The chart; ``times`` are written below, as many as fit."""
    drawing = Drawing(_WIDTH, _HEIGHT, heading)
    known = [
        number for line in series for cell in line.values for number in cell if number is not None
    ]
    ticks = percent_ticks(known) if is_percent else nice_ticks(0, max([*known, 1]) * 1.02)
    left = 20.0 + 8 * max(len(f"{tick:,.10g}") for tick in ticks)
    below = 0.0
    if len(series) > 1:
        items = [
            LegendItem(line.name, *LINES[index % len(LINES)]) for index, line in enumerate(series)
        ]
        below = legend(drawing, items, 0, 12, _WIDTH)
    top = below + 34
    drawing.text((0, top - 14), value_label, colour=GREY)
    up = Scale(ticks[0], ticks[-1], _BOTTOM, top)
    across = Scale(0, max(1, len(times) - 1), left + 14, _RIGHT - 28)
    value_axis(drawing, ticks, up, left, _RIGHT)
    # A label takes some 72 units; the last time is always written.
    step = max(1, -(-len(times) * 72 // int(_RIGHT - left)))
    for index, time in enumerate(times):
        if (len(times) - 1 - index) % step == 0:
            drawing.line((across(index), _BOTTOM), (across(index), _BOTTOM + 5), GREY)
            drawing.text((across(index), _BOTTOM + 22), time, anchor="middle", colour=GREY)
    for index, line in enumerate(series):
        colour, _ = LINES[index % len(LINES)]
        for run in _runs(line):
            upper = [(across(at), up(cell[2])) for at, cell in run if cell[2] is not None]
            lower = [(across(at), up(cell[1])) for at, cell in run if cell[1] is not None]
            drawing.area([*upper, *reversed(lower)], colour)
            # A value alone has no band: its limits are a line.
            if len(run) == len(upper) == len(lower) == 1:
                drawing.line(lower[0], upper[0], colour, 1.5)
    for index, line in enumerate(series):
        colour, dash = LINES[index % len(LINES)]
        for run in _runs(line):
            points: list[Point] = [(across(at), up(cell[0])) for at, cell in run]
            drawing.path(points, colour, 2.5, dash)
            for (at, cell), point in zip(run, points, strict=True):
                tip = f"{line.name}, {times[at]}: {cell[0]:,.{1 if is_percent else 0}f}"
                drawing.mark(point, colour, size=3, title=tip)
    return drawing.svg()


_Cell = tuple[float, float | None, float | None]


def _runs(line: Series) -> list[list[tuple[int, _Cell]]]:
    """Stretches without a gap: no line is drawn over a value that is not shown."""
    runs: list[list[tuple[int, _Cell]]] = [[]]
    for index, (value, lower, upper) in enumerate(line.values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((index, (value, lower, upper)))
    return [run for run in runs if run]
