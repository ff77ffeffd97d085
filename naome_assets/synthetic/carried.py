"""Items of COSD that go on unchanged (``contract.cosd_items``): values, and where they are written.

A section that can hold such items ends with them; an item of another section needs it to say so.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping
from functools import cache

from naome_assets.contract.cosd_items import carried_items
from naome_assets.reference import sql_project_path
from naome_assets.synthetic.xml_text import code

#: Values to draw from, where they are not all codes of the item's list, and nothing.
_VALUES = {"palliative_specialist_seen": ("Y", "N", "9", "")}


def drawn(rng: random.Random, *asked_of: str) -> dict[str, str]:
    """A value of each item that is asked of such records, by column."""
    return {
        item.column: rng.choice(_VALUES.get(item.column) or (*_listed(item.code_list), ""))
        for item in carried_items()
        if item.asked_of in asked_of
    }


def elements(carried: Mapping[str, str], family: str, section: str) -> str:
    """The items that a version (``v8``, ``v9``, ``v10``) has in a section."""
    return "".join(
        code(tag, carried.get(column)) for column, tag in _elements(family).get(section, ())
    )


@cache
def _elements(family: str) -> Mapping[str, list[tuple[str, str]]]:
    """Column and element of each item, by the element around it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for item in carried_items():
        path: str = getattr(item, family)
        section, _, tag = path.rpartition("/")
        if section:
            found.setdefault(section.rpartition("/")[2], []).append((item.column, tag))
    return found


@cache
def _listed(item: str) -> tuple[str, ...]:
    """Codes of an item in the list of the standard."""
    with (sql_project_path() / "seeds" / "cosd_code.csv").open(encoding="utf-8") as file:
        return tuple(row["code"] for row in csv.DictReader(file) if row["item_code"] == item)
