"""The curve of first treatment, with death as its competing event (method book section 4)."""

import pandas as pd
import pyarrow as pa

from naome_assets.figures.curves import curves_of
from naome_assets.statistics.competing_risks import cumulative_incidence
from naome_assets.transform.analyses import ask
from naome_assets.transform.project import load_project
from naome_assets.warehouse.protocol import Warehouse

#: The curves end with the first year.
LAST_DAY = 365

_OUTCOMES = {"treated": 1, "died_untreated": 2, "censored": 0}


def incidence_curves(warehouse: Warehouse) -> pa.Table:
    """The curves of every reported quarter, as in ``COMPUTED``."""
    people = ask(warehouse, "treatment_curve_people")
    z = float(load_project().variables["z_95"])
    return curves_of("treatment_curve", people, lambda group: _curve(group, z))


def _curve(group: pd.DataFrame, z: float) -> pd.DataFrame:
    each = group.loc[group.index.repeat(group["people"])]
    return cumulative_incidence(
        each["days"].tolist(), each["outcome"].map(_OUTCOMES).tolist(), LAST_DAY, z
    ).rename(columns={"first_pct": "treated_pct", "second_pct": "died_untreated_pct"})
