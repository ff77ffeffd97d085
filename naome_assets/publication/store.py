"""A publication as tables of the warehouse, in the column types of the true tables."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pyarrow as pa

from naome_assets.contract.published_tables import PUBLISHED_TABLES, TABLE, published_name
from naome_assets.disclosure.suppression import Profile
from naome_assets.publication.published import Publication, PublicationInfo
from naome_assets.publication.revision import changes, publish
from naome_assets.warehouse.protocol import Warehouse

#: Types of columns that the true table does not have.
_TYPES = {"text": pa.string(), "real": pa.float64()}


def store_publication(
    warehouse: Warehouse, profile: Profile
) -> Iterator[tuple[str, pd.DataFrame, int]]:
    """Publish and replace ``published_<table>``, ``revision`` and ``publication_vintage``.

    The vintage is written last, when all that it tells of stands.

    Yields:
        Name, frame and rows of each table, once it stands.
    """
    tables, vintages, revisions = publish(warehouse, profile)
    for name, frame in tables.items():
        true_name = name.removeprefix("published_")
        true = warehouse.arrow(f"select * from {true_name} limit 0")  # noqa: S608
        schema = true.schema
        added = {own.name: _TYPES[own.type] for own in TABLE[true_name].added}
        added["suppressed"] = pa.bool_()
        for column in frame.columns.drop(true.schema.names):
            schema = schema.append(pa.field(column, added[str(column)]))
        rows = pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False)
        yield name, frame, warehouse.replace_table(name, rows)
    for name, frame in (("revision", revisions), ("publication_vintage", vintages)):
        rows = pa.Table.from_pandas(frame, preserve_index=False)
        yield name, frame, warehouse.replace_table(name, rows)


def read_publication(warehouse: Warehouse) -> Publication:
    """The publication that stands in the warehouse.

    Raises:
        ValueError: when nothing was published yet.
    """
    if not warehouse.has_table("publication_vintage"):
        raise ValueError("nothing was published yet: run `naome run`")
    vintages = warehouse.query(
        "select * from publication_vintage order by number desc limit 2"
    ).to_dict("records")
    latest = vintages[0]
    return Publication(
        tables={
            table: warehouse.query(f"select * from {published_name(table)}")  # noqa: S608
            for table in PUBLISHED_TABLES
            if warehouse.has_table(published_name(table))
        },
        statement=PublicationInfo(
            **{
                name: str(latest[name])
                for name in PublicationInfo.__dataclass_fields__
                # A column that an older version did not write.
                if not pd.isna(latest.get(name))
            }
        ),
        changes=changes(warehouse),
        vintage_before=str(vintages[1]["vintage"]) if len(vintages) > 1 else "",
    )
