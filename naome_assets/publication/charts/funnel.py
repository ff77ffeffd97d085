"""Funnel plot: each place by its size, against control limits around the target."""

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
    text_width,
    tick_label,
    value_axis,
    wrap_text,
)
from naome_assets.publication.decimals import FROM_PEOPLE
from naome_assets.statistics.control_limits import control_limits
from naome_assets.transform.project import load_project

#: Normal quantiles of the limits (ruling A8).
Z_95 = float(load_project().variables["z_95"])
Z_998 = float(load_project().variables["z_998"])

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


class FunnelPlot:
    """A plot of all places, from which each place's own is made by marking it."""

    def __init__(
        self, heading: Heading, points: Sequence[FunnelPoint], target: float, words: FunnelWords,
        *, has_tips: bool = True,
    ) -> None:  # fmt: skip
        """Draw limits, target (percent) and places.

        Without tips the places within the limits are one path, which keeps the many copies of the
        plot small.
        """
        self._drawing = drawing = Drawing(_WIDTH, _HEIGHT, heading)
        self._heading = heading
        largest = max([point.denominator for point in points] or [100])
        x_ticks = nice_ticks(0, largest * 1.04)
        self._across = across = Scale(0, x_ticks[-1], _LEFT, _RIGHT)
        sizes = _sizes(min([point.denominator for point in points] or [10]), x_ticks[-1])
        limits: dict[float, list[tuple[float, float]]] = {}
        for z in (Z_95, Z_998):
            lower, upper = control_limits(target, sizes, z)
            limits[z] = list(zip(lower.tolist(), upper.tolist(), strict=True))
        # The mouth of the funnel is wider than anything in it: a size further in sets the axis.
        shown = [*(point.value for point in points), target, *limits[Z_998][len(sizes) // 4]]
        ticks = percent_ticks(shown)

        top = 12 + legend(drawing, _legend(points, words), 0, 12, _WIDTH) + 22
        self._up = up = Scale(ticks[0], ticks[-1], _BOTTOM, top)
        drawing.text((0, top - 12), words.value, colour=GREY)
        value_axis(drawing, ticks, up, _LEFT, _RIGHT)
        for tick in x_ticks:
            x = across(tick)
            drawing.line((x, _BOTTOM), (x, _BOTTOM + 5), GREY)
            anchor = "end" if tick == x_ticks[-1] else "middle"
            drawing.text((x, _BOTTOM + 20), tick_label(tick), anchor=anchor, colour=GREY)
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

        plain = [point for point in points if point.outlier not in _SHAPES]
        if has_tips:
            for point in plain:
                self._mark(drawing, point, has_tip=True)
        else:
            drawing.dots([self._at(point) for point in plain], GREY)
        for point in points:
            if point.outlier in _SHAPES:
                self._mark(drawing, point, has_tip=has_tips)
        self._names = [point for point in points if (point.outlier or "").startswith("alarm")]
        self._names.sort(key=lambda point: -point.denominator)

    def all(self) -> str:
        """The plot, with names of the largest places beyond 99.8 % where there is room."""
        over = Drawing(_WIDTH, _HEIGHT, self._heading)
        taken: list[tuple[float, float, float]] = []
        for point in self._names[:8]:
            self._name(over, point, taken)
        return self._drawing.svg(over)

    def own(self, point: FunnelPoint) -> str:
        """The plot with one place ringed and named."""
        over = Drawing(_WIDTH, _HEIGHT, self._heading)
        over.mark(self._at(point), INK, size=12, hollow=True)
        shape, colour, hollow = _SHAPES.get(point.outlier or "", ("circle", INK, False))
        over.mark(self._at(point), colour, size=6, shape=shape, hollow=hollow, title=_tip(point))
        self._name(over, point, [], bold=True)
        return self._drawing.svg(over)

    def _at(self, point: FunnelPoint) -> tuple[float, float]:
        return self._across(point.denominator), self._up(point.value)

    def _mark(self, drawing: Drawing, point: FunnelPoint, *, has_tip: bool) -> None:
        shape, colour, hollow = _SHAPES.get(point.outlier or "", ("circle", GREY, True))
        size = 4 if shape == "circle" else 5
        tip = _tip(point) if has_tip else ""
        drawing.mark(self._at(point), colour, size=size, shape=shape, title=tip, hollow=hollow)

    def _name(
        self, drawing: Drawing, point: FunnelPoint, taken: list[tuple[float, float, float]],
        *, bold: bool = False,
    ) -> None:  # fmt: skip
        x, y = self._at(point)
        # On the side with more room, as much of the name as fits there.
        room = max(_RIGHT - x, x - _LEFT) - 16
        lines = wrap_text(point.name, room, 2 if bold else 1, 13)
        width = max((text_width(line, 13) for line in lines), default=0.0)
        start = x + 16 if x + 16 + width < _RIGHT else x - 16 - width
        if any(abs(y - other) < 16 and start < right and start + width > left
               for left, right, other in taken):  # fmt: skip
            return
        taken.append((start, start + width, y))
        for at, line in enumerate(lines):
            drawing.text((start, y + 4 + 16 * at), line, size=13, bold=bold, halo=True)


def _tip(point: FunnelPoint) -> str:
    decimals = int(point.denominator >= FROM_PEOPLE)
    return f"{point.name}: {point.value:.{decimals}f}% ({point.denominator:,.0f})"


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
