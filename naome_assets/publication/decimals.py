"""How many decimals of a percentage are printed: none where rounding shows in them (ruling G2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from naome_assets.publication.dimensions import NATIONAL

#: Percentages of rounded counts have a decimal from so many people on.
FROM_PEOPLE = 1000

#: The column of the people that a figure of a place is a percentage of, the first that a row has.
PEOPLE_OF: Mapping[str, tuple[str, ...]] = {
    "completeness_pct": ("patients", "records"),
    "validity_pct": ("given",),
    "change_since_quarter_before": ("records",),
    "change_since_year_before": ("records",),
    "seen_pct_of_recorded": ("recorded",),
    "seen_pct_of_patients": ("patients",),
    "value": ("denominator",),
    "lower_95": ("recorded", "denominator", "records"),
    "upper_95": ("recorded", "denominator", "records"),
    **{
        name.format(days): (f"eligible_{days}d",)
        for days in (31, 62)
        for name in ("within_{}d_pct", "lower_95_{}d", "upper_95_{}d")
    },
    "adjusted_value": ("people",),
}


def decimals_of(row: Mapping[str, Any], column: str) -> int:
    """Decimals of a percentage of a published row: one, or none.

    Survival of places is published in whole percents, whatever the people.
    """
    if column not in PEOPLE_OF or row.get("geography_type") in NATIONAL:
        return 1
    if _is_number(row.get("at_risk")) or str(row.get("indicator", "")).startswith("survival_"):
        return 0
    name = next((own for own in PEOPLE_OF[column] if own in row), None)
    people: Any = None if name is None else row[name]
    return int(_is_number(people) and float(people) >= FROM_PEOPLE)


def _is_number(value: Any) -> bool:
    try:
        return value is not None and float(value) == float(value)
    except (TypeError, ValueError):  # pandas.NA
        return False
