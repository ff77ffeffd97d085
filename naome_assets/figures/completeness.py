"""Heat maps of ``data_quality``: how often each item is given, by quarter and by place."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import pandas as pd

from naome_assets.contract.dimensions import ENGLAND_AND_WALES, WALES
from naome_assets.publication.cells import SUPPRESSED
from naome_assets.publication.report.figures import unbroken
from naome_assets.transform.project import load_project

if TYPE_CHECKING:
    from matplotlib.figure import Figure

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
            | published["geography_code"].isin([ENGLAND_AND_WALES, WALES])
        )
    ]
    local = rows[rows["geography_type"] == "cancer_alliance"]
    has_year = (local["period"] == "rolling_12m").any()
    rows = rows[rows["period"] == ("rolling_12m" if has_year else "quarter")]
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


def heat_map(table: pd.DataFrame, title: str, nothing: str) -> Figure:
    """A cell a value, darker the less is given, with the percentage in it.

    Args:
        table: percentages, by the labels of rows and columns.
        title: what is shown.
        nothing: what stands in a cell without a value.
    """
    # Only runs that draw pay for the import.
    from matplotlib import colormaps
    from matplotlib.figure import Figure

    rows, columns = table.shape
    figure = Figure(
        figsize=(max(6.0, 2.0 + 0.36 * columns), 2.2 + 0.24 * rows), layout="constrained"
    )
    axes = figure.subplots()
    colours = colormaps["Blues_r"].with_extremes(bad="#eeeeee")
    axes.imshow(table.to_numpy(), cmap=colours, vmin=0, vmax=100, aspect="auto")
    for y, (_, values) in enumerate(table.iterrows()):
        for x, value in enumerate(values):
            axes.text(
                x,
                y,
                # Cut: 100 says that not one is missing.
                nothing if pd.isna(value) else str(math.floor(value + 1e-9)),
                ha="center",
                va="center",
                fontsize=7,
                color="white" if value < 50 else "black",
            )
    axes.set_xticks(range(columns), [_words(name) for name in table.columns], rotation=90)
    axes.set_yticks(range(rows), [_words(name) for name in table.index])
    axes.tick_params(labelsize=8, length=0)
    axes.spines[:].set_visible(False)
    figure.suptitle(title, x=0.01, ha="left", fontsize=10)
    return figure


def quarters_heat_map(data_quality: pd.DataFrame) -> Figure | None:
    """The trend of every item; none without records."""
    table = by_quarter(data_quality)
    title = f"{_MEASURE}\nEngland and Wales, by quarter of submission"
    return None if table.empty else heat_map(table, title, "")


def places_heat_map(published: pd.DataFrame) -> Figure | None:
    """Every item of every alliance; none where no place is published."""
    table, window = by_place(published)
    title = f"{_MEASURE}\nBy cancer alliance, {window}; {SUPPRESSED} withheld, or no records"
    return None if table.empty else heat_map(table, title, SUPPRESSED)


def _ordered(items: pd.Index) -> list[str]:
    """Items in the order of the project's settings."""
    variables = load_project().variables
    listed = [*variables["quality_items"], *variables["quality_sact_items"]]
    return [item for item in listed if item in set(items)]


def _words(name: str) -> str:
    return str(name).replace("_", " ")
