"""Curves: one for each quarter, period, geography and presentation."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa

from naome_assets.figures.computed_tables import COMPUTED

#: What makes a curve, in tables of curves.
_CURVE = ["quarter", "period", "geography_type", "geography_code", "geography_name", "presentation"]


def curves_of(
    name: str, people: pd.DataFrame, draw: Callable[[pd.DataFrame], pd.DataFrame]
) -> pa.Table:
    """A curve for each quarter, period, geography and presentation, as the table has them.

    Args:
        name: of the table.
        people: rows with those columns and what the curve is drawn from.
        draw: the curve of the rows of one of them.
    """
    schema = COMPUTED[name]
    cells: list[tuple[str, ...]] = []
    curves: list[pd.DataFrame] = []
    for cell, group in people.groupby(_CURVE, sort=True):
        cells.append(tuple(map(str, cell)))
        curves.append(draw(group))
    if not curves:
        return schema.empty_table()
    rows = pd.concat(curves, ignore_index=True)
    lengths = [len(curve) for curve in curves]
    for column, values in zip(_CURVE, zip(*cells, strict=True), strict=True):
        rows[column] = np.repeat(np.array(values, dtype=object), lengths)
    return pa.Table.from_pandas(rows[schema.names], schema=schema, preserve_index=False)
