"""The published figures, found by place: the only way in which pages reach the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from naome_assets.contract import dimensions
from naome_assets.contract.dimensions import (
    COMPARED_PERIOD,
    EVERYBODY,
    FOLLOWED_PERIOD,
    NATION,
    NATIONAL,
    QUARTER,
    RECURRENT,
    REGISTRY,
    TOGETHER,
)
from naome_assets.contract.indicators import INDICATORS
from naome_assets.contract.published_tables import TABLE
from naome_assets.publication.published import Publication
from naome_assets.publication.report.words import Row, number
from naome_assets.quarters import Quarter, quarter_range
from naome_assets.transform.project import load_project

ENGLAND_AND_WALES = (TOGETHER, dimensions.ENGLAND_AND_WALES)
#: Places of the nations by their names.
NATIONS = {name: (NATION, code) for name, code in dimensions.NATIONS.items()}

Key = tuple[str, str]

#: A recurrent share of the living below this warns about the data (method book, facts).
RECURRENT_SHARE_MINIMUM = float(load_project().variables["recurrent_share_minimum"])


class Figures:
    """Rows of the published tables by table and place."""

    def __init__(self, publication: Publication) -> None:
        """Sort the rows by place; what no page shows is left out."""
        self.statement = publication.statement
        self.quarter = Quarter.parse(publication.statement.quarter)
        self.changes = publication.changes
        self.vintage_before = publication.vintage_before
        self.first_quarter = Quarter.parse(publication.statement.first_quarter)
        self._rows: dict[tuple[str, Key, str], list[Row]] = defaultdict(list)
        self._places: dict[Key, str] = {}
        # Every provider's page looks at the same national rows.
        self._found: dict[tuple[object, ...], list[Row]] = {}
        for name, table in publication.tables.items():
            shown = _shown(name, table, self.quarter)
            columns = [str(column) for column in shown.columns]
            for values in zip(*(shown[column].tolist() for column in columns), strict=True):
                row = dict(zip(columns, values, strict=True))
                place = (str(row["geography_type"]), str(row["geography_code"]))
                self._rows[name, place, _kind(row)].append(row)
                if "geography_name" in row:
                    self._places[place] = str(row["geography_name"])
        self._tables = {name for name, _, _ in self._rows}

    def has(self, table: str) -> bool:
        """Whether the table is published and has rows."""
        return table in self._tables

    def places(self) -> dict[Key, str]:
        """Every place with its name."""
        return dict(self._places)

    def rows(self, table: str, place: Key, **equals: str) -> list[Row]:
        """Rows of a place with these values, by quarter; by ``registry`` unless one is given."""
        asked = (table, place, *sorted(equals.items()))
        if asked not in self._found:
            found = [
                row
                for row in self._rows.get((table, place, _kind(equals)), [])
                if all(row.get(column) == value for column, value in equals.items())
            ]
            self._found[asked] = sorted(found, key=lambda row: str(row["quarter"]))
        return self._found[asked]

    def missing_nation(self, place: Key, quarter: str) -> str:
        """The nation that is missing from a place's figures of a quarter (ruling I4)."""
        return self.statement.missing_nation(quarter) if place == ENGLAND_AND_WALES else ""

    def is_comparable(self, place: Key, quarter: str) -> bool:
        """Whether a quarter stands for the same nations as the published one."""
        latest = str(self.quarter)
        return self.missing_nation(place, quarter) == self.missing_nation(place, latest)

    def row(self, table: str, place: Key, **equals: str) -> Row | None:
        """The row of the published quarter, None where there is none."""
        found = self.rows(table, place, **{"quarter": str(self.quarter), **equals})
        return found[0] if found else None

    def recurrent_share(self, place: Key) -> float | None:
        """Recurrent among people living with MBC, percent; a low one warns about the data."""
        recurrent = number(
            self.row("prevalence", place, presentation=RECURRENT, **EVERYBODY), "people"
        )
        everyone = number(self.row("prevalence", place, presentation="all", **EVERYBODY), "people")
        return None if recurrent is None or not everyone else 100 * recurrent / everyone


def unbroken(quarters: Iterable[str]) -> list[str]:
    """Every quarter from the first to the last: those without figures are gaps of a line."""
    named = sorted(map(Quarter.parse, quarters))
    return [str(quarter) for quarter in quarter_range(named[0], named[-1])] if named else []


def _kind(row: Mapping[Any, Any]) -> str:
    """What parts the rows of a long table: asked for whenever such a table is, but for a method."""
    kind = row.get("indicator") or row.get("modality") or row.get("item") or ""
    return f"{kind} {row.get('method') or REGISTRY}"


def _shown(name: str, table: pd.DataFrame, quarter: Quarter) -> pd.DataFrame:
    """The rows that pages show: the others stay in the files, and finding is quick without them."""
    latest = table["quarter"] == str(quarter)
    own = TABLE[name]
    where = pd.Series(True, index=table.index)
    for column, value in own.shown_where.items():
        where &= table[column] == value
    if own.shown == "all":
        return table[where]
    if own.shown == "latest":
        return table[latest & where]
    if own.shown == "living":
        summed = (table[["age_band", "years_since_mbc"]] == "all").sum(axis=1)
        return table[(table["sex"] == "all") & ((summed == 2) | (latest & (summed == 1)))]
    # Thirty-six months are shown as of now and of each year's end, twelve months as trends, and
    # quarters of nations between process limits.
    is_national = table["geography_type"].isin(NATIONAL)
    trend = (table["period"] == FOLLOWED_PERIOD) & where
    trend &= (table["presentation"] == "all") | is_national
    ends = [end for end in table["quarter"].unique() if end == str(quarter) or end.endswith("Q4")]
    trend |= where & is_national & (table["period"] == QUARTER) & (table["presentation"] == "all")
    window = (table["period"] == COMPARED_PERIOD) & table["quarter"].isin(ends)
    if name == "indicator":
        is_shown = table["indicator"].isin([entry.key for entry in INDICATORS if not entry.item])
        return table[(trend | window) & is_shown]
    return table[trend | window]
