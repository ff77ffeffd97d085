"""What changed since the publication before: figures of earlier quarters, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from naome_assets.contract.dimensions import (
    EVERYBODY,
    FOLLOWED_PERIOD,
)
from naome_assets.publication.report.figures import Figures
from naome_assets.publication.report.links import relative
from naome_assets.publication.report.measures import (
    Measure,
)
from naome_assets.publication.report.places import Place, Places
from naome_assets.publication.report.tables import Cell, Table
from naome_assets.publication.report.words import Row, Words, signed

#: National figures are compared over so many of the last quarters; the others are counted only.
_QUARTERS_SHOWN = 8


def by_table(figures: Figures, words: Words) -> Table:
    """How many figures of each table changed, and how many are withheld now or no longer."""
    rows = []
    for name, part in figures.changes.groupby("table_name"):
        was_withheld, is_withheld = part["suppressed_before"].eq(True), part["suppressed"].eq(True)
        rows.append(
            [
                Cell(words(f"changes.tables.{name}")),
                Cell(f"{len(part):,}"),
                Cell(f"{part['quarter'].nunique():,}"),
                Cell(f"{int((is_withheld & ~was_withheld).sum()):,}"),
                Cell(f"{int((was_withheld & ~is_withheld).sum()):,}"),
            ]
        )
    names = ("table", "figures", "quarters", "withheld", "shown")
    return Table(
        words("changes.by_table"), [words(f"changes.columns.{name}") for name in names], rows
    )


def national(
    figures: Figures, words: Words, places: Sequence[Place], measures: Sequence[Measure]
) -> list[Table]:
    """Headline figures of each nation that changed, newest quarter first; nothing for the rest."""
    return [
        Table(words.place(place.code, place.name), _head(words), rows)
        for place in places
        if (rows := list(_of_place(figures, words, place, measures)))
    ]


def by_place(figures: Figures, words: Words, places: Places, here: str) -> Table | None:
    """Trusts and boards: new diagnoses of the twelve months that were last before, then and now."""
    changed = _with(
        figures.changes, table_name="cns_access", measure="patients", period=FOLLOWED_PERIOD,
        presentation="all",
    )  # fmt: skip
    latest = changed[changed["quarter"] == changed["quarter"].max()]
    rows = []
    for place in places.providers:
        figures_changed = _with(figures.changes, geography_code=place.code)
        if figures_changed.empty:
            continue
        people = _with(latest, geography_code=place.code)
        row = next(iter(_rows(people)), None)
        rows.append(
            [
                Cell(words.place(place.code, place.name), relative(place.path, here)),
                Cell(f"{len(figures_changed):,}"),
                *_before_and_now(words, row),
            ]
        )
    if not rows:
        return None
    quarter = str(changed["quarter"].max()) if len(changed) else ""
    head = [words("table.provider"), words("changes.columns.figures")]
    head += [words("changes.columns.people_before", quarter=quarter)]
    head += [words("changes.columns.people_now", quarter=quarter), words("table.change")]
    return Table(words("changes.by_place"), head, rows)


def reasons(figures: Figures, words: Words) -> list[str]:
    """Why, in words, each reason once."""
    given = {part for text in figures.changes["reason"].unique() for part in text.split(" and ")}
    return [text for key, text in words.group("changes.reasons").items() if key in given]


def _head(words: Words) -> list[str]:
    names = ("figure", "quarter", "before", "now")
    return [*(words(f"changes.columns.{name}") for name in names), words("table.change")]


def _of_place(
    figures: Figures, words: Words, place: Place, measures: Sequence[Measure]
) -> Iterator[list[Cell]]:
    changed = _with(figures.changes, geography_code=place.code)
    shown = {str(figures.quarter + -back) for back in range(_QUARTERS_SHOWN)}
    changed = changed[changed["quarter"].isin(shown)].sort_values("quarter", ascending=False)
    living = _with(
        changed, table_name="prevalence", measure="people", presentation="all", **EVERYBODY
    )
    for row in _rows(living):
        yield _cells(words, row, words("prevalence.trend"))
    followed = _with(changed, period=FOLLOWED_PERIOD, presentation="all")
    for measure in measures:
        found = _with(followed, table_name=measure.table, measure=measure.value, **measure.where)
        for row in _rows(found):
            yield _cells(words, row, words(f"measures.{measure.key}.title"), is_percent=True)


def _cells(words: Words, row: Row, name: str, *, is_percent: bool = False) -> list[Cell]:
    quarter = Cell(str(row["quarter"]))
    return [Cell(name), quarter, *_before_and_now(words, row, is_percent=is_percent)]


def _before_and_now(words: Words, row: Row | None, *, is_percent: bool = False) -> list[Cell]:
    if row is None:
        return [Cell(words("changes.same")), Cell(words("changes.same")), Cell("")]
    before = {"value": row["value_before"], "suppressed": row["suppressed_before"]}
    change = row["value"] - row["value_before"]
    return [
        Cell(words.percent(before, "value") if is_percent else words.cell(before, "value")),
        Cell(words.percent(row, "value") if is_percent else words.cell(row, "value")),
        Cell("" if pd.isna(change) else signed(f"{change:,.{int(is_percent)}f}")),
    ]


def _with(frame: pd.DataFrame, **equals: str) -> pd.DataFrame:
    for column, value in equals.items():
        frame = frame[frame[column] == value]
    return frame


def _rows(frame: pd.DataFrame) -> list[Row]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
