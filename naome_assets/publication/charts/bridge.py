"""A bridge: from one count to another, step by step, each standing where the one before ended."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from naome_assets.publication.charts.svg import (
    BLUE,
    GREY,
    INK,
    Drawing,
    Heading,
    Scale,
    nice_ticks,
    value_axis,
)

_WIDTH, _HEIGHT, _RIGHT, _TOP, _BOTTOM = 760.0, 390.0, 746.0, 34.0, 312.0
#: Width that a letter of a step's name takes.
_LETTER = 7.0
#: A step is lighter than a total, and outlined.
_STEP = "#f2b885"


@dataclass(frozen=True)
class Step:
    """One column: a total, which begins at nought, or what is added to the column before."""

    name: str
    count: float
    is_total: bool = False


def bridge(heading: Heading, steps: Sequence[Step], value_label: str) -> str:
    """Columns side by side, joined by thin lines at the height that each reaches."""
    drawing = Drawing(_WIDTH, _HEIGHT, heading)
    reached = 0.0
    ends = []
    for step in steps:
        base = 0.0 if step.is_total else reached
        reached = base + step.count
        ends.append((base, reached))
    ticks = nice_ticks(0, max([end for _, end in ends] + [1]))
    drawing.text((0, _TOP - 14), value_label, colour=GREY)
    left = 20.0 + 8 * max(len(f"{tick:,.10g}") for tick in ticks)
    up = Scale(ticks[0], ticks[-1], _BOTTOM, _TOP + 12)
    value_axis(drawing, ticks, up, left, _RIGHT)
    width = (_RIGHT - left) / max(1, len(steps))
    for index, (step, (base, end)) in enumerate(zip(steps, ends, strict=True)):
        x = left + width * (index + 0.14)
        words = f"{step.count:,.0f}" if step.is_total else f"+{step.count:,.0f}"
        drawing.rect(
            (x, up(end)),
            width * 0.72,
            up(base) - up(end),
            BLUE if step.is_total else _STEP,
            stroke=INK,
            title=f"{step.name}: {words}",
        )
        drawing.text((x + width * 0.36, up(end) - 6), words, anchor="middle", halo=True)
        if index + 1 < len(steps):
            drawing.line((x + width * 0.72, up(end)), (x + width, up(end)), GREY, dash="3 3")
        lines = textwrap.wrap(step.name, max(1, int(width / _LETTER)), break_long_words=False)
        for line, text in enumerate(lines):
            place = (x + width * 0.36, _BOTTOM + 20 + 14 * line)
            drawing.text(place, text, anchor="middle", colour=GREY)
    return drawing.svg()
