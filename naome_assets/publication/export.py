"""The tables of the indicators stage as files, with true counts, for analysts in the safe haven."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from naome_assets.contract.published_tables import EXPORTED_TABLES
from naome_assets.warehouse.protocol import Warehouse


def export_tables(warehouse: Warehouse, folder: Path, format_: str) -> Iterator[tuple[Path, int]]:
    """Write each table of counts; yields its path and rows.

    In CSV an empty cell is null, booleans are ``true`` and ``false``, dates ISO (ruling F11), and
    text that a spreadsheet would take for a formula has an apostrophe before it: an unlisted
    provider is reported under the code that was sent (ruling E3).
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in EXPORTED_TABLES:
        if not warehouse.has_table(name):
            continue
        # Ordered by its key, which comes first, so that the same figures give the same bytes.
        columns = ", ".join(column for column, _ in warehouse.columns(name))
        table = warehouse.arrow(f"select {columns} from {name} order by {columns}")  # noqa: S608
        path = folder / f"{name}.{format_}"
        partial = path.with_suffix(path.suffix + ".part")
        if format_ == "csv":
            pyarrow.csv.write_csv(_without_formulas(table), partial)
        else:
            pa.parquet.write_table(table, partial)
        partial.replace(path)
        yield path, table.num_rows


def _without_formulas(table: pa.Table) -> pa.Table:
    """An apostrophe before text that begins as formulas do."""
    for number, column in enumerate(table.schema):
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            safe = pc.replace_substring_regex(table[number], r"^([=+\-@\t\r])", r"'\1")
            table = table.set_column(number, column, safe)
    return table
