"""One diagnosis a row, in normal form (rulings H21, H23)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from naome_assets.sources.conventions import Refused
from naome_assets.sources.csv_table import Batch
from naome_assets.sources.hospital.codes import normal_icd


def diagnosis(batch: Batch, name: str) -> pa.Array:
    """The codes of a column; null where none is given, or what is there is none and is told."""
    values, places = batch.sent(name)
    made: list[str | None] = []
    for number, value in enumerate(values):
        code = normal_icd(value)
        made.append(code.icd)
        if code.is_refused and value is not None:
            where = batch.positions.to_numpy()[np.equal(places, number)]
            batch.tally.refused.append(Refused(where, name, "not_a_code", value))
    return pa.array(made, pa.string()).take(pa.array(places))
