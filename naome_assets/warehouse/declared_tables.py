"""The submission tables as SQLAlchemy has them, made from ``contract.submissions``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from naome_assets.contract.submissions import TABLES, Type

_TYPES: Mapping[Type, type[sa.types.TypeEngine[Any]]] = {
    "text": sa.Text,
    "integer": sa.Integer,
    "big_integer": sa.BigInteger,
    "double": sa.Double,
    "boolean": sa.Boolean,
    "date": sa.Date,
    "moment": sa.DateTime,
}

metadata = sa.MetaData()
for _table in TABLES:
    sa.Table(
        _table.name,
        metadata,
        *(
            sa.Column(column.name, _TYPES[column.type], nullable=not column.required)
            for column in _table.columns
        ),
    )
