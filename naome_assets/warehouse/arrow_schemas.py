"""The declared submission tables as Arrow schemas; cheap to import, for reading processes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pyarrow as pa

from naome_assets.contract.submissions import TABLES, Type

_TYPES: Mapping[Type, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int32(),
    "big_integer": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "moment": pa.timestamp("us"),
}


@cache
def arrow_schemas() -> Mapping[str, pa.Schema]:
    """Arrow schema of each table."""
    return {
        table.name: pa.schema(
            [pa.field(column.name, _TYPES[column.type]) for column in table.columns]
        )
        for table in TABLES
    }
