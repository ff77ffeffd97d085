"""XmR chart: values over time between process limits, and below them the moving ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from naome_assets.publication.charts.svg import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    Drawing,
    Heading,
    LegendItem,
    Scale,
    legend,
    nice_ticks,
    percent_ticks,
    value_axis,
)

_WIDTH, _HEIGHT = 520.0, 450.0
_RIGHT, _BOTTOM = 506.0, 412.0
_RANGES_TOP, _VALUES_BOTTOM = 330.0, 284.0
_DASH = "6 4"


@dataclass(frozen=True)
class ProcessPoint:
    """A value; ``cause`` is what it says where it is a special cause, or nothing."""

    time: str
    value: float
    cause: str = ""


@dataclass(frozen=True)
class ProcessLimits:
    """Mean and limits of the values, and the limit of the moving ranges."""

    mean: float
    lower: float
    upper: float
    range_limit: float


@dataclass(frozen=True)
class ProcessWords:
    """What is written: labels of the two axes, and of the legend."""

    value: str
    moving_range: str
    mean: str
    limits: str
    high: str
    low: str


def xmr(
    heading: Heading, points: Sequence[ProcessPoint], limits: ProcessLimits, words: ProcessWords
) -> str:
    """The chart, of percentages: limits outside 0 to 100 are not drawn."""
    drawing = Drawing(_WIDTH, _HEIGHT, heading)
    below = legend(
        drawing,
        [
            LegendItem(words.mean, BLUE),
            LegendItem(words.limits, GREY, _DASH),
            LegendItem(words.high, ORANGE, shape="up"),
            LegendItem(words.low, ORANGE, shape="down"),
        ],
        0,
        12,
        _WIDTH,
    )
    top = below + 34
    drawing.text((0, top - 14), words.value, colour=GREY)
    drawn = [own for own in (limits.lower, limits.upper) if 0 <= own <= 100]
    values = [point.value for point in points]
    ticks = percent_ticks([*values, *drawn], margin=1)
    up = Scale(ticks[0], ticks[-1], _VALUES_BOTTOM, top)
    across = Scale(0, max(1, len(points) - 1), 58, _RIGHT - 28)
    value_axis(drawing, ticks, up, 44, _RIGHT)
    drawing.line((44, up(limits.mean)), (_RIGHT, up(limits.mean)), BLUE, 2)
    for own in drawn:
        drawing.line((44, up(own)), (_RIGHT, up(own)), GREY, 1.5, _DASH)
    drawing.path([(across(at), up(value)) for at, value in enumerate(values)], INK, 1.5)
    for at, point in enumerate(points):
        tip = f"{point.time}: {point.value:.1f}"
        centre = (across(at), up(point.value))
        if point.cause:
            shape = "up" if point.value > limits.mean else "down"
            drawing.mark(centre, ORANGE, size=6, shape=shape, title=f"{tip}; {point.cause}")
        else:
            drawing.mark(centre, INK, size=3.5, title=tip)
    _ranges(drawing, values, limits, words, across)
    step = max(1, -(-len(points) * 72 // int(_RIGHT - 44)))
    for at, point in enumerate(points):
        if (len(points) - 1 - at) % step == 0:
            drawing.line((across(at), _BOTTOM), (across(at), _BOTTOM + 5), GREY)
            drawing.text((across(at), _BOTTOM + 22), point.time, anchor="middle", colour=GREY)
    return drawing.svg()


def _ranges(
    drawing: Drawing,
    values: Sequence[float],
    limits: ProcessLimits,
    words: ProcessWords,
    across: Scale,
) -> None:
    """The moving ranges: each is drawn at the later of its two values."""
    ranges = [abs(values[at] - values[at - 1]) for at in range(1, len(values))]
    ticks = nice_ticks(0, max(*ranges, limits.range_limit, 0.1) * 1.02, about=3)
    up = Scale(ticks[0], ticks[-1], _BOTTOM, _RANGES_TOP)
    drawing.text((0, _RANGES_TOP - 14), words.moving_range, colour=GREY)
    value_axis(drawing, ticks, up, 44, _RIGHT)
    height = up(limits.range_limit)
    drawing.line((44, height), (_RIGHT, height), GREY, 1.5, _DASH)
    places = [(across(at), up(own)) for at, own in enumerate(ranges, 1)]
    drawing.path(places, INK, 1.5)
    for place in places:
        drawing.mark(place, INK, size=2.5)
