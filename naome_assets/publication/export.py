"""The tables of the indicators stage as files, with true counts, for analysts in the safe haven."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from naome_assets.warehouse.protocol import Warehouse

#: The contract's tables; helper models of the stage stay in the warehouse.
EXPORTED_TABLES = ("prevalence", "cns_access", "time_to_treatment", "indicator", "data_quality")


def export_tables(warehouse: Warehouse, folder: Path, format_: str) -> Iterator[tuple[Path, int]]:
    """Write each table; yields its path and rows.

    In CSV an empty cell is null, booleans are ``true`` and ``false``, dates ISO (ruling F11).
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in EXPORTED_TABLES:
        if not warehouse.has_table(name):
            continue
        # Ordered by its key, so that the same figures give the same bytes.
        columns = ", ".join(column for column, _ in warehouse.columns(name))
        table = warehouse.arrow(f"select * from {name} order by {columns}")  # noqa: S608
        path = folder / f"{name}.{format_}"
        partial = path.with_suffix(path.suffix + ".part")
        if format_ == "csv":
            pyarrow.csv.write_csv(table, partial)
        else:
            pa.parquet.write_table(table, partial)
        partial.replace(path)
        yield path, table.num_rows
