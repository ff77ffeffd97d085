"""Heat map: a percentage a cell, darker the lower it is, with the number in it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from naome_assets.publication.charts.svg import GREY, INK, Drawing, Heading, text_width

_WIDE, _HIGH, _GAP = 30.0, 22.0, 8.0
_TEXT = 12.0
#: The shades of 0 and of 100 %, as red, green and blue.
_DARK, _LIGHT = (0, 65, 127), (238, 244, 251)
_NONE = "#f0f4f5"
_WHITE, _BLACK = "#ffffff", "#000000"


def heat_map(
    heading: Heading,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float | None]],
    nothing: str,
) -> str:
    """A row and a column a name; what is not known is grey.

    Args:
        heading: Name, title and description.
        rows: Their names, at the left.
        columns: Their names, upright below.
        values: Percentages, row by row.
        nothing: What is in a cell without a value.
    """
    left = _width(rows) + _GAP
    bottom = _HIGH * len(rows)
    drawing = Drawing(
        left + _WIDE * len(columns), bottom + _GAP + _width(columns) + _GAP / 2, heading
    )
    for y, (row, cells) in enumerate(zip(rows, values, strict=True)):
        middle = _HIGH * (y + 0.5) + _TEXT * 0.35
        drawing.text((left - _GAP, middle), row, anchor="end", size=_TEXT)
        for x, (column, value) in enumerate(zip(columns, cells, strict=True)):
            shade, words = (_NONE, nothing) if value is None else (_shade(value), _whole(value))
            corner = (left + _WIDE * x, _HIGH * y)
            drawing.rect(
                corner, _WIDE, _HIGH, shade, stroke=_WHITE,
                title=f"{row}, {column}: {words or '-'}",
            )  # fmt: skip
            drawing.text(
                (corner[0] + _WIDE / 2, middle), words, anchor="middle", size=_TEXT,
                colour=GREY if value is None else _ink(value),
            )  # fmt: skip
    for x, column in enumerate(columns):
        place = (left + _WIDE * (x + 0.5) + _TEXT * 0.35, bottom + _GAP)
        drawing.text(place, column, anchor="end", size=_TEXT, colour=INK, is_upright=True)
    return drawing.svg()


def _width(names: Sequence[str]) -> float:
    return max([text_width(name, _TEXT) for name in names] or [0.0])


def _whole(value: float) -> str:
    """Cut, not rounded: 100 says that not one is missing."""
    return str(math.floor(value + 1e-9))


def _mixed(value: float) -> tuple[int, int, int]:
    red, green, blue = (
        round(dark + (light - dark) * value / 100)
        for dark, light in zip(_DARK, _LIGHT, strict=True)
    )
    return red, green, blue


def _shade(value: float) -> str:
    return "#" + "".join(f"{part:02x}" for part in _mixed(value))


def _ink(value: float) -> str:
    """Black or white, whichever has the contrast that small text needs (4.5 to 1)."""
    parts = [part / 255 for part in _mixed(value)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    luminance = sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return _WHITE if luminance < 0.179 else _BLACK
