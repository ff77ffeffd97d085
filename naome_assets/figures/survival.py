"""Survival curves of the nations (method book section 5)."""

import pyarrow as pa

from naome_assets.figures.curves import curves_of
from naome_assets.statistics.survival import survival_curve
from naome_assets.transform.project import load_project
from naome_assets.warehouse.protocol import Warehouse


def curves(warehouse: Warehouse) -> pa.Table:
    """The curves of every reported quarter, as in ``COMPUTED``."""
    people = warehouse.query(
        """
        select
            member.quarter, member.period, member.geography_type, member.geography_code,
            member.geography_name, member.presentation,
            cohort.mbc_date,
            greatest(
                case
                    when cohort.death_date <= member.horizon then cohort.death_date
                    else member.horizon
                end, cohort.mbc_date
            ) as end_date,
            coalesce(cohort.death_date <= member.horizon, false) as has_died,
            count(*) as people
        from window_member as member
        inner join mbc_cohort as cohort on member.person_id = cohort.person_id
        where member.period = 'rolling_36m'
            and member.geography_type in ('england_and_wales', 'nation')
        group by 1, 2, 3, 4, 5, 6, 7, 8, 9
        """
    )
    # Here, because engines differ in what the difference of two dates is.
    people["days"] = (people["end_date"] - people["mbc_date"]).dt.days
    z = float(load_project().variables["z_95"])
    return curves_of(
        "survival_curve",
        people,
        lambda group: survival_curve(
            group["days"].tolist(), group["has_died"].tolist(), group["people"].tolist(), z
        ),
    )
