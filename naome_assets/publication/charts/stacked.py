"""Stacked bars: counts of groups, parted in layers."""

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
    LegendItem,
    Scale,
    legend,
    nice_ticks,
    value_axis,
)

_WIDTH, _HEIGHT, _RIGHT, _BOTTOM = 520.0, 350.0, 506.0, 312.0
#: Width that a letter of a group's name takes.
_LETTER = 7.0
#: Dark, light, white: distinguished in print, each outlined.
_FILLS = (BLUE, "#f2b885", "#ffffff")


@dataclass(frozen=True)
class Layer:
    """One count a group, None where it may not be shown."""

    name: str
    counts: Sequence[float | None]


def stacked_bars(
    heading: Heading, groups: Sequence[str], layers: Sequence[Layer], value_label: str
) -> str:
    """Upright bars, the first layer at the bottom."""
    drawing = Drawing(_WIDTH, _HEIGHT, heading)
    totals = [sum(layer.counts[i] or 0 for layer in layers) for i in range(len(groups))]
    ticks = nice_ticks(0, max([*totals, 1]))
    items = [
        LegendItem(layer.name, _FILLS[i % len(_FILLS)], shape="box")
        for i, layer in enumerate(layers)
    ]
    top = legend(drawing, items, 0, 12, _WIDTH) + 34
    drawing.text((0, top - 14), value_label, colour=GREY)
    left = 20.0 + 8 * max(len(f"{tick:,.10g}") for tick in ticks)
    up = Scale(ticks[0], ticks[-1], _BOTTOM, top)
    value_axis(drawing, ticks, up, left, _RIGHT)
    width = (_RIGHT - left) / max(1, len(groups))
    for index, group in enumerate(groups):
        x, base = left + width * (index + 0.18), 0.0
        for order, layer in enumerate(layers):
            count = layer.counts[index]
            if not count:
                continue
            height = up(base) - up(base + count)
            drawing.rect(
                (x, up(base + count)), width * 0.64, height, _FILLS[order % len(_FILLS)],
                stroke=INK, title=f"{group}, {layer.name}: {count:,.0f}",
            )  # fmt: skip
            base += count
        lines = textwrap.wrap(group, max(1, int(width / _LETTER)), break_long_words=False)
        for line, text in enumerate(lines):
            place = (x + width * 0.32, _BOTTOM + 20 + 14 * line)
            drawing.text(place, text, anchor="middle", colour=GREY)
    return drawing.svg()
