"""The published figures, found by place: the only way in which pages reach the tables."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pandas as pd

from naome_assets.publication.published import Publication
from naome_assets.publication.report.words import Row, number
from naome_assets.quarters import Quarter

ENGLAND_AND_WALES = ("england_and_wales", "K04000001")
NATIONS = (("nation", "E92000001"), ("nation", "W92000004"))

Key = tuple[str, str]


class Figures:
    """Rows of the published tables by table and place."""

    def __init__(self, publication: Publication) -> None:
        """Sort the rows by place; what no page shows is left out."""
        self.statement = publication.statement
        self.quarter = Quarter.parse(publication.statement.quarter)
        self.first_quarter = Quarter.parse(publication.statement.first_quarter)
        self._rows: dict[str, dict[Key, list[dict[str, Any]]]] = {}
        # Every provider's page looks at the same national rows.
        self._found: dict[tuple[object, ...], list[Row]] = {}
        for name, table in publication.tables.items():
            by_place: dict[Key, list[dict[str, Any]]] = defaultdict(list)
            for row in _shown(name, table, publication.statement.quarter).to_dict("records"):
                key = (str(row["geography_type"]), str(row["geography_code"]))
                by_place[key].append({str(column): value for column, value in row.items()})
            self._rows[name] = by_place

    def has(self, table: str) -> bool:
        """Whether the table is published and has rows."""
        return bool(self._rows.get(table))

    def places(self) -> dict[Key, str]:
        """Every place with its name."""
        return {
            key: str(rows[0]["geography_name"])
            for table in self._rows.values()
            for key, rows in table.items()
            if "geography_name" in rows[0]
        }

    def rows(self, table: str, place: Key, **equals: str) -> list[Row]:
        """Rows of a place with these values, by quarter."""
        asked = (table, place, *sorted(equals.items()))
        if asked not in self._found:
            found = [
                row
                for row in self._rows.get(table, {}).get(place, [])
                if all(row.get(column) == value for column, value in equals.items())
            ]
            self._found[asked] = sorted(found, key=lambda row: str(row["quarter"]))
        return self._found[asked]

    def row(self, table: str, place: Key, **equals: str) -> Row | None:
        """The row of the published quarter, None where there is none."""
        found = self.rows(table, place, **{"quarter": str(self.quarter), **equals})
        return found[0] if found else None

    def recurrent_share(self, place: Key) -> float | None:
        """Recurrent among people living with MBC, percent; a low one warns about the data."""
        whole = {"sex": "all", "age_band": "all", "years_since_mbc": "all"}
        recurrent = number(
            self.row("prevalence", place, presentation="recurrent", **whole), "people"
        )
        everyone = number(self.row("prevalence", place, presentation="all", **whole), "people")
        return None if recurrent is None or not everyone else 100 * recurrent / everyone


def _shown(name: str, table: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """The rows that pages show; prevalence is a cube, and most of it stays in the files."""
    if name != "prevalence":
        return table
    summed = (table[["age_band", "years_since_mbc"]] == "all").all(axis=1)
    latest = (table["quarter"] == quarter) & (
        (table[["age_band", "years_since_mbc"]] == "all").any(axis=1)
    )
    return table[(table["sex"] == "all") & (summed | latest)]
