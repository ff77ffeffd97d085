"""Tables that Python computes from other tables, as assets that replace them whole."""

from collections.abc import Callable, Sequence

import dagster as dg
import numpy as np
import pandas as pd
import pyarrow as pa

from naome_assets.assets.presentation import OWNERS, table_metadata
from naome_assets.assets.resources import WAREHOUSE_POOL, WarehouseResource, warehouse_kind
from naome_assets.checks.suites import compared_with
from naome_assets.statistics.tables import COMPUTED, descriptions
from naome_assets.warehouse.protocol import Warehouse

#: What makes a curve, in tables of curves.
_CURVE = ["quarter", "period", "geography_type", "geography_code", "geography_name", "presentation"]


def computed_asset(
    name: str, deps: Sequence[str], description: str, compute: Callable[[Warehouse], pa.Table]
) -> dg.AssetsDefinition:
    """The asset of a table in ``COMPUTED``.

    Args:
        name: of table and asset.
        deps: tables that it is computed from.
        description: what it holds, and what a row is.
        compute: every row of the table, from the warehouse.
    """

    @dg.asset(
        name=name,
        deps=sorted({*deps} | compared_with(name)),
        group_name="indicators",
        description=description,
        kinds={"python", warehouse_kind(), "table"},
        owners=OWNERS,
        pool=WAREHOUSE_POOL,
    )
    def computed(warehouse: WarehouseResource) -> dg.MaterializeResult[None]:
        with warehouse.connect() as opened:
            rows = opened.replace_table(name, compute(opened))
            return dg.MaterializeResult(
                metadata=table_metadata(opened, name, descriptions(name), rows)
            )

    return computed


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
