"""Tables that Python computes from other tables, as assets that replace them whole."""

from collections.abc import Callable, Iterator, Sequence

import dagster as dg
import numpy as np
import pandas as pd
import pyarrow as pa

from naome_assets.assets.presentation import OWNERS, table_metadata
from naome_assets.assets.resources import WAREHOUSE_POOL, WarehouseResource, warehouse_kind
from naome_assets.checks.suites import compared_with
from naome_assets.statistics.tables import COMPUTED, descriptions
from naome_assets.warehouse.protocol import Warehouse, WarehouseError

#: What makes a curve, in tables of curves.
_CURVE = ["quarter", "period", "geography_type", "geography_code", "geography_name", "presentation"]


def computed_asset(
    name: str,
    deps: Sequence[str],
    description: str,
    compute: Callable[[Warehouse], pa.Table],
    *,
    is_experimental: bool = False,
) -> dg.AssetsDefinition:
    """The asset of a table in ``COMPUTED``.

    An experimental table never holds the audit back: when it cannot be computed it is left empty,
    its check ``computed`` warns and names the error, and everything else is published.

    Args:
        name: of table and asset.
        deps: tables that it is computed from.
        description: what it holds, and what a row is.
        compute: every row of the table, from the warehouse.
        is_experimental: whether the audit stands without it.
    """
    check = dg.AssetCheckSpec(
        "computed",
        asset=name,
        description="The experimental table could be computed. When it fails: the table is left "
        "empty, and the audit goes on without it; report the error.",
        blocking=False,
    )

    @dg.asset(
        name=name,
        deps=sorted({*deps} | compared_with(name)),
        group_name="indicators",
        description=description,
        kinds={"python", warehouse_kind(), "table"},
        owners=OWNERS,
        pool=WAREHOUSE_POOL,
        check_specs=[check] if is_experimental else [],
    )
    def computed(
        warehouse: WarehouseResource,
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        with warehouse.connect() as opened:
            error = ""
            try:
                table = compute(opened)
            except WarehouseError:
                raise
            except Exception as problem:
                if not is_experimental:
                    raise
                # Its class alone: a message can hold values of people.
                error = type(problem).__name__
                table = COMPUTED[name].empty_table()
            rows = opened.replace_table(name, table)
            yield dg.MaterializeResult(
                metadata=table_metadata(opened, name, descriptions(name), rows)
            )
            if is_experimental:
                yield _is_computed(error)

    return computed


def _is_computed(error: str) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name="computed",
        passed=not error,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"could not be computed ({error}): left empty" if error else "computed",
    )


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
