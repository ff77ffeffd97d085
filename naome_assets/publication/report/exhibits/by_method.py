"""People living with MBC by each method of finding them, and what the methods differ by."""

from __future__ import annotations

from collections.abc import Iterator

from naome_assets.contract.dimensions import EVERYBODY, METHODS, NATIONS, REGISTRY
from naome_assets.publication import charts
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits.exhibit import Exhibit, heading, text_table
from naome_assets.publication.report.figures import Key, unbroken
from naome_assets.publication.report.html_tables import Table
from naome_assets.publication.report.places import Place
from naome_assets.publication.report.words import Row, number
from naome_assets.quarters import Quarter

_SUMMED = {"sex": "all", "age_band": "all", "presentation": "all"}
#: What registry_hospital has more than registry, in the order of its sources.
_ADDED = ("added_hes", "added_pedw", "added_rtds", "added_cwt", "moved_earlier")
_UNCOUNTED = ("unconfirmed", "unattributed", "no_primary_on_file", "unlinked_people")


def headline(edition: Edition) -> Table:
    """People of each nation by each method on the index date."""
    words = edition.words
    places = edition.places.national
    head = [words("counting.method"), *(edition.name(place) for place in places)]
    body = [
        [
            words(f"method.{method}"),
            *(words.cell(_people(edition, place, method), "people") for place in places),
        ]
        for method in METHODS
    ]
    return text_table(words("counting.headline"), head, body)


def absent(edition: Edition) -> list[str]:
    """Why a nation has the figures of records alone (ruling H28)."""
    words, places = edition.words, {place.key: place for place in edition.places.national}
    lacking = [
        places["nation", code]
        for code in NATIONS.values()
        if ("nation", code) in places
        and _people(edition, places["nation", code], REGISTRY) is not None
        and _compared(edition, ("nation", code)) is None
    ]
    told = [words("counting.absent", nation=edition.name(place)) for place in lacking]
    return [*told, words("counting.absent_both")] if lacking else []


def bridges(edition: Edition) -> list[Exhibit]:
    """From records alone to each wider method, a chart and table a place."""
    return [_bridge(edition, place, row) for place, row in _rows(edition)]


def trends(edition: Edition) -> list[Exhibit]:
    """People by method at the end of each quarter."""
    return [_trend(edition, place) for place, _ in _rows(edition)]


def uncounted(edition: Edition) -> Table | None:
    """Whom hospital data name and no method but the broad one counts (ruling H30)."""
    words, found = edition.words, list(_rows(edition))
    head = [words("counting.uncounted.why"), *(edition.name(place) for place, _ in found)]
    body = [
        [words(f"counting.uncounted.{name}"), *(words.cell(row, name) for _, row in found)]
        for name in _UNCOUNTED
    ]
    return text_table(words("counting.uncounted.title"), head, body) if found else None


def data(edition: Edition) -> Table | None:
    """What the hospital data of each place reach back to, and can show (ruling H31)."""
    words, found = edition.words, list(_rows(edition))
    head = [words("counting.data.what"), *(edition.name(place) for place, _ in found)]
    body = [
        [words("counting.data.look_back"), *(_day(edition, row) for _, row in found)],
        [
            words("counting.data.regular"),
            *(
                words(
                    "answer.yes"
                    if row.get("are_regular_attenders_present") is True
                    else "answer.no"
                )
                for _, row in found
            ),
        ],
        [
            words("counting.data.positions"),
            *(words.cell(row, "diagnosis_positions") for _, row in found),
        ],
        [
            words("counting.data.median"),
            *(words.cell(row, "median_days_earlier", 1) for _, row in found),
        ],
        [
            words("counting.data.reclassified"),
            *(words.cell(row, "reclassified") for _, row in found),
        ],
    ]
    return text_table(words("counting.data.title"), head, body) if found else None


def _rows(edition: Edition) -> Iterator[tuple[Place, Row]]:
    """The places that have a comparison, each with its row of the published quarter."""
    for place in edition.places.national:
        row = _compared(edition, place.key)
        if row is not None:
            yield place, row


def _compared(edition: Edition, place: Key) -> Row | None:
    return edition.figures.row("method_comparison", place, **_SUMMED)


def _people(edition: Edition, place: Place, method: str) -> Row | None:
    return edition.figures.row(
        "prevalence", place.key, method=method, presentation="all", **EVERYBODY
    )


def _day(edition: Edition, row: Row) -> str:
    day = row.get("look_back_start")
    return edition.words("none.short") if day is None or day != day else edition.words.date(day)


def _bridge(edition: Edition, place: Place, row: Row) -> Exhibit:
    words = edition.words
    counts = {name: number(row, name) or 0.0 for name in row if isinstance(name, str)}
    broad = counts["people_broad"] - counts["people_registry_hospital"]
    steps = [
        charts.Step(words("method.registry"), counts["people_registry"], is_total=True),
        # A nation has no source of the other.
        *(charts.Step(words(f"counting.{name}"), counts[name]) for name in _ADDED if counts[name]),
        charts.Step(
            words("method.registry_hospital"), counts["people_registry_hospital"], is_total=True
        ),
        charts.Step(words("counting.broad"), broad),
        charts.Step(words("method.registry_hospital_broad"), counts["people_broad"], is_total=True),
    ]
    title = words("counting.bridge_of", place=edition.name(place))
    chart = charts.bridge(
        heading(edition, f"bridge-{place.code}", title, place, "counting.describe"),
        steps,
        words("prevalence.people"),
    )
    body = [
        [step.name, f"{step.count:,.0f}" if step.is_total else f"+{step.count:,.0f}"]
        for step in steps
    ]
    table = text_table(title, [words("counting.step"), words("prevalence.people")], body)
    return Exhibit(f"bridge-{place.code}", title, chart, table)


def _trend(edition: Edition, place: Place) -> Exhibit:
    figures, words = edition.figures, edition.words
    rows = {
        method: {
            str(row["quarter"]): row
            for row in figures.rows(
                "prevalence", place.key, method=method, presentation="all", **EVERYBODY
            )
        }
        for method in METHODS
    }
    quarters = sorted(rows[REGISTRY])
    times = unbroken(quarters)
    title = words("counting.trend_of", place=edition.name(place))
    chart = charts.trend(
        heading(edition, f"methods-{place.code}", title, place, "describe.trend"),
        [words.last_month_short(quarter) for quarter in times],
        [
            charts.Series(
                words(f"method.{method}"),
                [
                    (number(rows[method].get(quarter), "people"), None, None)
                    if figures.is_comparable(place.key, quarter)
                    else (None, None, None)
                    for quarter in times
                ],
            )
            for method in METHODS
        ],
        words("prevalence.people"),
        is_percent=False,
    )
    head = [words("table.day"), *(words(f"method.{method}") for method in METHODS)]
    body = [
        [
            words.lacking(
                words.date(Quarter.parse(quarter).last_day),
                figures.missing_nation(place.key, quarter),
            ),
            *(words.cell(rows[method].get(quarter), "people") for method in METHODS),
        ]
        for quarter in reversed(quarters)
    ]
    notes = [words("counting.trend_note")]
    return Exhibit(f"methods-{place.code}", title, chart, text_table(title, head, body), notes)
