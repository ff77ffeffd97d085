"""A chart as its reader sees it: words with the room they take, lines, marks and boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

SVG = "{http://www.w3.org/2000/svg}"
_NUMBER = r"-?\d+(\.\d+)?"
_COLOUR = r"#[0-9a-f]{6}"
#: What the attributes used may hold (SVG 2), by name.
GRAMMAR = {
    **dict.fromkeys(
        ("x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "width", "height"), _NUMBER
    ),
    **dict.fromkeys(("stroke-width", "font-size", "font-weight", "fill-opacity"), _NUMBER),
    "d": rf"M{_NUMBER},{_NUMBER}(([ML]{_NUMBER},{_NUMBER})|h0)*Z?",
    "fill": f"{_COLOUR}|none",
    "stroke": _COLOUR,
    "stroke-dasharray": rf"{_NUMBER} {_NUMBER}",
    "stroke-linejoin": "round",
    "stroke-linecap": "round",
    "paint-order": "stroke",
    "text-anchor": "middle|end",
    "role": "img|group",
    "class": "chart",
    "viewBox": rf"0 0 {_NUMBER} {_NUMBER}",
    **dict.fromkeys(("aria-labelledby", "aria-describedby", "id"), r"[a-z0-9-]+"),
    "href": r"[^<>]+",
    "aria-label": r"[^<>]+",
}
ELEMENTS = {"svg", "title", "desc", "line", "path", "rect", "circle", "text", "a"}


@dataclass(frozen=True)
class Box:
    """Where something stands."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        """Whether the two share an area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Words:
    """A line of text, the room it takes and its look."""

    text: str
    box: Box
    fill: str
    size: float
    is_bold: bool


@dataclass(frozen=True)
class Line:
    """A straight line or a path, its corners and its look."""

    corners: tuple[tuple[float, float], ...]
    stroke: str | None
    dash: str | None
    fill: str | None
    tip: str | None

    @property
    def box(self) -> Box:
        """What it spans."""
        xs, ys = zip(*self.corners, strict=True)
        return Box(min(xs), min(ys), max(xs), max(ys))


class Drawn:
    """A chart taken apart."""

    def __init__(self, svg: str) -> None:
        self.root = etree.fromstring(svg.replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ', 1))
        width, height = map(float, self.root.get("viewBox", "").split()[2:])
        self.page = Box(0, 0, width, height)

    def faults(self) -> Iterator[str]:
        """Elements and attributes that SVG does not know, or that say nothing."""
        for element in self.root.iter():
            name = str(element.tag).removeprefix(SVG)
            if name not in ELEMENTS:
                yield name
            for key, value in element.attrib.items():
                if not re.fullmatch(GRAMMAR.get(str(key), "(?!)"), str(value)):
                    yield f"{name} {key!s}={value!s}"

    @property
    def words(self) -> list[Words]:
        """Every line of text in the picture; a letter takes some 0.5 of its height."""
        found = []
        default = float(self.root.get("font-size", ""))
        for text in self.root.iter(f"{SVG}text"):
            size = float(text.get("font-size", default))
            width = 0.5 * size * len(text.text or "")
            x, y = float(text.get("x", "")), float(text.get("y", ""))
            left = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[
                text.get("text-anchor", "start")
            ] * width  # fmt: skip
            box = Box(left, y - 0.72 * size, left + width, y)
            bold = text.get("font-weight") == "600"
            found.append(Words(text.text or "", box, text.get("fill", ""), size, bold))
        return found

    def the(self, text: str) -> Words:
        """The one line of text that says so."""
        (found,) = [words for words in self.words if words.text == text]
        return found

    @property
    def lines(self) -> list[Line]:
        """Lines, paths and areas."""
        found = []
        for element in self.root.iter(f"{SVG}line", f"{SVG}path"):
            if element.get("d") is None:
                corners = [
                    (float(element.get(f"x{n}", "")), float(element.get(f"y{n}", "")))
                    for n in (1, 2)
                ]
            else:
                numbers = [float(n) for n in re.findall(_NUMBER_ONLY, element.get("d", ""))]
                if "h0" in element.get("d", ""):
                    numbers = [n for at, n in enumerate(numbers) if at % 3 != 2]
                corners = list(zip(numbers[::2], numbers[1::2], strict=True))
            stroke, dash, fill = map(element.get, ("stroke", "stroke-dasharray", "fill"))
            tip = element.findtext(f"{SVG}title")
            found.append(Line(tuple(corners), stroke, dash, fill, tip))
        return found

    @property
    def rects(self) -> list[tuple[Box, str, str | None]]:
        """Boxes with their fill and their tip."""
        found = []
        for rect in self.root.iter(f"{SVG}rect"):
            x, y, width, height = (
                float(rect.get(name, "")) for name in ("x", "y", "width", "height")
            )
            box = Box(x, y, x + width, y + height)
            found.append((box, rect.get("fill", ""), rect.findtext(f"{SVG}title")))
        return found

    @property
    def circles(self) -> list[tuple[float, float, float, str, str | None]]:
        """Middle, radius, fill and tip."""
        return [
            (
                *(float(circle.get(name, "")) for name in ("cx", "cy", "r")),
                circle.get("fill", ""),
                circle.findtext(f"{SVG}title"),
            )
            for circle in self.root.iter(f"{SVG}circle")
        ]


_NUMBER_ONLY = re.compile(r"-?\d+(?:\.\d+)?")


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.2)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
