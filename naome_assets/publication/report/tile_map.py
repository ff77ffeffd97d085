"""The map of the cancer alliances as tiles."""

from __future__ import annotations

import csv
import textwrap
from importlib import resources

from naome_assets.contract.dimensions import (
    COMPARED_PERIOD,
)
from naome_assets.publication import charts
from naome_assets.publication.report.exhibits import Exhibit, measure_notes
from naome_assets.publication.report.figures import NATIONS, Figures
from naome_assets.publication.report.links import relative
from naome_assets.publication.report.measures import (
    Measure,
)
from naome_assets.publication.report.places import Places
from naome_assets.publication.report.tables import Cell, Table
from naome_assets.publication.report.words import Words


def tile_map(
    figures: Figures, words: Words, places: Places, here: str, measure: Measure
) -> Exhibit | None:
    """A measure of each alliance, and of Wales, placed roughly as on the map."""
    folder = resources.files("naome_assets.publication.report")
    text = (folder / "alliance_tiles.csv").read_text(encoding="utf-8")
    tiles, rows = [], []
    for line in csv.DictReader(text.splitlines()):
        type_ = "nation" if line["code"] == NATIONS[1][1] else "cancer_alliance"
        place = places.get((type_, line["code"]))
        row = measure.row(figures, (type_, line["code"]), COMPARED_PERIOD)
        short = words.place(line["code"], line["short_name"])
        name = words.place(line["code"], place.name) if place else short
        value = words.percent(row, measure.value)
        href = relative(place.path, here) if place else ""
        tiles.append(
            charts.Tile(
                int(line["column"]),
                int(line["row"]),
                textwrap.wrap(short, 17)[:2],
                measure.of(row),
                value,
                f"{name}: {value}",
                href,
            )
        )
        rows.append(
            [
                Cell(name, href),
                Cell(words.cell(row, measure.denominator)),
                Cell(value),
                Cell(words.interval(row, measure.lower, measure.upper)),
            ]
        )
    if not tiles:
        return None
    title = words(f"measures.{measure.key}.title")
    key = f"map-{measure.key}"
    chart = charts.tiles(
        charts.Heading(key, title, words("describe.tiles")), tiles, words("none.short")
    )
    head = [words("table.alliance"), words("table.denominator"), words("table.percent")]
    head.append(words("table.interval"))
    return Exhibit(key, title, chart, Table(title, head, rows), notes=measure_notes(words, measure))
