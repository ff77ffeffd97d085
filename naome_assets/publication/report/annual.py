"""The State of the Nation: calendar years side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from naome_assets.contract.dimensions import (
    COMPARED_PERIOD,
    EVERYBODY,
    FOLLOWED_PERIOD,
)
from naome_assets.publication import charts
from naome_assets.publication.report.exhibits import Exhibit, measure_notes
from naome_assets.publication.report.figures import Figures
from naome_assets.publication.report.measures import (
    Measure,
)
from naome_assets.publication.report.places import Place
from naome_assets.publication.report.tables import Cell, Table
from naome_assets.publication.report.words import Row, Words, number, signed
from naome_assets.quarters import Quarter
from naome_assets.transform.project import load_project

#: So many of the last years stand in one table.
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


def by_year(
    figures: Figures, words: Words, places: Sequence[Place], measures: Sequence[Measure]
) -> list[Exhibit]:
    """Each count and measure by year, a line a nation."""
    shown = years(figures)
    if not shown:
        return []
    found = [_counts(figures, words, places, shown, key) for key in ("incidence", "living")]
    found += [_measure(figures, words, places, shown, measure) for measure in measures]
    return [exhibit for exhibit in found if exhibit is not None]


def _of_year(rows: Sequence[Row], year: Year) -> Row | None:
    quarter = str(year.last_quarter)
    return next((row for row in rows if row["quarter"] == quarter), None)


#: Table, columns of value and limits, and what the rows are.
_COUNTS = {
    "living": ("prevalence", "people", "", "", EVERYBODY),
    "incidence": (
        "indicator",
        "value",
        "lower_95",
        "upper_95",
        {"indicator": "incidence", "period": FOLLOWED_PERIOD},
    ),
}


def _counted(figures: Figures, place: Place, shown: Sequence[Year], key: str) -> list[Row | None]:
    table, *_, where = _COUNTS[key]
    rows = figures.rows(table, place.key, presentation="all", **where)
    return [_of_year(rows, year) for year in shown]


def _counts(
    figures: Figures, words: Words, places: Sequence[Place], shown: Sequence[Year], key: str
) -> Exhibit | None:
    _, column, lower, upper, _ = _COUNTS[key]
    found = [_counted(figures, place, shown, key) for place in places]
    if all(row is None for rows in found for row in rows):
        return None
    title = words(f"annual.{key}")
    chart = charts.trend(
        charts.Heading(f"annual-{key}", title, words("describe.trend")),
        [str(year.year) for year in shown],
        [
            charts.Series(
                words.place(place.code, place.name),
                [(number(row, column), number(row, lower), number(row, upper)) for row in rows],
            )
            for place, rows in zip(places, found, strict=True)
        ],
        words("prevalence.people"),
        is_percent=False,
    )
    head = [words("table.year"), *(words.place(place.code, place.name) for place in places)]
    body = [
        [Cell(str(year.year)), *(Cell(words.cell(rows[at], column)) for rows in found)]
        for at, year in reversed(list(enumerate(shown)))
    ]
    notes = []
    if key == "living":
        first = words.date(figures.first_quarter.first_day)
        notes = [words("prevalence.lookback", first=first)]
    return Exhibit(f"annual-{key}", title, chart, Table(title, head, body), notes=notes)


def _measure(
    figures: Figures, words: Words, places: Sequence[Place], shown: Sequence[Year],
    measure: Measure,
) -> Exhibit | None:  # fmt: skip
    found = [
        [_of_year(measure.rows(figures, place.key, FOLLOWED_PERIOD), year) for year in shown]
        for place in places
    ]
    if all(measure.of(row) is None for rows in found for row in rows):
        return None
    title = words("annual.by_year", measure=words(f"measures.{measure.key}.title"))
    chart = charts.trend(
        charts.Heading(f"annual-{measure.key}", title, words("describe.trend")),
        [str(year.year) for year in shown],
        [
            charts.Series(
                words.place(place.code, place.name),
                [
                    (measure.of(row), number(row, measure.lower), number(row, measure.upper))
                    for row in (None if _rests_on_few(measure, row) else row for row in rows)
                ],
            )
            for place, rows in zip(places, found, strict=True)
        ],
        words("axis.percent_of", people=words(f"measures.{measure.key}.people")),
    )
    head = [words("table.year")]
    for place in places:
        head += [
            words.place(place.code, place.name),
            words("table.interval"),
            words("table.change"),
        ]
    body = []
    for at, year in reversed(list(enumerate(shown))):
        cells = [Cell(str(year.year))]
        for rows in found:
            cells.append(Cell(_percent(words, measure, rows[at])))
            cells.append(Cell(words.interval(rows[at], measure.lower, measure.upper)))
            before = rows[at - 1] if at else None
            cells.append(Cell(_change(words, [_compared(measure, r) for r in (before, rows[at])])))
        body.append(cells)
    table = Table(title, head, body)
    return Exhibit(
        f"annual-{measure.key}", title, chart, table, notes=measure_notes(words, measure)
    )


def side_by_side(
    figures: Figures, words: Words, places: Sequence[Place], measures: Sequence[Measure]
) -> list[Table]:
    """The last three calendar years of each nation, and how the last differs from the one before.

    Empty where the data hold fewer than two.
    """
    shown = years(figures)[-_SIDE_BY_SIDE:]
    if len(shown) < 2:
        return []
    head = [words("table.measure"), *(str(year.year) for year in shown), words("table.change")]
    tables = []
    for place in places:
        rows = []
        for key in ("incidence", "living"):
            found = _counted(figures, place, shown, key)
            column = _COUNTS[key][1]
            cells = [words.cell(row, column) for row in found]
            change = _change(words, [number(row, column) for row in found[-2:]], 0)
            rows.append([words(f"annual.{key}"), *cells, change])
        for measure in measures:
            own = measure.rows(figures, place.key, FOLLOWED_PERIOD)
            found = [_of_year(own, year) for year in shown]
            if all(measure.of(row) is None for row in found):
                continue
            cells = [_percent(words, measure, row) for row in found]
            change = _change(words, [_compared(measure, row) for row in found[-2:]])
            rows.append([words(f"measures.{measure.key}.title"), *cells, change])
        caption = words.place(place.code, place.name)
        tables.append(Table(caption, head, [[Cell(text) for text in row] for row in rows]))
    return tables


def _change(words: Words, values: Sequence[float | None], decimals: int = 1) -> str:
    """How the second value differs from the first."""
    before, now = values
    if before is None or now is None:
        return words("none.short")
    return signed(f"{now - before:,.{decimals}f}")


def _rests_on_few(measure: Measure, row: Row | None) -> bool:
    people = number(row, measure.denominator)
    return people is not None and people < few_people()


def _compared(measure: Measure, row: Row | None) -> float | None:
    return None if _rests_on_few(measure, row) else measure.of(row)


def _percent(words: Words, measure: Measure, row: Row | None) -> str:
    """A percentage, with its people where they are few."""
    text = words.percent(row, measure.value)
    if measure.of(row) is None or not _rests_on_few(measure, row):
        return text
    return words("annual.few", value=text, people=words.cell(row, measure.denominator))


def together(
    figures: Figures, words: Words, places: Sequence[Place], measures: Sequence[Measure],
    last: Quarter,
) -> Table:  # fmt: skip
    """Every measure over the three years that end with a quarter."""
    head = [words("table.measure")]
    for place in places:
        head += [words.place(place.code, place.name), words("table.interval")]
    rows = []
    for measure in measures:
        cells = [Cell(words(f"measures.{measure.key}.title"))]
        for place in places:
            row = _of_year(measure.rows(figures, place.key, COMPARED_PERIOD), Year(last.year))
            cells.append(Cell(words.percent(row, measure.value)))
            cells.append(Cell(words.interval(row, measure.lower, measure.upper)))
        rows.append(cells)
    return Table(words("annual.three_years"), head, rows)
