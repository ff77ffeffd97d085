"""How many decimals of a percentage are printed: none where rounding shows in them (ruling G2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from naome_assets.contract.dimensions import NATIONAL
from naome_assets.contract.indicators import KAPLAN_MEIER
from naome_assets.contract.published_tables import TABLES

#: Percentages of rounded counts have a decimal from so many people on.
FROM_PEOPLE = 1000

#: The column of the people that a figure of a place is a percentage of, by the figure's; of tables
#: that share the figure's name, the first that a row has.
PEOPLE_OF: dict[str, tuple[str, ...]] = {}
for _table in TABLES:
    for _share in _table.shares:
        for _name in (_share.value, *_share.limits):
            PEOPLE_OF[_name] = (*PEOPLE_OF.get(_name, ()), _share.whole)
    for _name, _people in _table.people_of.items():
        PEOPLE_OF[_name] = (*PEOPLE_OF.get(_name, ()), _people)


def decimals_of(row: Mapping[str, Any], column: str) -> int:
    """Decimals of a percentage of a published row: one, or none.

    Survival of places is published in whole percents, whatever the people.
    """
    if column not in PEOPLE_OF or row.get("geography_type") in NATIONAL:
        return 1
    if _is_number(row.get("at_risk")) or row.get("indicator") in KAPLAN_MEIER:
        return 0
    name = next((own for own in PEOPLE_OF[column] if own in row), None)
    people: Any = None if name is None else row[name]
    return int(_is_number(people) and float(people) >= FROM_PEOPLE)


def _is_number(value: Any) -> bool:
    try:
        return value is not None and float(value) == float(value)
    except (TypeError, ValueError):  # pandas.NA
        return False
