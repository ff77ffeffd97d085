"""A bridge: from one count to another, step by step, each beginning where the one before ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from naome_assets.publication.charts.svg import (
    BLUE,
    GREY,
    GRID,
    INK,
    Drawing,
    Heading,
    Scale,
    nice_ticks,
    tick_label,
    wrap_text,
)

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW = 520.0, 170.0, 440.0, 30.0, 40.0
#: A step is lighter than a total.
_STEP = "#f2b885"


@dataclass(frozen=True)
class Step:
    """One row: a total, which begins at nought, or what is added to the row before."""

    name: str
    count: float
    is_total: bool = False

    @property
    def words(self) -> str:
        """The count, with its sign where it is added."""
        return f"{self.count:,.0f}" if self.is_total else f"+{self.count:,.0f}"


def bridge(heading: Heading, steps: Sequence[Step], value_label: str) -> str:
    """Bars below one another, joined by thin lines at the value that each reaches."""
    bottom = _TOP + _ROW * len(steps)
    drawing = Drawing(_WIDTH, bottom + 30, heading)
    spans = _spans(steps)
    ticks = nice_ticks(0, max([end for _, end in spans] + [1]))
    across = Scale(ticks[0], ticks[-1], _LEFT, _RIGHT)
    drawing.text((0, 14), value_label, colour=GREY)
    for tick in ticks:
        x = across(tick)
        drawing.line((x, _TOP), (x, bottom), GREY if tick == ticks[0] else GRID)
        drawing.text((x, bottom + 20), tick_label(tick), anchor="middle", colour=GREY)
    for row, (step, (start, end)) in enumerate(zip(steps, spans, strict=True)):
        y = _TOP + _ROW * row
        drawing.rect(
            (across(start), y + 8), across(end) - across(start), _ROW - 16,
            BLUE if step.is_total else _STEP, stroke=INK, title=f"{step.name}: {step.words}",
        )  # fmt: skip
        drawing.text((across(end) + 6, y + _ROW / 2 + 5), step.words, halo=True)
        if row + 1 < len(steps):
            drawing.line((across(end), y + _ROW - 8), (across(end), y + _ROW + 8), GREY, dash="3 3")
        lines = wrap_text(step.name, _LEFT - 12, 2)
        first = y + _ROW / 2 + (5 if len(lines) == 1 else -3)
        for line, text in enumerate(lines):
            drawing.text((0, first + 16 * line), text)
    return drawing.svg()


def _spans(steps: Sequence[Step]) -> list[tuple[float, float]]:
    """Where each step begins and ends."""
    reached, spans = 0.0, []
    for step in steps:
        start = 0.0 if step.is_total else reached
        reached = start + step.count
        spans.append((start, reached))
    return spans
