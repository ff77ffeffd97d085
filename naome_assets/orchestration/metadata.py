"""What the UI shows beside an asset: rows, columns, lineage, and pages of Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import dagster as dg

from naome_assets.warehouse.protocol import Warehouse

Metadata = dict[str, dg.MetadataValue]
#: Who answers for the assets, as Dagster names people and teams.
OWNERS = ["team:naome"]


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
        metadata["dagster/row_count"] = dg.MetadataValue.int(rows)
    return metadata


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
    return {"dagster/column_lineage": dg.MetadataValue.column_lineage(lineage)}


def markdown_metadata(pages: Mapping[str, str]) -> Metadata:
    """Pages of Markdown by the name under which they are shown."""
    return {name: dg.MetadataValue.md(page) for name, page in pages.items()}
