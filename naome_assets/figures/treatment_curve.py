"""The curve of first treatment, with death as its competing event (method book section 4)."""

import pandas as pd
import pyarrow as pa

from naome_assets.figures.curves import curves_of
from naome_assets.statistics.competing_risks import cumulative_incidence
from naome_assets.transform.project import load_project
from naome_assets.warehouse.protocol import Warehouse

#: The curves end with the first year.
LAST_DAY = 365

_OUTCOMES = {"treated": 1, "died_untreated": 2, "censored": 0}


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
    z = float(load_project().variables["z_95"])
    return curves_of("treatment_curve", people, lambda group: _curve(group, z))


def _curve(group: pd.DataFrame, z: float) -> pd.DataFrame:
    each = group.loc[group.index.repeat(group["people"])]
    return cumulative_incidence(
        each["days"].tolist(), each["outcome"].map(_OUTCOMES).tolist(), LAST_DAY, z
    ).rename(columns={"first_pct": "treated_pct", "second_pct": "died_untreated_pct"})
