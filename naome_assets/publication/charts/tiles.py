"""A tile for each alliance, placed roughly as on the map; a tile with a page is a link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from naome_assets.publication.charts.svg import INK, Drawing, Heading

_WIDE, _HIGH, _GAP = 122.0, 66.0, 6.0
#: The key below needs so much.
_KEY = 480.0
#: Light to dark; the words turn white on the dark ones.
_SHADES = ("#eef4fb", "#c3daf1", "#8fbbe3", "#3377bb", "#00417f")
_NONE = "#ffffff"


@dataclass(frozen=True)
class Tile:
    """A place: column and row in the grid, short name in lines, value and its words."""

    column: int
    row: int
    lines: Sequence[str]
    value: float | None
    text: str
    label: str
    href: str


def tiles(heading: Heading, places: Sequence[Tile], words_for_none: str) -> str:
    """The grid with a key of the shades below it."""
    known = sorted(place.value for place in places if place.value is not None)
    columns = max([place.column for place in places] or [0]) + 1
    rows = max([place.row for place in places] or [0]) + 1
    width = max(columns * (_WIDE + _GAP), _KEY)
    drawing = Drawing(width, rows * (_HIGH + _GAP) + 40, heading, has_links=True)
    low, high = (known[0], known[-1]) if known else (0.0, 0.0)
    for place in places:
        x, y = place.column * (_WIDE + _GAP), place.row * (_HIGH + _GAP)
        shade = _NONE if place.value is None else _SHADES[_class(place.value, low, high)]
        ink = "#ffffff" if shade in _SHADES[3:] else INK
        inner = Drawing(0, 0, heading)
        inner.rect((x + 1, y + 1), _WIDE, _HIGH, shade, stroke=INK)
        for index, line in enumerate(place.lines):
            inner.text((x + 7, y + 17 + 15 * index), line, size=12.5, colour=ink)
        inner.text((x + 7, y + _HIGH - 7), place.text, size=16, colour=ink, bold=True)
        drawing.link(place.href, place.label, inner) if place.href else drawing.join(inner)
    _key(drawing, low, high, rows * (_HIGH + _GAP) + 8, words_for_none, bool(known))
    return drawing.svg()


def _class(value: float, low: float, high: float) -> int:
    share = 0.5 if high == low else (value - low) / (high - low)
    return min(len(_SHADES) - 1, int(share * len(_SHADES)))


def _key(
    drawing: Drawing, low: float, high: float, top: float, words_for_none: str, has_values: bool
) -> None:
    x = 0.0
    if has_values:
        drawing.text((x, top + 16), f"{low:.0f}%")
        x += 40
        for shade in _SHADES:
            drawing.rect((x, top + 2), 36, 18, shade, stroke=INK)
            x += 36
        drawing.text((x + 8, top + 16), f"{high:.0f}%")
        x += 64
    drawing.rect((x, top + 2), 36, 18, _NONE, stroke=INK)
    drawing.text((x + 44, top + 16), words_for_none)
