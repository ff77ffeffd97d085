"""Values of several groups side by side: a dot with its limits, or a median in its quartiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from naome_assets.publication.charts.svg import (
    BLUE,
    GREY,
    GRID,
    INK,
    ORANGE,
    Drawing,
    Heading,
    Scale,
    nice_ticks,
    percent_ticks,
    text_width,
    tick_label,
    wrap_text,
)

_WIDTH, _RIGHT = 520.0, 430.0
_ROW, _LINE = 38.0, 16.0
_NAME_WIDTH = 176.0


@dataclass(frozen=True)
class Interval:
    """A value with its limits; ``text`` is written at the right, also when there is no value."""

    name: str
    text: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    is_own: bool = False


@dataclass(frozen=True)
class Spread:
    """Quartiles in days; None where not reached."""

    name: str
    text: str
    lower: float | None
    median: float | None
    upper: float | None


def interval_plot(
    heading: Heading, rows: Sequence[Interval], value_label: str,
    *, reference: float | None = None, reference_label: str = "",
) -> str:  # fmt: skip
    """A row a group, percent; one's own is bold, the reference is a line."""
    known = [x for row in rows for x in (row.value, row.lower, row.upper) if x is not None]
    ticks = percent_ticks([*known, *([] if reference is None else [reference])])
    top = 14.0 if reference is None else 34.0
    drawing, across, high = _frame(heading, [row.name for row in rows], ticks, value_label, top)
    if reference is not None:
        bottom = top + high * len(rows)
        drawing.line((across(reference), top - 4), (across(reference), bottom), BLUE, 2, "5 3")
        drawing.text((across(reference), top - 10), reference_label, anchor="middle", colour=BLUE)
    for index, row in enumerate(rows):
        y = top + high * (index + 0.5)
        if row.value is not None:
            colour = INK if row.is_own or reference is None else GREY
            if row.lower is not None and row.upper is not None:
                drawing.line((across(row.lower), y), (across(row.upper), y), colour, 3)
                for edge in (row.lower, row.upper):
                    drawing.line((across(edge), y - 5), (across(edge), y + 5), colour, 2)
            shape = "diamond" if row.is_own else "circle"
            drawing.mark((across(row.value), y), colour, size=7 if row.is_own else 5, shape=shape)
        drawing.text((_RIGHT + 10, y + 5), row.text, bold=row.is_own)
    return drawing.svg()


def spread_plot(heading: Heading, rows: Sequence[Spread], value_label: str) -> str:
    """A row a group: box between the quartiles, line at the median; open when not reached."""
    known = [x for row in rows for x in (row.lower, row.median, row.upper) if x is not None]
    ticks = nice_ticks(0, max([*known, 10]) * 1.05)
    top = 14.0
    drawing, across, high = _frame(heading, [row.name for row in rows], ticks, value_label, top)
    for index, row in enumerate(rows):
        y = top + high * (index + 0.5)
        if row.lower is not None:
            end = ticks[-1] if row.upper is None else row.upper
            drawing.rect(
                (across(row.lower), y - 9), across(end) - across(row.lower), 18, "#aac8e6",
                stroke=BLUE,
            )  # fmt: skip
            if row.upper is None:
                drawing.rect((across(end) - 3, y - 10), 6, 20, "#ffffff")
        if row.median is not None:
            drawing.line((across(row.median), y - 12), (across(row.median), y + 12), INK, 4)
        drawing.text((_RIGHT + 10, y + 5), row.text)
    return drawing.svg()


def signed_bars(
    heading: Heading, names: Sequence[str], values: Sequence[float], value_label: str
) -> str:
    """A bar a name from 0, to the right above it and to the left below; its value beside it."""
    ticks = nice_ticks(min([0.0, *values]), max([0.0, *values]))
    top = 14.0
    drawing, across, high = _frame(heading, names, ticks, value_label, top)
    for index, value in enumerate(values):
        y = top + high * (index + 0.5)
        start, end = sorted((across(0), across(value)))
        drawing.rect((start, y - 9), end - start, 18, BLUE if value >= 0 else ORANGE)
        drawing.text((_RIGHT + 10, y + 5), f"{value:+.1f}")
    drawing.line((across(0), top), (across(0), top + high * len(values)), INK, 1.5)
    return drawing.svg()


def _frame(
    heading: Heading, names: Sequence[str], ticks: Sequence[float], value_label: str, top: float
) -> tuple[Drawing, Scale, float]:
    """Names, axis and grid; gives the height of a row too."""
    wrapped = [wrap_text(name, _NAME_WIDTH, 3) for name in names]
    high = max([_ROW, *(_LINE * len(lines) + 4 for lines in wrapped)])
    bottom = top + high * len(names)
    drawing = Drawing(_WIDTH, bottom + 52, heading)
    left = min(_NAME_WIDTH, max([text_width(name) for name in names] or [0])) + 18
    across = Scale(ticks[0], ticks[-1], left, _RIGHT - 10)
    for tick in ticks:
        drawing.line((across(tick), top), (across(tick), bottom), GRID)
        drawing.text((across(tick), bottom + 20), tick_label(tick), anchor="middle", colour=GREY)
    drawing.text((_RIGHT - 10, bottom + 42), value_label, anchor="end", colour=GREY)
    for index, lines in enumerate(wrapped):
        first = top + high * (index + 0.5) + 5 - _LINE / 2 * (len(lines) - 1)
        for at, line in enumerate(lines):
            drawing.text((0, first + _LINE * at), line)
    return drawing, across, high
