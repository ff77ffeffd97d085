"""What the UI shows beside an asset: rows, columns, lineage, and pages of Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import dagster as dg

from naome_assets.quarters import Quarter
from naome_assets.warehouse.protocol import Warehouse

Metadata = dict[str, dg.MetadataValue]
#: Who answers for the assets, as Dagster names people and teams.
OWNERS = ["team:naome"]
#: Names that Dagster knows: rows of a table, and of one of its partitions.
ROWS, ROWS_OF_QUARTER = "dagster/row_count", "dagster/partition_row_count"


def table_metadata(
    warehouse: Warehouse, table: str, described: Mapping[str, str], rows: int | None
) -> Metadata:
    """Column schema of a table with the documented descriptions, and its rows (a view has none)."""
    schema = dg.TableSchema(
        columns=[
            dg.TableColumn(name=name, type=type_.lower(), description=described.get(name))
            for name, type_ in warehouse.columns(table)
        ]
    )
    metadata: Metadata = {
        "dagster/column_schema": dg.MetadataValue.table_schema(schema),
        "dagster/table_name": dg.MetadataValue.text(table),
    }
    if rows is not None:
        metadata[ROWS] = dg.MetadataValue.int(rows)
    return metadata


def rows_by_quarter(warehouse: Warehouse, table: str) -> dict[str, int] | None:
    """Rows of a table by quarter; None where it has none."""
    if not warehouse.has_table(table):
        return None
    if "quarter" not in {name for name, _ in warehouse.columns(table)}:
        return None
    counted = warehouse.arrow(
        f"select quarter, count(*) as rows_of from {table} group by quarter"  # noqa: S608
    )
    return {str(row["quarter"]): int(row["rows_of"]) for row in counted.to_pylist()}


def of_each_quarter(
    warehouse: Warehouse, table: str, metadata: Metadata, quarters: Sequence[Quarter]
) -> dict[Quarter, Metadata]:
    """What is shown of each quarter of a table: its rows, and of the last all the rest.

    Dagster shows an asset by what was told last. Charts, columns and lineage are those of the whole
    table: with each quarter again they were most of the run's database.
    """
    counts = rows_by_quarter(warehouse, table)
    whole = {name: value for name, value in metadata.items() if name != ROWS}
    if ROWS in metadata:
        whole["rows_of_all_quarters" if counts is not None else ROWS] = metadata[ROWS]
    ordered = sorted(quarters)
    shown: dict[Quarter, Metadata] = {quarter: {} for quarter in ordered}
    shown[ordered[-1]] |= whole
    if counts is not None:
        for quarter, own in shown.items():
            own[ROWS_OF_QUARTER] = dg.MetadataValue.int(counts.get(str(quarter), 0))
    return shown


def lineage_metadata(upstream: Mapping[str, Sequence[tuple[str, str]]]) -> Metadata:
    """From which columns each column of a table is made."""
    if not upstream:
        return {}
    lineage = dg.TableColumnLineage(
        {
            column: [
                dg.TableColumnDep(asset_key=dg.AssetKey(table), column_name=name)
                for table, name in sources
            ]
            for column, sources in upstream.items()
        }
    )
    # The UI that anybody can install draws no lineage of columns: it is a table as well.
    lines = [
        f"| {column} | {', '.join(f'{table}.{name}' for table, name in sources) or 'none'} |"
        for column, sources in sorted(upstream.items())
    ]
    page = "\n".join(["| Column | Made from |", "| --- | --- |", *lines])
    return {
        "dagster/column_lineage": dg.MetadataValue.column_lineage(lineage),
        "columns_made_from": dg.MetadataValue.md(page),
    }


def markdown_metadata(pages: Mapping[str, str]) -> Metadata:
    """Pages of Markdown by the name under which they are shown."""
    return {name: dg.MetadataValue.md(page) for name, page in pages.items()}
