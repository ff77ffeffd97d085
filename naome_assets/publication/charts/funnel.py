"""Funnel plot: each place by its size, against control limits around the target."""

from __future__ import annotations

import statistics
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
    fit_text,
    legend,
    nice_ticks,
    percent_ticks,
    text_width,
    tick_label,
    value_axis,
)
from naome_assets.statistics.control_limits import control_limits

#: Exact normal quantiles (ruling A8).
Z_95 = statistics.NormalDist().inv_cdf(0.975)
Z_998 = statistics.NormalDist().inv_cdf(0.999)

_WIDTH, _HEIGHT = 520.0, 420.0
_LEFT, _RIGHT, _BOTTOM = 42.0, 506.0, 368.0
_SHAPES = {
    "alert_low": ("down", ORANGE, True),
    "alarm_low": ("down", ORANGE, False),
    "alert_high": ("up", BLUE, True),
    "alarm_high": ("up", BLUE, False),
}


@dataclass(frozen=True)
class FunnelPoint:
    """A place: people in its denominator, its percentage, and how it compares."""

    name: str
    denominator: float
    value: float
    outlier: str | None = None
    is_own: bool = False


@dataclass(frozen=True)
class FunnelWords:
    """What is written on the plot."""

    denominator: str
    value: str
    target: str
    limits_95: str
    limits_998: str
    alert: str
    alarm: str


def funnel(
    heading: Heading, points: Sequence[FunnelPoint], target: float, words: FunnelWords
) -> str:
    """The plot; ``target`` in percent. Places beyond the limits, and one's own, are named."""
    drawing = Drawing(_WIDTH, _HEIGHT, heading)
    largest = max([point.denominator for point in points] or [100])
    x_ticks = nice_ticks(0, largest * 1.04)
    across = Scale(0, x_ticks[-1], _LEFT, _RIGHT)
    sizes = _sizes(min([point.denominator for point in points] or [10]), x_ticks[-1])
    limits = {z: [control_limits(target, size, z) for size in sizes] for z in (Z_95, Z_998)}
    shown = [point.value for point in points] + [target]
    # The mouth of the funnel is wider than anything in it: the limits of the smallest place do.
    shown += list(limits[Z_998][len(sizes) // 4])
    ticks = percent_ticks(shown)

    below = legend(drawing, _legend(points, words), 0, 12, _WIDTH)
    top = 12 + below + 22
    up = Scale(ticks[0], ticks[-1], _BOTTOM, top)
    drawing.text((0, top - 12), words.value, colour=GREY)
    value_axis(drawing, ticks, up, _LEFT, _RIGHT)
    for tick in x_ticks:
        drawing.line((across(tick), _BOTTOM), (across(tick), _BOTTOM + 5), GREY)
        drawing.text((across(tick), _BOTTOM + 20), tick_label(tick), anchor="middle", colour=GREY)
    drawing.text((_RIGHT, _BOTTOM + 42), words.denominator, anchor="end", colour=GREY)

    for z, dash, width in ((Z_998, "", 1.5), (Z_95, "6 4", 1.2)):
        for side in (0, 1):
            line = [
                (across(size), up(limit[side]))
                for size, limit in zip(sizes, limits[z], strict=True)
                if ticks[0] <= limit[side] <= ticks[-1]
            ]
            drawing.path(line, GREY, width, dash)
    drawing.line((across(0), up(target)), (_RIGHT, up(target)), BLUE, 2)

    for point in sorted(points, key=lambda point: (point.is_own, point.outlier != "within")):
        _draw(drawing, point, (across(point.denominator), up(point.value)))
    _name(drawing, points, across, up)
    return drawing.svg()


def _sizes(smallest: float, largest: float) -> list[float]:
    start = max(2.0, min(smallest, largest / 2) * 0.8)
    steps = 60
    return [start * (largest / start) ** (step / steps) for step in range(steps + 1)]


def _legend(points: Sequence[FunnelPoint], words: FunnelWords) -> list[LegendItem]:
    items = [
        LegendItem(words.target, BLUE),
        LegendItem(words.limits_95, GREY, "6 4"),
        LegendItem(words.limits_998, GREY),
    ]
    seen = {point.outlier for point in points}
    if seen & {"alert_low", "alert_high"}:
        items.append(LegendItem(words.alert, INK, shape="up", hollow=True))
    if seen & {"alarm_low", "alarm_high"}:
        items.append(LegendItem(words.alarm, INK, shape="up"))
    return items


def _draw(drawing: Drawing, point: FunnelPoint, place: tuple[float, float]) -> None:
    shape, colour, hollow = _SHAPES.get(point.outlier or "", ("circle", GREY, True))
    tip = f"{point.name}: {point.value:.1f} % ({point.denominator:,.0f})"
    if point.is_own:
        drawing.mark(place, INK, size=12, hollow=True)
        drawing.mark(place, INK if shape == "circle" else colour, size=6, shape=shape, title=tip)
        return
    drawing.mark(place, colour, size=5 if shape != "circle" else 4, shape=shape, title=tip,
                 hollow=hollow)  # fmt: skip


def _name(drawing: Drawing, points: Sequence[FunnelPoint], across: Scale, up: Scale) -> None:
    """Own name always; names of places beyond 99.8 % where there is room for them."""
    taken: list[tuple[float, float, float]] = []
    wanted = [point for point in points if point.is_own]
    if not wanted:
        wanted = [point for point in points if (point.outlier or "").startswith("alarm")]
        wanted.sort(key=lambda point: -point.denominator)
    for point in wanted[:8]:
        x, y = across(point.denominator), up(point.value)
        label = fit_text(point.name, 230)
        width = text_width(label, 13)
        start = x + 14 if x + 14 + width < _RIGHT else x - 14 - width
        if any(abs(y - other) < 16 and start < right and start + width > left
               for left, right, other in taken):  # fmt: skip
            continue
        taken.append((start, start + width, y))
        drawing.text((start, y + 4), label, size=13, bold=point.is_own, halo=True)
