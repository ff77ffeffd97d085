"""What the UI shows beside an asset: rows, columns, lineage, a chart and a table.

Nothing here may hold a person's record: pictures and tables show national figures only, which the
method book publishes unchanged (section 7); everything else is counts of rows.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import dagster as dg
import pandas as pd

from naome_assets.figures.completeness import quarters_heat_map
from naome_assets.publication.markdown import markdown_table, picture
from naome_assets.warehouse.protocol import Warehouse

if TYPE_CHECKING:
    from matplotlib.figure import Figure

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


def picture_metadata(warehouse: Warehouse, table: str) -> Metadata:
    """A chart and a small table of the national figures, for the tables that have them."""
    if table not in _PICTURES:
        return {}
    return _PICTURES[table](warehouse)


def _prevalence(warehouse: Warehouse) -> Metadata:
    frame = warehouse.query(
        "select quarter, presentation, people, rate_per_100k from prevalence "
        "where geography_type = 'england_and_wales' and sex = 'all' and age_band = 'all' "
        "and years_since_mbc = 'all' order by quarter, presentation"
    )
    return _metadata(
        frame,
        title="People living with metastatic breast cancer, England and Wales",
        y="people",
        y_label="people on the quarter's last day",
        lines="presentation",
    )


def _cns_access(warehouse: Warehouse) -> Metadata:
    frame = warehouse.query(
        "select quarter, presentation, patients, completeness_pct, seen_pct_of_recorded, "
        "lower_95, upper_95 from cns_access "
        "where geography_type = 'england_and_wales' and period = 'quarter' "
        "order by quarter, presentation"
    )
    return _metadata(
        frame,
        title="Seen by a clinical nurse specialist, England and Wales",
        y="seen_pct_of_recorded",
        y_label="% of people with it recorded",
        lines="presentation",
        band=("lower_95", "upper_95"),
    )


def _time_to_treatment(warehouse: Warehouse) -> Metadata:
    frame = warehouse.query(
        "select quarter, presentation, patients, within_31d_pct, lower_95_31d, upper_95_31d, "
        "median_days from time_to_treatment "
        "where geography_type = 'england_and_wales' and period = 'quarter' and modality = 'any' "
        "order by quarter, presentation"
    )
    return _metadata(
        frame,
        title="First anti-cancer treatment within 31 days, England and Wales",
        y="within_31d_pct",
        y_label="% of people followed for 31 days",
        lines="presentation",
        band=("lower_95_31d", "upper_95_31d"),
    )


def _indicator(warehouse: Warehouse) -> Metadata:
    frame = warehouse.query(
        "select quarter, indicator, numerator, denominator, value, lower_95, upper_95 "
        "from indicator where geography_type = 'england_and_wales' and period = 'rolling_12m' "
        "and presentation = 'all' and indicator in ('mdt_discussed', 'sact_within_6_months', "
        "'palliative_radiotherapy', 'survival_1y', 'recurrent_share') "
        "order by quarter, indicator"
    )
    return _metadata(
        frame,
        title="Indicators over twelve months, England and Wales",
        y="value",
        y_label="%",
        lines="indicator",
        band=("lower_95", "upper_95"),
    )


def _ledger(warehouse: Warehouse) -> Metadata:
    frame = warehouse.query(
        "select quarter, cast(sum(accepted) as bigint) as accepted, "
        "cast(sum(superseded) as bigint) as superseded, "
        "cast(sum(quarantined) as bigint) as quarantined, "
        "cast(sum(out_of_scope) as bigint) as out_of_scope, "
        "cast(sum(received) as bigint) as received, count(*) as files, "
        "cast(sum(case when status = 'rejected' then 1 else 0 end) as bigint) as rejected_files "
        "from ledger group by quarter order by quarter"
    )
    return {"by_quarter": dg.MetadataValue.md(markdown_table(frame))}


def _data_quality(warehouse: Warehouse) -> Metadata:
    frame = warehouse.query(
        "select quarter, period, source, geography_code, item, completeness_pct "
        "from data_quality where geography_type = 'england_and_wales'"
    )
    figure = quarters_heat_map(frame)
    if figure is None:
        return {"national_figures": dg.MetadataValue.text("No records yet.")}
    return {"completeness": dg.MetadataValue.md(figure_picture("Completeness", figure))}


_PICTURES: dict[str, Callable[[Warehouse], Metadata]] = {
    "prevalence": _prevalence,
    "cns_access": _cns_access,
    "time_to_treatment": _time_to_treatment,
    "indicator": _indicator,
    "data_quality": _data_quality,
    "ledger": _ledger,
}

#: The last quarters that a table in the UI shows.
_ROWS_SHOWN = 24


def _metadata(
    frame: pd.DataFrame,
    *,
    title: str,
    y: str,
    y_label: str,
    lines: str,
    band: tuple[str, str] | None = None,
) -> Metadata:
    if frame.empty:
        return {"national_figures": dg.MetadataValue.text("No people yet.")}
    return {
        "chart": dg.MetadataValue.md(_chart(frame, title, y, y_label, lines, band)),
        "national_figures": dg.MetadataValue.md(markdown_table(frame.tail(_ROWS_SHOWN))),
    }


def _chart(
    frame: pd.DataFrame,
    title: str,
    y: str,
    y_label: str,
    lines: str,
    band: tuple[str, str] | None,
) -> str:
    """A line a presentation over the quarters, as an image inside Markdown."""
    # Only runs that draw pay for the import.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3.5), layout="constrained")
    axes = figure.subplots()
    for name, group in frame.groupby(lines):
        axes.plot(group["quarter"], group[y], marker="o", markersize=3, label=str(name))
        if band is not None:
            axes.fill_between(group["quarter"], group[band[0]], group[band[1]], alpha=0.15)
    axes.set_title(title, loc="left", fontsize=10)
    axes.set_ylabel(y_label, fontsize=9)
    axes.set_ylim(bottom=0)
    axes.tick_params(axis="x", labelrotation=90, labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8)
    return figure_picture(title, figure)


def figure_picture(title: str, figure: Figure) -> str:
    """A Matplotlib figure inside Markdown."""
    image = io.BytesIO()
    figure.savefig(image, format="png", dpi=110)
    return picture(title, image.getvalue(), "image/png")
