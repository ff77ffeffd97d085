"""A publication as tables of the warehouse, in the column types of the true tables."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pyarrow as pa

from naome_assets.publication.revision import publish
from naome_assets.statistics.disclosure import Profile
from naome_assets.warehouse.protocol import Warehouse


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
        true = warehouse.arrow(f"select * from {name.removeprefix('published_')} limit 0")  # noqa: S608
        schema = true.schema.append(pa.field("suppressed", pa.bool_()))
        rows = pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False)
        yield name, frame, warehouse.replace_table(name, rows)
    for name, frame in (("revision", revisions), ("publication_vintage", vintages)):
        rows = pa.Table.from_pandas(frame, preserve_index=False)
        yield name, frame, warehouse.replace_table(name, rows)
