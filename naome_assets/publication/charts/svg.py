"""The little of SVG that the charts need: elements, axes and a legend."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

INK = "#212b32"
GREY = "#4c6272"
GRID = "#d8dde0"
BLUE = "#005eb8"
ORANGE = "#b3500b"
PAPER = "#ffffff"

#: Colour and dash of the series of one chart, in order: dark, blue, orange differ in lightness too.
LINES = ((INK, ""), (BLUE, "7 3"), (ORANGE, "2 3"), (GREY, "12 3 2 3"), ("#00703c", "1 2"))

TEXT_SIZE = 14
#: Mean width of a letter as a share of the text size; only legends and right margins use it.
LETTER = 0.54

Point = tuple[float, float]


@dataclass(frozen=True)
class Heading:
    """What a chart is called: ``name`` is unique in the page, the rest is for screen readers."""

    name: str
    title: str
    description: str


@dataclass(frozen=True)
class Scale:
    """From a value to a place in the drawing."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a value."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def nice_ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round values from at or below low to at or above high, about so many steps."""
    if high <= low:
        high = low + 1
    rough = (high - low) / about
    unit = 10.0 ** math.floor(math.log10(rough))
    # 25, but not 2.5: ticks with a fraction where whole ones would do are hard to read.
    factors = (1, 2, 2.5, 5, 10) if unit >= 10 else (1, 2, 5, 10)
    step = next(unit * factor for factor in factors if unit * factor >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [index * step for index in range(first, last + 1)]


def percent_ticks(values: Iterable[float], margin: float = 3) -> list[float]:
    """Ticks of a percentage axis that holds the values, never outside 0-100."""
    known = [value for value in values if not math.isnan(value)] or [0.0, 100.0]
    low, high = max(0.0, min(known) - margin), min(100.0, max(known) + margin)
    return [tick for tick in nice_ticks(low, high) if -1e-9 <= tick <= 100 + 1e-9]


def text_width(text: str, size: float = TEXT_SIZE) -> float:
    """Roughly how wide a text is."""
    return len(text) * size * LETTER


def fit_text(text: str, width: float, size: float = TEXT_SIZE) -> str:
    """The text, cut at a width with an ellipsis."""
    letters = int(width / (size * LETTER))
    return text if len(text) <= letters else text[: max(1, letters - 1)].rstrip() + "…"


def wrap_text(text: str, width: float, lines: int, size: float = TEXT_SIZE) -> list[str]:
    """The text in at most so many lines, the last one cut."""
    parts = textwrap.wrap(text, max(4, int(width / (size * LETTER))))
    if len(parts) > lines:
        parts[lines - 1] = fit_text(" ".join(parts[lines - 1 :]), width, size)
    return parts[:lines]


def number(value: float) -> str:
    """A coordinate, short."""
    return f"{value:.1f}".removesuffix(".0")


def tick_label(value: float) -> str:
    """A round value on an axis."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.10g}"


class Drawing:
    """An SVG picture under construction; the caller draws from back to front."""

    def __init__(
        self, width: float, height: float, heading: Heading, *, has_links: bool = False
    ) -> None:
        self.width = width
        self.height = height
        self._heading = heading
        # Links inside an image are hidden from screen readers, inside a group they are not.
        self._role = "group" if has_links else "img"
        self._parts: list[str] = []

    def line(
        self, start: Point, end: Point, colour: str = INK, width: float = 1, dash: str = ""
    ) -> None:
        """A straight line."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<line x1="{number(start[0])}" y1="{number(start[1])}" x2="{number(end[0])}" '
            f'y2="{number(end[1])}" stroke="{colour}" stroke-width="{width}"{dashed}/>'
        )

    def path(self, points: Sequence[Point], colour: str, width: float = 2, dash: str = "") -> None:
        """A line through points."""
        if len(points) < 2:
            return
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<path d="{_path(points)}" fill="none" stroke="{colour}" stroke-width="{width}"'
            f' stroke-linejoin="round"{dashed}/>'
        )

    def area(self, points: Sequence[Point], colour: str, opacity: float = 0.15) -> None:
        """A filled outline."""
        if len(points) > 2:
            self._parts.append(
                f'<path d="{_path(points)}Z" fill="{colour}" fill-opacity="{opacity}"/>'
            )

    def rect(
        self, corner: Point, width: float, height: float, fill: str, *, stroke: str = "",
        title: str = "",
    ) -> None:  # fmt: skip
        """A rectangle from its upper left corner."""
        line = f' stroke="{stroke}"' if stroke else ""
        self._parts.append(
            f'<rect x="{number(corner[0])}" y="{number(corner[1])}" width="{number(width)}" '
            f'height="{number(height)}" fill="{fill}"{line}>{_tip(title)}</rect>'
        )

    def mark(
        self, centre: Point, colour: str, *, size: float = 4, shape: str = "circle",
        title: str = "", hollow: bool = False,
    ) -> None:  # fmt: skip
        """A marker: ``circle``, ``up`` or ``down`` triangle, ``diamond``."""
        x, y = centre
        fill = PAPER if hollow else colour
        look = f'fill="{fill}" stroke="{colour}" stroke-width="1.5"'
        tip = _tip(title)
        if shape == "circle":
            at = f'cx="{number(x)}" cy="{number(y)}" r="{number(size)}"'
            self._parts.append(f"<circle {at} {look}>{tip}</circle>")
            return
        corners = {
            "up": [(x, y - size), (x + size, y + size), (x - size, y + size)],
            "down": [(x, y + size), (x + size, y - size), (x - size, y - size)],
            "diamond": [(x, y - size), (x + size, y), (x, y + size), (x - size, y)],
        }[shape]
        self._parts.append(f'<path d="{_path(corners)}Z" {look}>{tip}</path>')

    def text(
        self, place: Point, text: str, *, anchor: str = "start", size: float = TEXT_SIZE,
        colour: str = INK, bold: bool = False, halo: bool = False, is_upright: bool = False,
    ) -> None:  # fmt: skip
        """A line of text; ``halo`` keeps it readable over lines, upright it is read from below."""
        weight = ' font-weight="600"' if bold else ""
        around = f' stroke="{PAPER}" stroke-width="4" paint-order="stroke"' if halo else ""
        align = f' text-anchor="{anchor}"' if anchor != "start" else ""
        letters = f' font-size="{number(size)}"' if size != TEXT_SIZE else ""
        x, y = number(place[0]), number(place[1])
        turned = f' transform="rotate(-90 {x} {y})"' if is_upright else ""
        self._parts.append(
            f'<text x="{x}" y="{y}" fill="{colour}"{align}{letters}'
            f"{weight}{around}{turned}>{escape(text)}</text>"
        )

    def link(self, href: str, label: str, draw: Drawing) -> None:
        """Everything drawn in another drawing, as one link."""
        inner = "".join(draw._parts)
        self._parts.append(f"<a href={quoteattr(href)} aria-label={quoteattr(label)}>{inner}</a>")

    def join(self, other: Drawing) -> None:
        """Everything drawn in another drawing."""
        self._parts += other._parts

    def dots(self, centres: Sequence[Point], colour: str) -> None:
        """Small open circles, all in one path."""
        place = "".join(f"M{number(x)},{number(y)}h0" for x, y in centres)
        for width, stroke in ((9.5, colour), (6.5, PAPER)):
            self._parts.append(
                f'<path d="{place}" fill="none" stroke="{stroke}" stroke-width="{width}"'
                ' stroke-linecap="round"/>'
            )

    def svg(self, over: Drawing | None = None) -> str:
        """The picture, with what another drawing of the same size puts over it."""
        parts = self._parts + (over._parts if over else [])
        name = escape(self._heading.name)
        return (
            f'<svg class="chart" viewBox="0 0 {number(self.width)} {number(self.height)}" '
            f'role="{self._role}" aria-labelledby="{name}-title" '
            f'aria-describedby="{name}-desc" font-size="{TEXT_SIZE}">'
            f'<title id="{name}-title">{escape(self._heading.title)}</title>'
            f'<desc id="{name}-desc">{escape(self._heading.description)}</desc>'
            f"{''.join(parts)}</svg>"
        )


def standalone(svg: str) -> str:
    """A chart as a picture of its own: what a page and its styles lend it, it has itself."""
    return svg.replace(
        "<svg ", '<svg xmlns="http://www.w3.org/2000/svg" font-family="Arial, sans-serif" ', 1
    )


_CHART = re.compile(
    r'(<svg class="chart" viewBox="0 0 )([\d.]+) ([\d.]+)(".*?)(</desc>)(.*?)(</svg>)', re.DOTALL
)
#: Height of the line that a mark takes below a drawing.
_MARK_HEIGHT = 24.0


def marked(markup: str, text: str) -> str:
    """Every chart in a page, or a chart alone, with a line of text below what it draws.

    The line belongs to the picture, so that whoever copies the picture copies it too.
    """
    escaped = escape(text)

    def with_line(found: re.Match[str]) -> str:
        start, width, height, head, end_of_head, parts, end = found.groups()
        bottom = float(height) + _MARK_HEIGHT
        return (
            f"{start}{width} {number(bottom)}{head} {escaped}.{end_of_head}{parts}"
            f'<rect x="0" y="{height}" width="{width}" height="{number(_MARK_HEIGHT)}" '
            f'fill="#ffeb3b"/><text x="6" y="{number(bottom - 7)}" fill="{INK}" '
            f'font-weight="600">{escaped}</text>{end}'
        )

    return _CHART.sub(with_line, markup)


@dataclass(frozen=True)
class LegendItem:
    """A sample and its words: a line, a marker shape, or a filled box."""

    text: str
    colour: str
    dash: str = ""
    shape: str = "line"
    hollow: bool = False


def legend(
    drawing: Drawing, items: Sequence[LegendItem], left: float, top: float, right: float
) -> float:
    """Draw a legend in rows from the upper left; gives the height it took."""
    x, y, row = left, top, 20.0
    for item in items:
        width = 30 + text_width(item.text) + 16
        if x > left and x + width - 16 > right:
            x, y = left, y + row
        if item.shape == "line":
            drawing.line((x, y), (x + 24, y), item.colour, 2.5, item.dash)
        elif item.shape == "box":
            drawing.rect((x + 4, y - 7), 16, 14, item.colour, stroke=INK)
        else:
            drawing.mark((x + 12, y), item.colour, size=5, shape=item.shape, hollow=item.hollow)
        drawing.text((x + 30, y + 5), item.text)
        x += width
    return y - top + row


def value_axis(
    drawing: Drawing, ticks: Sequence[float], scale: Scale, left: float, right: float
) -> None:
    """Horizontal grid lines with their values on the left."""
    for tick in ticks:
        y = scale(tick)
        drawing.line((left, y), (right, y), GREY if tick == ticks[0] else GRID)
        drawing.text((left - 6, y + 5), tick_label(tick), anchor="end", colour=GREY)


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{number(x)},{number(y)}" for x, y in points)


def _tip(title: str) -> str:
    return f"<title>{escape(title)}</title>" if title else ""
