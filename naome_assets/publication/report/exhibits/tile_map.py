"""The map of the cancer alliances as tiles."""

from __future__ import annotations

import csv
import textwrap
from importlib import resources

from naome_assets.contract.dimensions import COMPARED_PERIOD, NATION, WITHOUT_ALLIANCES
from naome_assets.publication import charts
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits.exhibit import Exhibit
from naome_assets.publication.report.exhibits.measures import percent_cells
from naome_assets.publication.report.html_tables import Cell, Table
from naome_assets.publication.report.links import relative
from naome_assets.publication.report.measures import Measure


def tile_map(edition: Edition, measure: Measure, here: str) -> Exhibit | None:
    """A measure of each alliance, and of Wales, placed roughly as on the map."""
    words = edition.words
    folder = resources.files("naome_assets.publication.report")
    text = (folder / "alliance_tiles.csv").read_text(encoding="utf-8")
    tiles, rows = [], []
    for line in csv.DictReader(text.splitlines()):
        key = (NATION if line["code"] in WITHOUT_ALLIANCES else "cancer_alliance", line["code"])
        place = edition.places.get(key)
        row = measure.row(edition.figures, key, COMPARED_PERIOD)
        short = words.place(line["code"], line["short_name"])
        name = edition.name(place) if place else short
        value, interval = percent_cells(words, measure, row)
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
        people = words.cell(row, measure.denominator)
        rows.append([Cell(name, href), Cell(people), Cell(value), Cell(interval)])
    if not tiles:
        return None
    title = edition.title(measure)
    key_ = f"map-{measure.key}"
    heading = charts.Heading(key_, title, words("describe.tiles"))
    chart = charts.tiles(heading, tiles, words("none.short"))
    names = ("alliance", "denominator", "percent", "interval")
    table = Table(title, [words(f"table.{name}") for name in names], rows)
    return Exhibit(key_, title, chart, table, notes=edition.notes(measure))
