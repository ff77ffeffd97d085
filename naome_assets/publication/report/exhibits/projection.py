"""Prevalence projected beyond the data (experimental); the method is in docs/beyond.md."""

from __future__ import annotations

from naome_assets.contract.dimensions import EVERYBODY
from naome_assets.publication import charts
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits.exhibit import (
    Estimate,
    Exhibit,
    estimate,
    present,
    text_table,
)
from naome_assets.publication.report.figures import unbroken
from naome_assets.publication.report.html_tables import Table
from naome_assets.publication.report.places import Place
from naome_assets.publication.report.words import Row, number
from naome_assets.quarters import Quarter

#: Projections are held against what was counted so many quarters later.
_TESTED_AHEAD = (2, 4, 8)


def projections(edition: Edition) -> list[Exhibit]:
    """The projection of each nation."""
    return present(_projection(edition, place) for place in edition.places.national)


def _projection(edition: Edition, place: Place) -> Exhibit | None:
    """People counted at the end of each quarter, and projected from the last complete one."""
    figures, words = edition.figures, edition.words
    rows = {str(row["quarter"]): row for row in _rows(edition, place, is_back_test=False)}
    if not rows:
        return None
    counted = {
        str(row["quarter"]): number(row, "people")
        for row in figures.rows("prevalence", place.key, presentation="all", **EVERYBODY)
    }
    quarters = unbroken({*counted, *rows})
    title = f"{words('beyond.projection.title')}: {edition.name(place)}"
    key = f"projection-{place.code}"
    chart = charts.trend(
        charts.Heading(key, title, words("beyond.projection.describe")),
        [words.last_month_short(quarter) for quarter in quarters],
        [
            charts.Series(
                words("beyond.counted"),
                [(counted.get(quarter), None, None) for quarter in quarters],
            ),
            charts.Series(words("beyond.projected"), [_people(rows.get(q)) for q in quarters]),
        ],
        words("prevalence.people"),
        is_percent=False,
    )
    names = ("table.day", "beyond.projected", "table.interval", "beyond.counted")
    body = [
        [
            words.date(Quarter.parse(quarter).last_day),
            words.cell(row, "people"),
            words.interval(row, "lower_95", "upper_95", 0),
            words.cell(row, "counted"),
        ]
        for quarter, row in sorted(rows.items())
    ]
    start = str(next(iter(rows.values()))["from_quarter"])
    return Exhibit(
        key,
        title,
        chart,
        text_table(title, [words(name) for name in names], body),
        notes=[words("beyond.projection.start", quarter=words.last_month(start))],
    )


def back_tests(edition: Edition) -> Table | None:
    """How far earlier projections were from what was counted, by place and quarters ahead."""
    words = edition.words
    body = []
    for place in edition.places.national:
        rows = _rows(edition, place, is_back_test=True)
        for ahead in _TESTED_AHEAD:
            tested = [
                (*_people(row), counted)
                for row in rows
                if number(row, "quarters_ahead") == ahead
                and (counted := number(row, "counted")) is not None
            ]
            errors = [100 * ((people or 0.0) - n) / n for people, _, _, n in tested if n]
            held = [(low or 0.0) <= n <= (high or 0.0) for _, low, high, n in tested]
            if not errors:
                continue
            cells = [edition.name(place), str(ahead), str(len(tested))]
            cells.append(f"{sum(errors) / len(errors):+.1f}%")
            cells.append(f"{sum(map(abs, errors)) / len(errors):.1f}%")
            cells.append(f"{100 * sum(held) / len(held):.0f}%")
            body.append(cells)
    if not body:
        return None
    columns = ("ahead", "tests", "bias", "error", "held")
    head = [words("table.place"), *(words(f"beyond.tests.{column}") for column in columns)]
    return text_table(words("beyond.tests.title"), head, body)


def _rows(edition: Edition, place: Place, *, is_back_test: bool) -> list[Row]:
    rows = edition.figures.rows("prevalence_projection", place.key, presentation="all")
    return [row for row in rows if bool(row["is_back_test"]) is is_back_test]


def _people(row: Row | None) -> Estimate:
    return estimate(row, "people", "lower_95", "upper_95")
