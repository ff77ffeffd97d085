"""What an exhibit is, and the few things that every family of them needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from naome_assets.publication import charts
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.figures import Key
from naome_assets.publication.report.html_tables import Cell, Table
from naome_assets.publication.report.places import Place
from naome_assets.publication.report.words import Row, number

#: A value with its limits; None where there is none to show.
Estimate = tuple[float | None, float | None, float | None]


@dataclass(frozen=True)
class Exhibit:
    """A chart with its table; ``chart`` is SVG, or empty when nothing can be drawn."""

    key: str
    title: str
    chart: str
    table: Table
    notes: Sequence[str] = field(default_factory=tuple)


def present(exhibits: Iterable[Exhibit | None]) -> list[Exhibit]:
    """The exhibits that have something to show."""
    return [exhibit for exhibit in exhibits if exhibit is not None]


def heading(
    edition: Edition, key: str, title: str, place: Place, description: str
) -> charts.Heading:
    """What the chart of a place is called; ``description`` is the key of its text."""
    return charts.Heading(key, f"{title}: {edition.name(place)}", edition.words(description))


def estimate(row: Row | None, value: str, lower: str, upper: str) -> Estimate:
    """Numbers of three columns of a row."""
    return number(row, value), number(row, lower), number(row, upper)


def text_table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A table whose cells are text alone."""
    return Table(caption, head, [[Cell(text) for text in row] for row in rows])


def missing_nation_note(edition: Edition, place: Key, quarters: Iterable[str]) -> list[str]:
    """What it means that a nation was not reported, where a quarter says so."""
    is_marked = any(edition.figures.missing_nation(place, quarter) for quarter in quarters)
    return [edition.words("not_reported.note")] if is_marked else []
