"""How well each key item is recorded."""

from __future__ import annotations

from dataclasses import replace

from naome_assets.contract.cosd_items import items as cosd_items
from naome_assets.contract.dimensions import FOLLOWED_PERIOD, NATIONS, WALES
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
from naome_assets.publication.report.grades import THRESHOLDS, grade_of
from naome_assets.publication.report.html_tables import Cell, Table
from naome_assets.publication.report.links import relative
from naome_assets.publication.report.places import Place
from naome_assets.publication.report.words import Row, Words, number, signed
from naome_assets.transform.project import load_project

#: Kinds of items of COSD that are numbers of people, not codes.
_NUMBERS = frozenset({"nhs_number", "local_identifier"})
_CHANGE = "change_since_year_before"


def completeness(edition: Edition, place: Place) -> Exhibit | None:
    """Each item of a place, over twelve months of submissions."""
    words = edition.words
    rows = items_of(edition, place.key)
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
        national = items_of(edition, ENGLAND_AND_WALES)
        head.append(edition.england_and_wales())
        for cells, item in zip(body, rows, strict=True):
            cells.append(words.percent(national.get(item), "completeness_pct"))
    table = text_table(title, head, body)
    return Exhibit(key, title, "" if is_empty else chart, table, notes=[words("quality.counted")])


def grades_note(edition: Edition) -> str:
    """What the grades say."""
    first, second, third = (f"{own:.0f}" for own in THRESHOLDS)
    return edition.words("quality.grades", first=first, second=second, third=third)


def weak_items(edition: Edition, place: Place) -> Table | None:
    """For the data manager: items below the best grade, the most missing records first.

    From published counts alone: an item with a hidden number is not listed.
    """
    words = edition.words
    found = []
    for item, name in _names(words).items():
        row = edition.figures.row("data_quality", place.key, period=FOLLOWED_PERIOD, item=item)
        records, given = number(row, "records"), number(row, "given")
        share = number(row, "completeness_pct")
        if records is None or given is None or share is None or share >= THRESHOLDS[0]:
            continue
        cells = [
            name,
            _sent_as(words, item, place),
            words.percent(row, "completeness_pct"),
            grade_of(share),
            f"{records - given:,.0f}",
            _what_to_send(words, item),
        ]
        found.append((given - records, name, cells))
    if not found:
        return None
    names = ("item", "number", "recorded", "grade", "missing", "send")
    head = [words(f"quality.{name}") for name in names]
    table = text_table(words("quality.weak_title"), head, [cells for *_, cells in sorted(found)])
    return replace(table, left=(1, 3, 5))


def _names(words: Words) -> dict[str, str]:
    """Items that a sender can send better, with their names: those of COSD and of SACT."""
    sact = {
        item: name for item, name in words.group("other_items").items() if item.startswith("sact_")
    }
    sact.pop("sact_row", None)
    return {**words.group("items"), **sact}


def _sent_as(words: Words, item: str, place: Place) -> str:
    """The numbers of an item in COSD, or its columns in SACT and in the files of Wales."""
    variables = load_project().variables
    codes = [*variables["quality_items"].get(item, variables["quality_sact_items"].get(item, ()))]
    if WALES in (place.code, NATIONS.get(place.nation)):
        columns = dict.fromkeys(
            own.wales for own in cosd_items() if own.item_code in codes and own.wales
        )
        codes = [*columns] or codes
    return ", ".join(codes)


def _what_to_send(words: Words, item: str) -> str:
    """What makes an item given, by what kind of item it is."""
    codes = load_project().variables["quality_items"].get(item, ())
    kinds = {own.kind for own in cosd_items() if own.item_code in codes}
    if not kinds:
        return words("quality.sends.sact")
    if "date" in kinds:
        kind = "date" if len(kinds) == 1 else "date_and_code"
    else:
        kind = "number" if kinds & _NUMBERS else "code"
    return words(f"quality.sends.{kind}")


def grid(edition: Edition, here: str) -> Table | None:
    """Each item of each provider, shaded by how often it is recorded; links lead from ``here``."""
    words = edition.words
    items = list(items_of(edition, ENGLAND_AND_WALES))
    if not items:
        return None
    body = []
    for place in edition.places.providers:
        rows = items_of(edition, place.key)
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


def item_codes(item: str) -> str:
    """The COSD numbers of an item."""
    return ", ".join(load_project().variables["quality_items"][item])


def items_of(edition: Edition, place: Key) -> dict[str, Row]:
    """The row of each item that a place has, by the names that readers see."""
    words = edition.words
    found = {}
    for item in sorted(words.group("items"), key=lambda item: words(f"items.{item}")):
        row = edition.figures.row("data_quality", place, period=FOLLOWED_PERIOD, item=item)
        if row is not None:
            found[item] = row
    return found
