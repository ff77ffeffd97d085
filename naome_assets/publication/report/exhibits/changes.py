"""What changed since the publication before: figures of earlier quarters, and why."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from naome_assets.contract.dimensions import EVERYBODY, FOLLOWED_PERIOD
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits.exhibit import text_table
from naome_assets.publication.report.html_tables import Cell, Table
from naome_assets.publication.report.links import relative
from naome_assets.publication.report.places import Place
from naome_assets.publication.report.words import Row, Words, signed
from naome_assets.quarters import Quarter

#: National figures are compared over so many of the last quarters; the others are counted only.
_QUARTERS_SHOWN = 8


def by_table(edition: Edition) -> Table:
    """How many figures of each table changed, and how many are withheld now or no longer."""
    words = edition.words
    body = []
    for name, part in edition.figures.changes.groupby("table_name"):
        was_withheld, is_withheld = part["suppressed_before"].eq(True), part["suppressed"].eq(True)
        counts = (
            len(part),
            part["quarter"].nunique(),
            int((is_withheld & ~was_withheld).sum()),
            int((was_withheld & ~is_withheld).sum()),
        )
        body.append([words(f"changes.tables.{name}"), *(f"{count:,}" for count in counts)])
    names = ("table", "figures", "quarters", "withheld", "shown")
    head = [words(f"changes.columns.{name}") for name in names]
    return text_table(words("changes.by_table"), head, body)


def national(edition: Edition) -> list[Table]:
    """Headline figures of each nation that changed, newest quarter first; nothing for the rest."""
    words = edition.words
    names = ("figure", "quarter", "before", "now")
    head = [*(words(f"changes.columns.{name}") for name in names), words("table.change")]
    return [
        text_table(edition.name(place), head, rows)
        for place in edition.places.national
        if (rows := list(_of_nation(edition, place)))
    ]


def by_place(edition: Edition, here: str) -> Table | None:
    """Trusts and boards: new diagnoses of the twelve months that were last before, then and now."""
    words, changes = edition.words, edition.figures.changes
    changed = _with(
        changes, table_name="cns_access", measure="patients", period=FOLLOWED_PERIOD,
        presentation="all",
    )  # fmt: skip
    latest = changed[changed["quarter"] == changed["quarter"].max()]
    body = []
    for place in edition.places.providers:
        of_place = _with(changes, geography_code=place.code)
        if of_place.empty:
            continue
        row = next(iter(_rows(_with(latest, geography_code=place.code))), None)
        body.append(
            [
                Cell(edition.name(place), relative(place.path, here)),
                Cell(f"{len(of_place):,}"),
                *map(Cell, _before_and_now(words, row)),
            ]
        )
    if not body:
        return None
    quarter = words.last_month(str(changed["quarter"].max())) if len(changed) else ""
    head = [words("table.provider"), words("changes.columns.figures")]
    head += [words("changes.columns.people_before", quarter=quarter)]
    head += [words("changes.columns.people_now", quarter=quarter), words("table.change")]
    return Table(words("changes.by_place"), head, body)


def reasons(edition: Edition) -> list[str]:
    """Why, in words, each reason once."""
    given = edition.figures.changes["reason"].unique()
    known = {part for text in given for part in text.split(" and ")}
    return [text for key, text in edition.words.group("changes.reasons").items() if key in known]


def _of_nation(edition: Edition, place: Place) -> Iterator[list[str]]:
    words = edition.words
    changed = _with(edition.figures.changes, geography_code=place.code)
    shown = {str(edition.figures.quarter + -back) for back in range(_QUARTERS_SHOWN)}
    changed = changed[changed["quarter"].isin(shown)].sort_values("quarter", ascending=False)
    living = _with(
        changed, table_name="prevalence", measure="people", presentation="all", **EVERYBODY
    )
    for row in _rows(living):
        day = words.date(Quarter.parse(str(row["quarter"])).last_day)
        yield [words("prevalence.trend"), day, *_before_and_now(words, row)]
    followed = _with(changed, period=FOLLOWED_PERIOD, presentation="all")
    for measure in edition.measures:
        found = _with(followed, table_name=measure.table, measure=measure.value, **measure.where)
        for row in _rows(found):
            figures = _before_and_now(words, row, is_percent=True)
            yield [edition.title(measure), words.last_month(str(row["quarter"])), *figures]


def _before_and_now(words: Words, row: Row | None, *, is_percent: bool = False) -> list[str]:
    if row is None:
        return [words("changes.same"), words("changes.same"), ""]
    # With the row's place, by which a figure has its decimals.
    before = {**row, "value": row["value_before"], "suppressed": row["suppressed_before"]}
    change = row["value"] - row["value_before"]
    shown = words.percent if is_percent else words.cell
    return [
        shown(before, "value"),
        shown(row, "value"),
        "" if pd.isna(change) else signed(f"{change:,.{int(is_percent)}f}"),
    ]


def _with(frame: pd.DataFrame, **equals: str) -> pd.DataFrame:
    for column, value in equals.items():
        frame = frame[frame[column] == value]
    return frame


def _rows(frame: pd.DataFrame) -> list[Row]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
