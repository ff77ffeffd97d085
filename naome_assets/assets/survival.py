"""Survival curves of the nations, by lifelines (method book section 5)."""

import dagster as dg
import pyarrow as pa

from naome_assets.assets.presentation import table_metadata
from naome_assets.assets.resources import WAREHOUSE_POOL, WarehouseResource
from naome_assets.statistics.survival import survival_curve
from naome_assets.statistics.tables import COMPUTED, descriptions
from naome_assets.warehouse.protocol import Warehouse

_KEY = ["quarter", "period", "geography_type", "geography_code", "geography_name", "presentation"]


@dg.asset(
    name="survival_curve",
    deps=["window_member", "mbc_cohort"],
    group_name="indicators",
    description=(
        "Kaplan-Meier curves from the MBC date, with log-log 95 % limits, of England and Wales and "
        "of each nation, over the 36 months that end with each quarter. One row a quarter, "
        "geography, presentation and day on which follow-up of anybody ended. The values after one "
        "and three years stand in indicator, computed apart in SQL; a test holds the two together."
    ),
    kinds={"python", "duckdb", "table"},
    owners=["team:naome"],
    pool=WAREHOUSE_POOL,
)
def survival_curves(warehouse: WarehouseResource) -> dg.MaterializeResult[None]:
    """Draw every curve anew."""
    with warehouse.connect() as opened:
        rows = opened.replace_table("survival_curve", curves(opened))
        return dg.MaterializeResult(
            metadata=table_metadata(opened, "survival_curve", descriptions("survival_curve"), rows)
        )


def curves(warehouse: Warehouse) -> pa.Table:
    """The curves of every reported quarter, as in ``COMPUTED``."""
    people = warehouse.query(
        """
        select
            member.quarter, member.period, member.geography_type, member.geography_code,
            member.geography_name, member.presentation,
            greatest(
                case
                    when cohort.death_date <= member.horizon then cohort.death_date
                    else member.horizon
                end - cohort.mbc_date, 0
            ) as days,
            coalesce(cohort.death_date <= member.horizon, false) as has_died,
            count(*) as people
        from window_member as member
        inner join mbc_cohort as cohort on member.person_id = cohort.person_id
        where member.period = 'rolling_36m'
            and member.geography_type in ('england_and_wales', 'nation')
        group by 1, 2, 3, 4, 5, 6, 7, 8
        """
    )
    schema = COMPUTED["survival_curve"]
    tables = []
    for cell, group in people.groupby(_KEY, sort=True):
        curve = survival_curve(
            group["days"].tolist(), group["has_died"].tolist(), group["people"].tolist()
        )
        for name, value in zip(_KEY, cell, strict=True):
            curve[name] = str(value)
        tables.append(
            pa.Table.from_pandas(curve[schema.names], schema=schema, preserve_index=False)
        )
    return pa.concat_tables([schema.empty_table(), *tables])
