"""The curve of first treatment, with death as its competing event (method book section 4)."""

import dagster as dg
import pyarrow as pa

from naome_assets.assets.presentation import table_metadata
from naome_assets.assets.resources import WAREHOUSE_POOL, WarehouseResource
from naome_assets.statistics.competing_risks import cumulative_incidence
from naome_assets.statistics.tables import COMPUTED, descriptions
from naome_assets.warehouse.protocol import Warehouse

#: The curves end with the first year.
LAST_DAY = 365

_KEY = ["quarter", "period", "geography_type", "geography_code", "geography_name", "presentation"]
_OUTCOMES = {"treated": 1, "died_untreated": 2, "censored": 0}


@dg.asset(
    name="treatment_curve",
    deps=["window_member", "follow_up"],
    group_name="indicators",
    description=(
        "Cumulative incidence of the first anti-cancer treatment and of death before it, by day "
        "from the MBC date to a year after it: Aalen-Johansen estimate with log-log 95 % limits, "
        "of England and Wales and of each nation, over the 12 and the 36 months that end with each "
        "quarter. One row a quarter, period, geography, presentation and day on which anybody was "
        "treated, died or left follow-up. The people and days are those of time_to_treatment, "
        "whose quartiles are computed apart in SQL; a check holds the two together."
    ),
    kinds={"python", "duckdb", "table"},
    owners=["team:naome"],
    pool=WAREHOUSE_POOL,
)
def treatment_curves(warehouse: WarehouseResource) -> dg.MaterializeResult[None]:
    """Draw every curve anew."""
    name = "treatment_curve"
    with warehouse.connect() as opened:
        rows = opened.replace_table(name, incidence_curves(opened))
        return dg.MaterializeResult(metadata=table_metadata(opened, name, descriptions(name), rows))


def incidence_curves(warehouse: Warehouse) -> pa.Table:
    """The curves of every reported quarter, as in ``COMPUTED``."""
    people = warehouse.query(
        """
        select
            member.quarter, member.period, member.geography_type, member.geography_code,
            member.geography_name, member.presentation, follow_up.days, follow_up.outcome,
            count(*) as people
        from window_member as member
        inner join follow_up
            on member.person_id = follow_up.person_id and member.horizon = follow_up.horizon
        where member.period in ('rolling_12m', 'rolling_36m')
            and member.geography_type in ('england_and_wales', 'nation')
        group by 1, 2, 3, 4, 5, 6, 7, 8
        """
    )
    schema = COMPUTED["treatment_curve"]
    tables = []
    for cell, group in people.groupby(_KEY, sort=True):
        each = group.loc[group.index.repeat(group["people"])]
        curve = cumulative_incidence(
            each["days"].tolist(), each["outcome"].map(_OUTCOMES).tolist(), LAST_DAY
        ).rename(columns={"first_pct": "treated_pct", "second_pct": "died_untreated_pct"})
        for name, value in zip(_KEY, cell, strict=True):
            curve[name] = str(value)
        tables.append(
            pa.Table.from_pandas(curve[schema.names], schema=schema, preserve_index=False)
        )
    return pa.concat_tables([schema.empty_table(), *tables])
