"""Tables as Markdown, and values as readers see them."""

from __future__ import annotations

import pandas as pd


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
