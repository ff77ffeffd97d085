"""A reader of pictures: from places in a drawing back to values, by the ticks of its axes.

``python -m naome_tests.disclosure.picture_reader --warehouse WAREHOUSE --report FOLDER`` compares
every value that the pictures of a report are drawn at with the published tables.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from lxml import html
from lxml.etree import _Element

from naome_assets.contract.dimensions import NATIONAL
from naome_assets.publication.published import Publication
from naome_assets.publication.store import read_publication
from naome_assets.warehouse.engines import open_warehouse

#: Coordinates are written to one decimal.
_HALF_STEP = 0.05
#: Colours of ticks and of the line of the target.
_TICK, _TARGET = "#4c6272", "#005eb8"
_NUMBER = re.compile(r"-?[\d,]*\.?\d+")
_PAIR = re.compile(r"(-?[\d.]+),(-?[\d.]+)")


@dataclass(frozen=True)
class Drawn:
    """A value that a picture is drawn at, and how far off it may be for the digits drawn."""

    chart: str
    value: float
    half_step: float


@dataclass(frozen=True)
class _Axis:
    """Places and values of the ticks, and what is between them."""

    places: Sequence[float]
    values: Sequence[float]

    def value(self, chart: str, place: float) -> Drawn:
        slope = (self.values[-1] - self.values[0]) / (self.places[-1] - self.places[0])
        found = self.values[0] + (place - self.places[0]) * slope
        # The ticks are written to one decimal as well.
        return Drawn(chart, found, abs(slope) * 4 * _HALF_STEP + 1e-9)


def _axis(ticks: Sequence[tuple[float, str]]) -> _Axis | None:
    numbers = {
        place: float(text.replace(",", "")) for place, text in ticks if _NUMBER.fullmatch(text)
    }
    if len(numbers) < 2 or len(numbers) < len(ticks):
        return None
    places = sorted(numbers)
    return _Axis(places, [numbers[place] for place in places])


def _ticks(svg: _Element, across: bool) -> _Axis | None:
    """The axis of values: numbers below one another at the left, or beside one another."""
    found: dict[float, list[tuple[float, str]]] = {}
    for text in svg.iter("text"):
        x, y, anchor = float(text.get("x", 0)), float(text.get("y", 0)), text.get("text-anchor")
        if text.get("fill") == _TICK and anchor in (("middle", "end") if across else ("end",)):
            row = (y, (x, text.text or "")) if across else (x, (y - 5, text.text or ""))
            found.setdefault(row[0], []).append(row[1])
    axes = [axis for own in found.values() if (axis := _axis(own))]
    return max(axes, key=lambda axis: len(axis.places), default=None)


def _marks(svg: _Element) -> Iterator[tuple[float, float]]:
    """Middles of the marks that stand for a value each."""
    for circle in svg.iter("circle"):
        yield float(circle.get("cx", 0)), float(circle.get("cy", 0))
    for path in svg.iter("path"):
        shape = path.get("d", "")
        is_line = path.get("stroke-width") == "2.5" and path.get("fill") == "none"
        if shape.endswith("h0") or is_line or path.get("fill-opacity"):
            yield from ((float(x), float(y)) for x, y in _PAIR.findall(shape))
        elif shape.endswith("Z") and path.get("stroke-width") == "1.5":
            corners = [(float(x), float(y)) for x, y in _PAIR.findall(shape)]
            heights = [y for _, y in corners]
            # A triangle or a diamond around its middle.
            yield corners[0][0], (min(heights) + max(heights)) / 2


def drawn(svg: _Element) -> Iterator[Drawn]:
    """Every value of one chart: where its marks, lines and bands stand by the axis of values."""
    name = str(svg.get("aria-labelledby", "")).removesuffix("-title")
    up, across = _ticks(svg, False), _ticks(svg, True)
    if up is not None:
        top = min(up.places) - 0.01
        marks = [(x, y) for x, y in _marks(svg) if y >= top]
        yield from (up.value(name, y) for _, y in marks)
        if across is not None:
            yield from (across.value(f"{name} size", x) for x, _ in marks)
        for bar in svg.iter("rect"):
            if bar.findtext("title"):
                height = float(bar.get("height", 0))
                whole = up.value(name, max(up.places) - height)
                yield Drawn(f"{name} height", whole.value, whole.half_step)
    elif across is not None:
        yield from (across.value(name, x) for x, _ in _marks(svg))
        for line in svg.iter("line"):
            if line.get("stroke-width") in ("2", "3", "4") and line.get("stroke") != _TARGET:
                yield from (across.value(name, float(line.get(end, 0))) for end in ("x1", "x2"))


@dataclass
class Compared:
    """How many values pictures are drawn at, and which of them no published figure explains."""

    tried: int = 0
    by_chance: float = 0.0
    unexplained: list[str] = field(default_factory=list)

    def line(self) -> str:
        """The figures."""
        return (
            f"{self.tried} values drawn, {len(self.unexplained)} that no published figure is, "
            f"{100 * self.by_chance / max(1, self.tried):.0f} % would be one by chance"
        )


def compare(publication: Publication, report: Path) -> Compared:
    """Hold every value drawn on a page of a place against the published figures of its measure.

    They are the place's and the nations'; where places stand beside one another, those of all.
    Pages in Welsh have the same pictures.
    """
    found, figures = Compared(), _Figures(publication)
    for page in sorted([*report.glob("providers/*.html"), *report.glob("alliances/*.html")]):
        tree = html.document_fromstring(page.read_text("utf-8"))
        for svg in tree.iter("svg"):
            if svg.get("class") == "chart":
                for own in drawn(svg):
                    _compare(found, own, figures.of(own.chart, page.stem), page.name)
    return found


class _Figures:
    """The published figures of each measure, by place."""

    def __init__(self, publication: Publication) -> None:
        self.tables = publication.tables
        self.kinds = set(self.tables["indicator"]["indicator"])
        self.held: dict[tuple[str, str], np.ndarray] = {}

    def of(self, chart: str, code: str) -> np.ndarray:
        """Figures that a chart may draw on a page of a place."""
        # A provider stands beside its alliance, and in a funnel beside all.
        own = "" if "funnel" in chart or "-compared" in chart else code
        if (chart, own) not in self.held:
            rows, columns = self._measure(chart)
            rows = rows[
                rows["geography_type"].isin(NATIONAL)
                | (rows["geography_code"] == own)
                | (own == "")
            ]
            values = rows[columns].to_numpy(float, na_value=np.nan).ravel()
            self.held[chart, own] = np.unique(np.append(values[~np.isnan(values)], 0.0))
        return self.held[chart, own]

    def _measure(self, chart: str) -> tuple[pd.DataFrame, list[str]]:
        name, _, axis = chart.partition(" ")
        measure = re.sub(r"^funnel-|-(compared|trend|kinds)$", "", name)
        part, table = "", "time_to_treatment"
        if measure in self.kinds:
            table = "indicator"
        elif measure.startswith("within_"):
            part = measure.removeprefix("within")
        else:
            starts = {
                "prevalence": "prevalence",
                "living": "prevalence",
                "quality": "data_quality",
                "survival": "survival_curve",
                "treatment-curve": "treatment_curve",
                "cns": "cns_access",
            }
            table = next((own for start, own in starts.items() if measure.startswith(start)), table)
        rows = self.tables[table]
        if table == "indicator":
            rows = rows[rows["indicator"] == measure]
        numbers = [str(n) for n in rows.select_dtypes("number").columns if n != "population"]
        if part:
            numbers = [name for name in numbers if name.endswith((part, f"{part}_pct"))]
        if axis == "size" and table != "treatment_curve":
            numbers = [name for name in numbers if rows[name].dtype.kind in "iu"]
        return rows, numbers


def _compare(found: Compared, own: Drawn, figures: np.ndarray, page: str) -> None:
    at = np.searchsorted(figures, own.value)
    near = figures[max(0, at - 1) : at + 1]
    found.tried += 1
    # How much of the axis around the value is as near to some figure.
    around = figures[np.abs(figures - own.value) < max(1.0, 20 * own.half_step)]
    wide = 2 * max(1.0, 20 * own.half_step)
    gaps = np.minimum(np.diff(around), 2 * own.half_step)
    found.by_chance += min(1.0, (gaps.sum() + 2 * own.half_step) / wide) if len(around) else 0.0
    if np.abs(near - own.value).min() > own.half_step:
        found.unexplained.append(f"{page} {own.chart}: {own.value:.3f}")


def main() -> None:
    """Print the figures, and what is unexplained."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warehouse", required=True, help="as NAOME_WAREHOUSE names it")
    parser.add_argument("--report", type=Path, required=True, help="folder of the report")
    asked = parser.parse_args()
    warehouse = open_warehouse(asked.warehouse)
    found = compare(read_publication(warehouse), asked.report)
    warehouse.close()
    for line in found.unexplained:
        print(line)
    print(found.line())


if __name__ == "__main__":
    main()
