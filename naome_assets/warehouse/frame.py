"""Rows of a query as Arrow and pandas have them, the same from every engine."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

#: Whole numbers and truth values that can be missing.
_WITH_NULLS = {
    pa.int32(): pd.Int32Dtype(),
    pa.int64(): pd.Int64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}


def with_doubles(rows: pa.Table) -> pa.Table:
    """Rows without decimals: literals with a point are decimals in SQL, naome's figures doubles."""
    return rows.cast(
        pa.schema(
            pa.field(column.name, pa.float64() if pa.types.is_decimal(column.type) else column.type)
            for column in rows.schema
        )
    )


def frame_of(rows: pa.Table) -> pd.DataFrame:
    """An Arrow table as a frame.

    Whole numbers stay whole where some are null, decimals become doubles, and equal texts of a
    column are one object: large tables repeat few.
    """
    rows = with_doubles(rows)
    frame: pd.DataFrame = rows.to_pandas(date_as_object=False)
    for column in rows.schema:
        values = rows.column(column.name)
        if values.null_count and column.type in _WITH_NULLS:
            frame[column.name] = values.to_pandas(types_mapper=_WITH_NULLS.get)
    return frame
