"""How many decimals of a percentage are printed: none where rounding shows in them (ruling G2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from naome_assets.contract.dimensions import NATIONAL
from naome_assets.contract.indicators import KAPLAN_MEIER
from naome_assets.contract.published_tables import TABLES

#: Percentages of rounded counts have a decimal from so many people on.
FROM_PEOPLE = 1000


def _people_of() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for table in TABLES:
        whole = {
            name: share.whole for share in table.shares for name in (share.value, *share.limits)
        }
        for name, people in {**whole, **table.people_of}.items():
            found[name] = (*found.get(name, ()), people)
    return found


#: The columns of the people that a figure of a place is a percentage of, by the figure's: one for
#: each table that has a figure of that name, and a row has the first of them that it has.
PEOPLE_OF = _people_of()


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
