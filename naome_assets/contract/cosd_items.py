"""Every item of COSD that naome reads: where it is in a record, and what becomes of it.

``cosd_items.tsv`` is the one place. Reading goes by its paths, checks by its code lists, and the
columns of the submission tables, what goes on into the registry and the page of the items are made
from it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

#: Where each repeating metastasis belongs: the part of ``cosd_metastasis``.
METASTASIS_PARTS = {
    "cosd_metastasis:diagnosis": "diagnosis",
    "cosd_metastasis:progression": "progression",
    "cosd_metastasis:recurrence": "non_primary",
    "cosd_metastasis:non_primary_progression": "non_primary",
}


@dataclass(frozen=True)
class Item:
    """One line of ``cosd_items.tsv``: an item of the standard and the column it fills.

    Attributes:
        table: submission table (``table:part`` where parts of a record share one).
        column: column that holds the comparable value.
        item_code: code of the item in COSD.
        item_name: its name there.
        kind: how its values are made comparable, see ``conventions.KINDS``.
        width: digits that a number has in it, or empty.
        shape: pattern of its comparable values, or empty where its kind has one.
        code_list: item in the seed ``cosd_code`` whose list its codes are held against, or empty.
        requirement: in the v9.0.1 standard.
        used_by: what naome does with it.
        wales: column of the Welsh registry with the same values, or empty.
        kept: ``stored``, the column holds the value as read; ``carried``, a code that goes on
            unchanged as a column of ``registry_record`` too, and how it stands as one of
            ``record_quality``; empty where a rule makes a column of it.
        asked_of: of a carried item, the pathway whose records should have it, or ``all``.
        not_given: of a carried item, codes that say that it is not known, joined by ``;``.
        value_in: attribute that holds the value, or ``text``.
        v8, v9, v10: path within a record, empty where the version has no such item.
    """

    table: str
    column: str
    item_code: str
    item_name: str
    kind: str
    width: str
    shape: str
    code_list: str
    requirement: str
    used_by: str
    wales: str
    kept: Literal["", "stored", "carried"]
    asked_of: Literal["", "all", "primary", "recurrence", "progression"]
    not_given: str
    value_in: str
    v8: str
    v9: str
    v10: str

    @property
    def part(self) -> str | None:
        """Part of its table in which the value is stored, where the table has parts."""
        return METASTASIS_PARTS.get(self.table)


@cache
def items() -> tuple[Item, ...]:
    """Every item that naome reads."""
    with Path(__file__).with_name("cosd_items.tsv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Item(**line)  # type: ignore[arg-type]
            for line in csv.DictReader(file, delimiter="\t")
        )


@cache
def stored_items(table: str) -> tuple[Item, ...]:
    """Items whose column of a submission table holds the value as it is read."""
    return tuple(item for item in items() if item.table == table and item.kept)


@cache
def carried_items() -> tuple[Item, ...]:
    """Items of a record that go on unchanged, from ``cosd_record`` to ``registry_record``."""
    return tuple(item for item in items() if item.kept == "carried")
