"""Tables as Markdown, and values as readers see them."""

from __future__ import annotations

import base64
from collections.abc import Mapping

import pandas as pd

from naome_assets.contract.dimensions import NATIONAL
from naome_assets.publication.cells import cells


def cell(value: object) -> str:
    """Counts with thousands separators, other numbers with one decimal, nothing for null."""
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return ""
    if isinstance(value, float):
        return f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def markdown_table(frame: pd.DataFrame) -> str:
    """The frame's rows under its column names."""
    header = "| " + " | ".join(str(name).replace("_", " ") for name in frame.columns) + " |"
    rule = "|" + "---|" * len(frame.columns)
    rows = [
        "| " + " | ".join(cell(value) for value in row) + " |"
        for row in frame.itertuples(index=False)
    ]
    return "\n".join([header, rule, *rows])


#: Places that a preview shows.
_PLACES_SHOWN = 25


def published_preview(frame: pd.DataFrame) -> str:
    """Places of the last quarter of a published table; ``*`` is where a number is withheld."""
    local = frame[~frame["geography_type"].isin(NATIONAL)]
    local = local[local["quarter"] == frame["quarter"].max()]
    for name in ("presentation", "sex", "age_band", "years_since_mbc"):
        if name in local:
            local = local[local[name] == "all"]
    if local.empty:
        return "No place is published for the last quarter."
    return markdown_table(cells(local.head(_PLACES_SHOWN), ""))


def pictures(charts: Mapping[str, str]) -> str:
    """Stand-alone SVG charts by title, as images inside Markdown: it needs no files beside it."""
    return "\n\n".join(f"**{title}**\n\n{_picture(title, svg)}" for title, svg in charts.items())


def _picture(title: str, svg: str) -> str:
    encoded = base64.b64encode(svg.encode()).decode()
    return f"![{title}](data:image/svg+xml;base64,{encoded})"
