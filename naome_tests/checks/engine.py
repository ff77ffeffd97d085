"""An engine with a few rows in it, for rules that are counted."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pandas as pd


def engine_with(**frames: pd.DataFrame) -> Callable[[str], pd.DataFrame]:
    """Runs SELECTs on tables of these names."""
    connection = duckdb.connect(":memory:")
    for name, frame in frames.items():
        connection.register(name, frame)
    return lambda select: connection.sql(select).df()
