"""Whether two implementations of the method book give the same tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from naome_assets.contract.dimensions import REGISTRY
from naome_assets.contract.published_tables import TABLES

Row = dict[str, Any]

KEYS: dict[str, tuple[str, ...]] = {
    "ledger": ("file",),
    "quarantine": ("file", "position", "rule"),
    **{own.name: own.key for own in TABLES},
}


def differences(
    table: str, ours: Sequence[Row], theirs: Sequence[Row], ignore: Sequence[str] = ()
) -> list[str]:
    """What differs, in words; nothing when the tables are the same."""
    key = KEYS[table]
    # A reference that knows of one method says nothing of methods.
    left, right = (
        {tuple(({"method": REGISTRY} | row)[k] for k in key): row for row in rows}
        for rows in (ours, theirs)
    )
    found = [
        f"{table}: only here {k} {left[k]}" for k in sorted(left.keys() - right.keys(), key=str)
    ]
    found += [
        f"{table}: only in the reference {k} {right[k]}"
        for k in sorted(right.keys() - left.keys(), key=str)
    ]
    if len(left) != len(ours):
        found.append(f"{table}: the key is not unique here")
    for k in left.keys() & right.keys():
        found += [
            f"{table} {k} {column}: {left[k][column]!r}, reference {expected!r}"
            for column, expected in right[k].items()
            if column not in ignore and not same(left[k][column], expected)
        ]
    return found


def same(ours: object, theirs: object) -> bool:
    """Equal, numbers to 1 part in 10^9."""
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)
    return ours == theirs
