"""How well each key item is recorded."""

from __future__ import annotations

from naome_assets.contract.dimensions import FOLLOWED_PERIOD
from naome_assets.publication import charts
from naome_assets.publication.decimals import decimals_of
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits.exhibit import (
    Exhibit,
    estimate,
    heading,
    text_table,
)
from naome_assets.publication.report.figures import ENGLAND_AND_WALES, Key
from naome_assets.publication.report.html_tables import Cell, Table
from naome_assets.publication.report.links import relative
from naome_assets.publication.report.places import Place
from naome_assets.publication.report.words import Row, Words, number, signed

_CHANGE = "change_since_year_before"


def completeness(edition: Edition, place: Place) -> Exhibit | None:
    """Each item of a place, over twelve months of submissions."""
    words = edition.words
    rows = _items(edition, place.key)
    if not rows:
        return None
    title = words("quality.title")
    key = f"quality-{place.code}"
    chart = charts.interval_plot(
        heading(edition, key, title, place, "describe.interval"),
        [
            charts.Interval(
                words(f"items.{item}"),
                words.percent(row, "completeness_pct"),
                *estimate(row, "completeness_pct", "lower_95", "upper_95"),
            )
            for item, row in rows.items()
        ],
        words("quality.axis"),
    )
    is_empty = all(number(row, "completeness_pct") is None for row in rows.values())
    names = ("quality.item", "quality.records", "quality.given", "quality.recorded")
    head = [*map(words, names), words("table.interval"), words("quality.valid")]
    head.append(words("quality.change"))
    body = [
        [
            words(f"items.{item}"),
            words.cell(row, "records"),
            words.cell(row, "given"),
            words.percent(row, "completeness_pct"),
            words.interval(row, "lower_95", "upper_95"),
            words.percent(row, "validity_pct"),
            signed(words.cell(row, _CHANGE, decimals_of(row, _CHANGE))),
        ]
        for item, row in rows.items()
    ]
    if place.key != ENGLAND_AND_WALES:
        national = _items(edition, ENGLAND_AND_WALES)
        head.append(edition.england_and_wales())
        for cells, item in zip(body, rows, strict=True):
            cells.append(words.percent(national.get(item), "completeness_pct"))
    table = text_table(title, head, body)
    return Exhibit(key, title, "" if is_empty else chart, table, notes=[words("quality.counted")])


def grid(edition: Edition, here: str) -> Table | None:
    """Each item of each provider, shaded by how often it is recorded; links lead from ``here``."""
    words = edition.words
    items = list(_items(edition, ENGLAND_AND_WALES))
    if not items:
        return None
    body = []
    for place in edition.places.providers:
        rows = _items(edition, place.key)
        if all(number(rows.get(item), "completeness_pct") is None for item in items):
            continue
        shaded = [_shaded(words, rows.get(item)) for item in items]
        body.append([Cell(edition.name(place), relative(place.path, here)), *shaded])
    head = [words("table.provider"), *(words(f"items.{item}") for item in items)]
    return Table(words("quality.providers"), head, body, is_grid=True)


def _shaded(words: Words, row: Row | None) -> Cell:
    value = number(row, "completeness_pct")
    tag = "" if value is None else f"shade-{min(4, int(value // 20))}"
    return Cell(words.cell(row, "completeness_pct"), tag=tag)


def _items(edition: Edition, place: Key) -> dict[str, Row]:
    """The row of each item that a place has, by the names that readers see."""
    words = edition.words
    found = {}
    for item in sorted(words.group("items"), key=lambda item: words(f"items.{item}")):
        row = edition.figures.row("data_quality", place, period=FOLLOWED_PERIOD, item=item)
        if row is not None:
            found[item] = row
    return found
