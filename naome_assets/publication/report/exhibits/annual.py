"""Calendar years side by side: counts and measures of each nation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from naome_assets.contract.dimensions import COMPARED_PERIOD, EVERYBODY, FOLLOWED_PERIOD
from naome_assets.publication import charts
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits.exhibit import (
    Exhibit,
    estimate,
    present,
    text_table,
)
from naome_assets.publication.report.exhibits.measures import limited, percent_cells
from naome_assets.publication.report.figures import Figures
from naome_assets.publication.report.html_tables import Table
from naome_assets.publication.report.measures import Measure
from naome_assets.publication.report.places import Place
from naome_assets.publication.report.words import Row, Words, number, signed
from naome_assets.quarters import Quarter
from naome_assets.transform.project import load_project

#: So many of the last years are in one table.
_SIDE_BY_SIDE = 3


def few_people() -> int:
    """A year's percentage of fewer people moves with each of them: it is not drawn nor compared."""
    return int(load_project().variables["outlier_minimum"])


@dataclass(frozen=True)
class Year:
    """A calendar year that the data hold whole."""

    year: int

    @property
    def last_quarter(self) -> Quarter:
        """Its twelve months are those that end with this quarter."""
        return Quarter(self.year, 4)


def years(figures: Figures) -> list[Year]:
    """The whole calendar years from the first quarter of the data to the one published."""
    first = figures.first_quarter
    start = first.year if first.number == 1 else first.year + 1
    end = figures.quarter.year if figures.quarter.number == 4 else figures.quarter.year - 1
    return [Year(year) for year in range(start, end + 1)]


@dataclass(frozen=True)
class _Count:
    """A count: its table and columns, and what its rows are; ``key`` names its words."""

    key: str
    table: str
    value: str
    where: Mapping[str, str]
    lower: str = ""
    upper: str = ""

    def rows(self, figures: Figures, place: Place, shown: Sequence[Year]) -> list[Row | None]:
        rows = figures.rows(self.table, place.key, presentation="all", **self.where)
        return [_of_year(rows, year) for year in shown]


_LIVING = _Count("living", "prevalence", "people", EVERYBODY)
_INCIDENCE = _Count(
    "incidence",
    "indicator",
    "value",
    {"indicator": "incidence", "period": FOLLOWED_PERIOD},
    "lower_95",
    "upper_95",
)
_COUNTS = (_INCIDENCE, _LIVING)


def by_year(edition: Edition) -> list[Exhibit]:
    """Each count and measure by year, a line a nation."""
    shown = years(edition.figures)
    if not shown:
        return []
    return present(
        [
            *(_count(edition, shown, count) for count in _COUNTS),
            *(_measure(edition, shown, measure) for measure in edition.measures),
        ]
    )


def _count(edition: Edition, shown: Sequence[Year], count: _Count) -> Exhibit | None:
    figures, words = edition.figures, edition.words
    found = {place: count.rows(figures, place, shown) for place in edition.places.national}
    if all(row is None for rows in found.values() for row in rows):
        return None
    title = words(f"annual.{count.key}")
    chart = charts.trend(
        charts.Heading(f"annual-{count.key}", title, words("describe.trend")),
        [str(year.year) for year in shown],
        [
            charts.Series(
                edition.name(place),
                [estimate(row, count.value, count.lower, count.upper) for row in rows],
            )
            for place, rows in found.items()
        ],
        words("prevalence.people"),
        is_percent=False,
    )
    head = [words("table.year"), *map(edition.name, found)]
    body = [
        [str(year.year), *(words.cell(rows[at], count.value) for rows in found.values())]
        for at, year in reversed(list(enumerate(shown)))
    ]
    notes = []
    if count is _LIVING:
        first = words.date(figures.first_quarter.first_day)
        notes = [words("prevalence.lookback", first=first)]
    table = text_table(title, head, body)
    return Exhibit(f"annual-{count.key}", title, chart, table, notes=notes)


def _measure(edition: Edition, shown: Sequence[Year], measure: Measure) -> Exhibit | None:
    words = edition.words
    found = {place: _measured(edition, measure, place, shown) for place in edition.places.national}
    if all(measure.of(row) is None for rows in found.values() for row in rows):
        return None
    title = words("annual.by_year", measure=edition.title(measure))
    chart = charts.trend(
        charts.Heading(f"annual-{measure.key}", title, words("describe.trend")),
        [str(year.year) for year in shown],
        [
            charts.Series(
                edition.name(place),
                [limited(measure, None if _is_of_few(measure, row) else row) for row in rows],
            )
            for place, rows in found.items()
        ],
        edition.percent_of(measure),
    )
    head = [words("table.year")]
    for place in found:
        head += [edition.name(place), words("table.interval"), words("table.change")]
    body = []
    for at, year in reversed(list(enumerate(shown))):
        cells = [str(year.year)]
        for rows in found.values():
            before = rows[at - 1] if at else None
            cells += [
                _percent(words, measure, rows[at]),
                words.interval(rows[at], measure.lower, measure.upper),
                _change(words, [_compared(measure, row) for row in (before, rows[at])]),
            ]
        body.append(cells)
    table = text_table(title, head, body)
    return Exhibit(f"annual-{measure.key}", title, chart, table, notes=edition.notes(measure))


def side_by_side(edition: Edition) -> list[Table]:
    """The last three calendar years of each nation, and how the last differs from the one before.

    Empty where the data hold fewer than two.
    """
    words = edition.words
    shown = years(edition.figures)[-_SIDE_BY_SIDE:]
    if len(shown) < 2:
        return []
    head = [words("table.measure"), *(str(year.year) for year in shown), words("table.change")]
    tables = []
    for place in edition.places.national:
        body = []
        for count in _COUNTS:
            found = count.rows(edition.figures, place, shown)
            cells = [words.cell(row, count.value) for row in found]
            change = _change(words, [number(row, count.value) for row in found[-2:]], 0)
            body.append([words(f"annual.{count.key}"), *cells, change])
        for measure in edition.measures:
            found = _measured(edition, measure, place, shown)
            if all(measure.of(row) is None for row in found):
                continue
            cells = [_percent(words, measure, row) for row in found]
            change = _change(words, [_compared(measure, row) for row in found[-2:]])
            body.append([edition.title(measure), *cells, change])
        tables.append(text_table(edition.name(place), head, body))
    return tables


def together(edition: Edition, last: Quarter) -> Table:
    """Every measure over the three years that end with a quarter."""
    words, places = edition.words, edition.places.national
    head = [words("table.measure")]
    for place in places:
        head += [edition.name(place), words("table.interval")]
    body = []
    for measure in edition.measures:
        cells = [edition.title(measure)]
        for place in places:
            rows = measure.rows(edition.figures, place.key, COMPARED_PERIOD)
            cells += percent_cells(words, measure, _of_year(rows, Year(last.year)))
        body.append(cells)
    return text_table(words("annual.three_years"), head, body)


def _of_year(rows: Sequence[Row], year: Year) -> Row | None:
    quarter = str(year.last_quarter)
    return next((row for row in rows if row["quarter"] == quarter), None)


def _measured(
    edition: Edition, measure: Measure, place: Place, shown: Sequence[Year]
) -> list[Row | None]:
    rows = measure.rows(edition.figures, place.key, FOLLOWED_PERIOD)
    return [_of_year(rows, year) for year in shown]


def _change(words: Words, values: Sequence[float | None], decimals: int = 1) -> str:
    """How the second value differs from the first."""
    before, now = values
    if before is None or now is None:
        return words("none.short")
    return signed(f"{now - before:,.{decimals}f}")


def _is_of_few(measure: Measure, row: Row | None) -> bool:
    people = number(row, measure.denominator)
    return people is not None and people < few_people()


def _compared(measure: Measure, row: Row | None) -> float | None:
    return None if _is_of_few(measure, row) else measure.of(row)


def _percent(words: Words, measure: Measure, row: Row | None) -> str:
    """A percentage, with its people where they are few."""
    text = words.percent(row, measure.value)
    if measure.of(row) is None or not _is_of_few(measure, row):
        return text
    return words("annual.few", value=text, people=words.cell(row, measure.denominator))
