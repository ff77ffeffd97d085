"""National figures of a table as people see them beside it: a chart and a small table, as Markdown.

Nothing here may hold a person's record or tell of a place: national figures are published unchanged
(method book section 7); everything else is counts of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from naome_assets.contract.dimensions import FOLLOWED_PERIOD, REGISTRY, TOGETHER
from naome_assets.figures.completeness import quarters_heat_map
from naome_assets.publication import charts
from naome_assets.publication.charts import Heading, Series
from naome_assets.publication.markdown import markdown_table, pictures
from naome_assets.publication.report.figures import unbroken
from naome_assets.warehouse.protocol import Warehouse

#: The last quarters that a table shows.
_ROWS_SHOWN = 24


def shown_beside(warehouse: Warehouse, table: str) -> dict[str, str]:
    """Markdown by the name under which it is shown; nothing for tables without national figures."""
    if table in _TRENDS:
        return _trend(warehouse, table, _TRENDS[table])
    return _OTHERS[table](warehouse) if table in _OTHERS else {}


@dataclass(frozen=True)
class _Trend:
    """A line chart over the quarters.

    Attributes:
        title: what is shown.
        where: the rows of the table that are.
        columns: those of the small table.
        line: the column that parts the lines.
        value: the column that is drawn.
        label: what the values are.
        limits: columns of the 95 % limits.
        is_percent: whether the values are percentages.
    """

    title: str
    where: str
    columns: str
    line: str
    value: str
    label: str
    limits: tuple[str, str] | None = None
    is_percent: bool = True


_TRENDS: Mapping[str, _Trend] = {
    "prevalence": _Trend(
        "People living with metastatic breast cancer, England and Wales",
        f"geography_type = '{TOGETHER}' and method = '{REGISTRY}' and sex = 'all' "
        "and age_band = 'all' and years_since_mbc = 'all'",
        "quarter, presentation, people, rate_per_100k",
        "presentation",
        "people",
        "people on the quarter's last day",
        is_percent=False,
    ),
    "cns_access": _Trend(
        "Seen by a clinical nurse specialist, England and Wales",
        f"geography_type = '{TOGETHER}' and period = 'quarter'",
        "quarter, presentation, patients, completeness_pct, seen_pct_of_recorded, "
        "lower_95, upper_95",
        "presentation",
        "seen_pct_of_recorded",
        "% of people with it recorded",
        ("lower_95", "upper_95"),
    ),
    "time_to_treatment": _Trend(
        "First anti-cancer treatment within 31 days, England and Wales",
        f"geography_type = '{TOGETHER}' and period = 'quarter' and modality = 'any'",
        "quarter, presentation, patients, within_31d_pct, lower_95_31d, upper_95_31d, median_days",
        "presentation",
        "within_31d_pct",
        "% of people followed for 31 days",
        ("lower_95_31d", "upper_95_31d"),
    ),
    "indicator": _Trend(
        "Indicators over twelve months, England and Wales",
        f"geography_type = '{TOGETHER}' and method = '{REGISTRY}' "
        f"and period = '{FOLLOWED_PERIOD}' and presentation = 'all' "
        "and indicator in ('mdt_discussed', 'sact_within_6_months', "
        "'palliative_radiotherapy', 'survival_1y', 'recurrent_share')",
        "quarter, indicator, numerator, denominator, value, lower_95, upper_95",
        "indicator",
        "value",
        "%",
        ("lower_95", "upper_95"),
    ),
}


def _trend(warehouse: Warehouse, table: str, asked: _Trend) -> dict[str, str]:
    frame = warehouse.query(
        f"select {asked.columns} from {table} where {asked.where} "  # noqa: S608
        f"order by quarter, {asked.line}"
    )
    if frame.empty:
        return {"national_figures": "No people yet."}
    return {
        "chart": pictures({asked.title: _drawn(frame, table, asked)}),
        "national_figures": markdown_table(frame.tail(_ROWS_SHOWN)),
    }


def _drawn(frame: pd.DataFrame, table: str, asked: _Trend) -> str:
    quarters = unbroken(map(str, frame["quarter"]))
    columns = [asked.value, *(asked.limits or ())]
    lines = []
    for name, group in frame.groupby(asked.line):
        rows = group.set_index("quarter")[columns].reindex(quarters).astype(float)
        known = [
            [None if pd.isna(value) else value for value in row]
            for row in rows.itertuples(index=False)
        ]
        cells = [(row[0], *(row[1:] or (None, None))) for row in known]
        lines.append(Series(_words(name), cells))
    heading = Heading(table, asked.title, f"{asked.label}, by quarter: a line a group.")
    return charts.standalone(
        charts.trend(heading, quarters, lines, asked.label, is_percent=asked.is_percent)
    )


def _words(name: object) -> str:
    return str(name).replace("_", " ")


def _ledger(warehouse: Warehouse) -> dict[str, str]:
    frame = warehouse.query(
        "select quarter, cast(sum(accepted) as bigint) as accepted, "
        "cast(sum(superseded) as bigint) as superseded, "
        "cast(sum(quarantined) as bigint) as quarantined, "
        "cast(sum(out_of_scope) as bigint) as out_of_scope, "
        "cast(sum(received) as bigint) as received, count(*) as files, "
        "cast(sum(case when status = 'rejected' then 1 else 0 end) as bigint) as rejected_files "
        "from ledger group by quarter order by quarter"
    )
    return {"by_quarter": markdown_table(frame)}


def _data_quality(warehouse: Warehouse) -> dict[str, str]:
    frame = warehouse.query(
        "select quarter, period, source, geography_code, item, completeness_pct "  # noqa: S608
        f"from data_quality where geography_type = '{TOGETHER}'"
    )
    drawn = quarters_heat_map(frame)
    return {"completeness": pictures(drawn)} if drawn else {"national_figures": "No records yet."}


#: Column of each method's people.
_BY_METHOD = {
    "registry": "people_registry",
    "registry_hospital": "people_registry_hospital",
    "registry_hospital_broad": "people_broad",
}


def _method_comparison(warehouse: Warehouse) -> dict[str, str]:
    frame = warehouse.query(
        "select quarter, nation, people_registry, people_registry_hospital, people_broad, "
        "added_hes, added_pedw, added_rtds, added_cwt, moved_earlier, unconfirmed, unattributed "
        "from method_comparison where sex = 'all' and age_band = 'all' and presentation = 'all' "
        "order by quarter, nation"
    )
    if frame.empty:
        return {"national_figures": "No hospital data that can be linked."}
    # Both nations together, where both have such data.
    place = "all" if "all" in set(frame["nation"]) else str(frame["nation"].iloc[0])
    own = frame[frame["nation"] == place]
    lines = pd.concat(
        own[["quarter"]].assign(method=method, people=own[column])
        for method, column in _BY_METHOD.items()
    )
    title = f"People living with metastatic breast cancer by method, {place}"
    asked = _Trend(title, "", "", "method", "people", "people", is_percent=False)
    return {
        "chart": pictures({title: _drawn(lines, "method_comparison", asked)}),
        "national_figures": markdown_table(frame.tail(_ROWS_SHOWN)),
    }


_OTHERS: Mapping[str, Callable[[Warehouse], dict[str, str]]] = {
    "data_quality": _data_quality,
    "ledger": _ledger,
    "method_comparison": _method_comparison,
}
