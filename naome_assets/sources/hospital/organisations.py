"""Codes of organisations as hospital data have them: whole, independent providers too (H27)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from naome_assets.sources.conventions import Refused, reading_of
from naome_assets.sources.csv_table import Batch
from naome_assets.sources.shapes import SHAPES

#: Independent providers, and providers outside the United Kingdom.
_NO_TRUST = frozenset({"89997", "89999"})


def organisation(batch: Batch, names: Sequence[str]) -> pa.Array:
    """The code in the first of these columns that has one, upper case; null where none has."""
    return pc.coalesce(*(_codes(batch, name) for name in names))


def _codes(batch: Batch, name: str) -> pa.Array:
    values, places = batch.sent(name)
    made: list[str | None] = []
    for number, value in enumerate(values):
        code = "".join((value or "").upper().split())
        if not code.strip("-&"):
            made.append(None)
        elif _is_code(code):
            made.append(code)
        else:
            made.append(None)
            where = batch.positions.to_numpy()[np.equal(places, number)]
            batch.tally.refused.append(Refused(where, name, "not_a_code", value or ""))
    return pa.array(made, pa.string()).take(pa.array(places))


def _is_code(code: str) -> bool:
    """Of a trust (three) or a site (five, with a digit): no name or number of a person."""
    if code in _NO_TRUST:
        return True
    is_whole = len(code) == 3 or (len(code) == 5 and not code.isalpha())
    return is_whole and bool(SHAPES["organisation"](code))


def words(batch: Batch, name: str, allowed: frozenset[str]) -> pa.Array:
    """A column of few codes: those that are allowed, without zeros before them or ``.0`` behind."""

    def read(text: str | None) -> Sequence[Any]:
        code = (text or "").strip().upper().removesuffix(".0")
        code = code.lstrip("0") or code[:1]
        return (code if code in allowed else None,)

    return batch.distinct(name, reading_of(name, "name"), read, {name: pa.string()})[name]
