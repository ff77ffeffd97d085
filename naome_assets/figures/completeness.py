"""Heat maps of ``data_quality``: how often each item is given, by quarter and by place."""

from __future__ import annotations

from typing import Final

import pandas as pd

from naome_assets.contract.dimensions import ENGLAND_AND_WALES, FOLLOWED_PERIOD, WITHOUT_ALLIANCES
from naome_assets.publication import charts
from naome_assets.publication.cells import SUPPRESSED
from naome_assets.publication.report.figures import unbroken
from naome_assets.transform.project import load_project

#: The last quarters that a heat map shows: five years.
QUARTERS_SHOWN: Final = 20
_MEASURE: Final = "Completeness: % of records that give the item"


def by_quarter(data_quality: pd.DataFrame) -> pd.DataFrame:
    """Completeness (%) in England and Wales: a row an item, a column a quarter.

    Args:
        data_quality: rows of the table, true or published: nations are the same in both.
    """
    rows = data_quality[
        (data_quality["geography_code"] == ENGLAND_AND_WALES)
        & (data_quality["source"] == "all")
        & (data_quality["period"] == "quarter")
    ]
    table = rows.pivot_table("completeness_pct", "item", "quarter", aggfunc="first", dropna=False)
    # A quarter that nobody sent is a column of nothing, not left out.
    table = table.reindex(index=_ordered(table.index), columns=unbroken(map(str, table.columns)))
    return table.iloc[:, -QUARTERS_SHOWN:].astype(float)


def by_place(published: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Completeness (%) by alliance in the last quarter, twelve months where they are published.

    Args:
        published: the table after disclosure control, which alone may tell of places.

    Returns:
        A row a place, a column an item, NaN where a number is withheld or nothing applies; and
        words on the window. Alliances are English: Wales as a whole stands beside them.
    """
    rows = published[
        (published["source"] == "all")
        & (published["quarter"] == published["quarter"].max())
        & (
            (published["geography_type"] == "cancer_alliance")
            | published["geography_code"].isin([ENGLAND_AND_WALES, *WITHOUT_ALLIANCES])
        )
    ]
    local = rows[rows["geography_type"] == "cancer_alliance"]
    has_year = (local["period"] == FOLLOWED_PERIOD).any()
    rows = rows[rows["period"] == (FOLLOWED_PERIOD if has_year else "quarter")]
    table = rows.pivot_table(
        "completeness_pct", "geography_name", "item", aggfunc="first", dropna=False
    )
    nations = rows.loc[rows["geography_type"] != "cancer_alliance"].drop_duplicates(
        "geography_code"
    )
    first = nations.sort_values("geography_code")["geography_name"].tolist()
    places = [*first, *sorted(set(table.index) - set(first))]
    window = "twelve months to" if has_year else "quarter"
    words = f"{window} {published['quarter'].max()}"
    return table.reindex(index=places, columns=_ordered(table.columns)).astype(float), words


def quarters_heat_map(data_quality: pd.DataFrame) -> dict[str, str]:
    """The trend of every item as a picture by its title; none without records."""
    title = f"{_MEASURE}. England and Wales, by quarter of submission"
    return _picture("completeness-by-quarter", title, by_quarter(data_quality), "")


def places_heat_map(published: pd.DataFrame) -> dict[str, str]:
    """Every item of every alliance; none where no place is published."""
    table, window = by_place(published)
    title = f"{_MEASURE}. By cancer alliance, {window}; {SUPPRESSED} withheld, or no records"
    return _picture("completeness-by-place", title, table, SUPPRESSED)


def _picture(name: str, title: str, table: pd.DataFrame, nothing: str) -> dict[str, str]:
    if table.empty:
        return {}
    drawn = charts.heat_map(
        charts.Heading(name, title, "Darker the less is given, with the percentage in each cell."),
        [_words(row) for row in table.index],
        [_words(column) for column in table.columns],
        [
            [None if pd.isna(value) else value for value in values]
            for values in table.itertuples(index=False)
        ],
        nothing,
    )
    return {title: charts.standalone(drawn)}


def _ordered(items: pd.Index) -> list[str]:
    """Items in the order of the project's settings."""
    variables = load_project().variables
    listed = [*variables["quality_items"], *variables["quality_sact_items"]]
    return [item for item in listed if item in set(items)]


def _words(name: str) -> str:
    return str(name).replace("_", " ")
