"""One measure, a percentage of people: over time, by presentation, beside larger places."""

from __future__ import annotations

from collections.abc import Sequence

from naome_assets.contract.dimensions import COMPARED_PERIOD, FOLLOWED_PERIOD, PRESENTATIONS
from naome_assets.publication import charts
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits.exhibit import (
    Estimate,
    Exhibit,
    estimate,
    heading,
    missing_nation_note,
    present,
    text_table,
)
from naome_assets.publication.report.figures import ENGLAND_AND_WALES, unbroken
from naome_assets.publication.report.html_tables import Cell
from naome_assets.publication.report.measures import CNS, MDT, SURVIVAL_1Y, WITHIN_31_DAYS, Measure
from naome_assets.publication.report.places import Place
from naome_assets.publication.report.words import Row, Words, number

#: Measures that the page of a place follows over time.
_FOLLOWED = (CNS, MDT, WITHIN_31_DAYS, SURVIVAL_1Y)


def of_nation(edition: Edition, place: Place) -> list[Exhibit]:
    """What the page of a nation shows of nurses and meetings."""
    return present(
        [
            trend(edition, place, CNS, compare=False),
            by_presentation(edition, place, CNS),
            trend(edition, place, MDT, compare=False),
        ]
    )


def of_place(edition: Edition, place: Place) -> list[Exhibit]:
    """What the page of a place shows over time."""
    followed = [measure for measure in edition.measures if measure in _FOLLOWED]
    return present(trend(edition, place, measure, compare=True) for measure in followed)


def trend(edition: Edition, place: Place, measure: Measure, *, compare: bool) -> Exhibit | None:
    """A percentage over the windows of twelve months, with its limits.

    Args:
        edition: Figures and words.
        place: The place.
        measure: What is shown.
        compare: Draw England and Wales as a second line; otherwise a line for each presentation.
    """
    figures, words = edition.figures, edition.words
    # Whose quarters can lack a nation.
    whole = ENGLAND_AND_WALES if compare else place.key
    if compare:
        lines = {
            edition.name(place): measure.rows(figures, place.key, FOLLOWED_PERIOD),
            edition.england_and_wales(): measure.rows(figures, whole, FOLLOWED_PERIOD),
        }
    else:
        lines = {
            words(f"presentation.{kind}"): measure.rows(figures, whole, FOLLOWED_PERIOD, kind)
            for kind in PRESENTATIONS
        }
    rows = [{str(row["quarter"]): row for row in found} for found in lines.values()]
    # Windows that begin before the data would show the beginning of the data, not of the care.
    quarters = sorted(
        {quarter for line in rows for quarter, row in line.items() if row.get("complete", True)}
    )
    if not quarters or not rows[0]:
        return None
    times = unbroken(quarters)

    def drawn(line: int, quarter: str) -> Estimate:
        is_drawn = (compare and line == 0) or figures.is_comparable(whole, quarter)
        return limited(measure, rows[line].get(quarter) if is_drawn else None)

    title = words("measure.trend", measure=edition.title(measure))
    chart = charts.trend(
        heading(edition, f"{measure.key}-trend", title, place, "describe.trend"),
        [words.last_month_short(quarter) for quarter in times],
        [
            charts.Series(name, [drawn(line, quarter) for quarter in times])
            for line, name in enumerate(lines)
        ],
        edition.percent_of(measure),
    )
    head = [words("table.year_to")]
    for name in lines:
        head += [name, words("table.interval")]
    body = [
        [
            words.lacking(words.last_month(quarter), figures.missing_nation(whole, quarter)),
            *(text for line in rows for text in percent_cells(words, measure, line.get(quarter))),
        ]
        for quarter in reversed(quarters)
    ]
    is_empty = all(measure.of(row) is None for row in rows[0].values())
    return Exhibit(
        f"{measure.key}-trend",
        title,
        "" if is_empty else chart,
        text_table(title, head, body),
        notes=[*edition.notes(measure), *missing_nation_note(edition, whole, quarters)],
    )


def comparison(
    edition: Edition, places: Sequence[Place], own: Place, measure: Measure
) -> Exhibit | None:
    """One percentage of a place and of the larger places that hold it."""
    national = measure.of(measure.row(edition.figures, ENGLAND_AND_WALES, COMPARED_PERIOD))
    if national is None:
        return None
    title = edition.words("place_page.beside_larger")
    rows = {place: edition.compared(place, measure) for place in places}
    chart = charts.interval_plot(
        heading(edition, f"{measure.key}-compared", title, own, "describe.interval"),
        [
            _interval(edition, measure, edition.name(place), row, is_own=place is own)
            for place, row in rows.items()
        ],
        edition.percent_of(measure),
        reference=national,
        reference_label=edition.england_and_wales(),
    )
    table = text_table(
        title,
        measure_head(edition.words, measure, edition.words("table.place")),
        [
            measure_cells(edition.words, measure, edition.name(place), row)
            for place, row in rows.items()
        ],
    )
    return Exhibit(f"{measure.key}-compared", title, chart, table)


def by_presentation(edition: Edition, place: Place, measure: Measure) -> Exhibit | None:
    """One percentage by presentation."""
    words = edition.words
    rows = {
        words(f"presentation.{kind}"): measure.row(
            edition.figures, place.key, COMPARED_PERIOD, kind
        )
        for kind in PRESENTATIONS
    }
    if all(row is None for row in rows.values()):
        return None
    title = edition.title(measure)
    chart = charts.interval_plot(
        heading(edition, f"{measure.key}-kinds", title, place, "describe.interval"),
        [_interval(edition, measure, name, row) for name, row in rows.items()],
        edition.percent_of(measure),
    )
    table = text_table(
        title,
        measure_head(words, measure, words("table.presentation")),
        [measure_cells(words, measure, name, row) for name, row in rows.items()],
    )
    return Exhibit(f"{measure.key}-kinds", title, chart, table, notes=edition.notes(measure))


def limited(measure: Measure, row: Row | None) -> Estimate:
    """The percentage with its limits."""
    return estimate(row, measure.value, measure.lower, measure.upper)


def percent_cells(words: Words, measure: Measure, row: Row | None) -> list[str]:
    """The percentage and its interval, as text."""
    return [
        words.percent(row, measure.value),
        words.interval(row, measure.lower, measure.upper),
    ]


def measure_head(words: Words, measure: Measure, first: str) -> list[str]:
    """Heads of ``measure_cells``; ``first`` says what the rows are."""
    names = ("numerator", "denominator", "percent", "interval")
    head = [first, *(words(f"table.{name}") for name in names)]
    return [*head, words("table.recorded")] if measure is CNS else head


def measure_cells(words: Words, measure: Measure, name: str, row: Row | None) -> list[str]:
    """A row named ``name``: people counted, people in all, percentage, interval."""
    cells = [
        name,
        counted(words, measure, row),
        words.cell(row, measure.denominator),
        *percent_cells(words, measure, row),
    ]
    return [*cells, words.percent(row, "completeness_pct")] if measure is CNS else cells


def counted(words: Words, measure: Measure, row: Row | None) -> str:
    """The people counted; of survival those are the dead, so it says so."""
    text = words.cell(row, measure.numerator)
    is_survival = not measure.is_proportion and number(row, measure.numerator) is not None
    return words("headline.deaths", number=text) if is_survival else text


def outlier_cell(words: Words, row: Row | None, measure: Measure) -> Cell:
    """How a place compares, in words and as a tag; why not, where nothing is published."""
    outlier = None if row is None else row.get(measure.outlier)
    if isinstance(outlier, str):
        return Cell(words(f"outlier.{outlier}"), tag=outlier)
    is_withheld = is_comparison_withheld(measure, row)
    return Cell(words("outlier.not_told" if is_withheld else "outlier.none"))


def is_comparison_withheld(measure: Measure, row: Row | None) -> bool:
    """Whether a place without an outlier has a figure that could have one (ruling G1)."""
    return measure.is_proportion and measure.of(row) is not None


def _interval(
    edition: Edition, measure: Measure, name: str, row: Row | None, *, is_own: bool = False
) -> charts.Interval:
    text = edition.words.percent(row, measure.value)
    return charts.Interval(name, text, *limited(measure, row), is_own=is_own)
