"""People living with MBC: over the quarters, by age and by years since the MBC date."""

from __future__ import annotations

from naome_assets.contract.dimensions import (
    AGE_BANDS,
    DE_NOVO,
    EVERYBODY,
    NATIONAL,
    PRESENTATIONS,
    RECURRENT,
    YEARS_SINCE,
)
from naome_assets.publication import charts
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits.exhibit import (
    Exhibit,
    heading,
    missing_nation_note,
    present,
    text_table,
)
from naome_assets.publication.report.figures import unbroken
from naome_assets.publication.report.places import Place
from naome_assets.publication.report.words import Row, Words, number
from naome_assets.quarters import Quarter

#: Layers of stacked bars, from the bottom.
LAYERS = (RECURRENT, DE_NOVO)


def of_nation(edition: Edition, place: Place) -> list[Exhibit]:
    """What the page of a nation shows."""
    return present(
        [
            trend(edition, place),
            _by_band(edition, place, "age", "age_band", AGE_BANDS),
            _by_band(edition, place, "years", "years_since_mbc", tuple(YEARS_SINCE)),
        ]
    )


def trend(edition: Edition, place: Place) -> Exhibit | None:
    """People at the end of each quarter, by presentation."""
    figures, words = edition.figures, edition.words
    rows = {
        kind: {
            str(row["quarter"]): row
            for row in figures.rows("prevalence", place.key, presentation=kind, **EVERYBODY)
        }
        for kind in PRESENTATIONS
    }
    quarters = sorted(rows["all"])
    if not quarters:
        return None
    times = unbroken(quarters)
    title = words("prevalence.trend")
    chart = charts.trend(
        heading(edition, "prevalence-trend", title, place, "describe.trend"),
        [words.last_month_short(quarter) for quarter in times],
        [
            charts.Series(
                words(f"presentation.{kind}"),
                [
                    (number(rows[kind].get(quarter), "people"), None, None)
                    if figures.is_comparable(place.key, quarter)
                    else (None, None, None)
                    for quarter in times
                ],
            )
            for kind in PRESENTATIONS
        ],
        words("prevalence.people"),
        is_percent=False,
    )
    has_rate = number(rows["all"][quarters[-1]], "rate_per_100k") is not None
    head = [words("table.day"), *(words(f"presentation.{kind}") for kind in PRESENTATIONS)]
    body = [
        [
            words.lacking(
                words.date(Quarter.parse(quarter).last_day),
                figures.missing_nation(place.key, quarter),
            ),
            *(words.cell(rows[kind].get(quarter), "people") for kind in PRESENTATIONS),
            *(_rate(words, rows["all"][quarter]) if has_rate else ()),
        ]
        for quarter in reversed(quarters)
    ]
    notes = [
        words("prevalence.lookback", first=words.date(figures.first_quarter.first_day)),
        words("prevalence.never_die"),
    ]
    if place.type in NATIONAL:
        notes.append(words("prevalence.comparisons"))
    notes += missing_nation_note(edition, place.key, quarters)
    table = text_table(title, head + (_rate_head(words) if has_rate else []), body)
    return Exhibit("prevalence-trend", title, chart, table, notes=notes)


def _by_band(
    edition: Edition, place: Place, key: str, column: str, bands: tuple[str, ...]
) -> Exhibit | None:
    """People on the index date by the bands of a column and presentation."""
    figures, words = edition.figures, edition.words
    rows = {
        (band, kind): figures.row(
            "prevalence", place.key, presentation=kind, **{**EVERYBODY, column: band}
        )
        for band in bands
        for kind in PRESENTATIONS
    }
    shown = [band for band in bands if rows[band, "all"] is not None]
    if not shown:
        return None
    title = words(f"prevalence.by_{key}", date=words.date(figures.quarter.last_day))
    names = [words.group("bands").get(band, band) for band in shown]
    chart = charts.stacked_bars(
        heading(edition, f"prevalence-{key}", title, place, "describe.stacked"),
        names,
        [
            charts.Layer(
                words(f"presentation.{kind}"),
                [number(rows[band, kind], "people") for band in shown],
            )
            for kind in LAYERS
        ],
        words("prevalence.people"),
    )
    has_rate = any(number(rows[band, "all"], "rate_per_100k") is not None for band in shown)
    kinds = ("all", *LAYERS)
    head = [words(f"table.{key}"), *(words(f"presentation.{kind}") for kind in kinds)]
    body = [
        [
            name,
            *(words.cell(rows[band, kind], "people") for kind in kinds),
            *(_rate(words, rows[band, "all"]) if has_rate else ()),
        ]
        for band, name in zip(shown, names, strict=True)
    ]
    table = text_table(title, head + (_rate_head(words) if has_rate else []), body)
    notes = []
    if key == "years":
        # Records name progressions and recurrences of before the data: their bands can be longer.
        first = words.date(figures.first_quarter.first_day)
        notes = [words("prevalence.before_data", first=first)]
    return Exhibit(f"prevalence-{key}", title, chart, table, notes=notes)


def _rate_head(words: Words) -> list[str]:
    return [words("prevalence.rate"), words("table.interval")]


def _rate(words: Words, row: Row | None) -> list[str]:
    return [
        words.cell(row, "rate_per_100k", 2),
        words.interval(row, "rate_lower_95", "rate_upper_95", 2),
    ]
