"""Survival curves of the nations (method book section 5)."""

import pyarrow as pa

from naome_assets.figures.curves import curves_of
from naome_assets.statistics.survival import survival_curve
from naome_assets.transform.analyses import ask
from naome_assets.transform.project import load_project
from naome_assets.warehouse.protocol import Warehouse


def curves(warehouse: Warehouse) -> pa.Table:
    """The curves of every reported quarter, as in ``COMPUTED``."""
    people = ask(warehouse, "survival_people")
    # Here, because engines differ in what the difference of two dates is.
    people["days"] = (people["end_date"] - people["mbc_date"]).dt.days
    z = float(load_project().variables["z_95"])
    return curves_of(
        "survival_curve",
        people,
        lambda group: survival_curve(
            group["days"].tolist(), group["has_died"].tolist(), group["people"].tolist(), z=z
        ),
    )
