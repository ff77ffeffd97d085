"""Calendar years side by side: counts and measures of each nation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import hypot

from naome_assets.contract.dimensions import COMPARED_PERIOD, EVERYBODY, FOLLOWED_PERIOD
from naome_assets.publication import charts
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits.exhibit import (
    Estimate,
    Exhibit,
    estimate,
    present,
    text_table,
)
from naome_assets.publication.report.exhibits.measures import counted, limited, percent_cells
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
                [_compared(measure, row) for row in rows],
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
                *_percent_and_interval(words, measure, rows[at]),
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
            # Those living have no limits: more of them are known the longer the data look back.
            change = _change(
                words,
                [estimate(row, count.value, count.lower, count.upper) for row in found[-2:]],
                0,
            )
            body.append([words(f"annual.{count.key}"), *cells, change])
        for measure in edition.measures:
            found = _measured(edition, measure, place, shown)
            if all(measure.of(row) is None for row in found):
                continue
            cells = [_percent_and_interval(words, measure, row)[0] for row in found]
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
            cells += _percent_and_interval(words, measure, _of_year(rows, Year(last.year)))
        body.append(cells)
    return text_table(words("annual.three_years"), head, body)


def _of_year(rows: Sequence[Row], year: Year) -> Row | None:
    quarter = str(year.last_quarter)
    return next((row for row in rows if row["quarter"] == quarter), None)


def _measured(
    edition: Edition, measure: Measure, place: Place, shown: Sequence[Year]
) -> list[Row | None]:
    """The rows of the years; none of a year whose people are not all followed for long enough."""
    rows = measure.rows(edition.figures, place.key, FOLLOWED_PERIOD)
    # Follow-up ends with the last quarter (ruling A5).
    end = edition.figures.quarter.last_day - timedelta(days=measure.followed_days)
    return [_of_year(rows, year) if year.last_quarter.last_day <= end else None for year in shown]


def _change(words: Words, years: Sequence[Estimate], decimals: int = 1) -> str:
    """How the second figure differs from the first, with the interval of the difference."""
    found = difference(*years)
    if found is None:
        return words("none.short")
    change, *limits = (signed(f"{value:,.{decimals}f}") for value in found)
    return words("annual.change", change=change, lower=limits[0], upper=limits[1])


def difference(before: Estimate, now: Estimate) -> tuple[float, float, float] | None:
    """The second of two independent figures less the first, with its 95 % limits.

    Limits after Newcombe (1998, Statistics in Medicine 17:873, method 10) from those of the
    figures; people of two calendar years are different people. None where a limit is not known.
    """
    p1, l1, u1 = before
    p2, l2, u2 = now
    if p1 is None or l1 is None or u1 is None or p2 is None or l2 is None or u2 is None:
        return None
    change = p2 - p1
    return change, change - hypot(p2 - l2, u1 - p1), change + hypot(u2 - p2, p1 - l1)


def _is_of_few(measure: Measure, row: Row | None) -> bool:
    people = number(row, measure.denominator)
    return people is not None and people < few_people()


def _compared(measure: Measure, row: Row | None) -> Estimate:
    return limited(measure, None if _is_of_few(measure, row) else row)


def _percent_and_interval(words: Words, measure: Measure, row: Row | None) -> list[str]:
    """A percentage and its interval; of few people how many they are, which is no percentage."""
    if measure.of(row) is None or not _is_of_few(measure, row):
        return percent_cells(words, measure, row)
    people = words.cell(row, measure.denominator)
    text = words("annual.few", part=counted(words, measure, row), people=people)
    return [text, words("none.short")]
