"""Every column of counts that may leave, declared once.

Disclosure control decides by it, the last checks before publication judge each column of it, the
exports and the roles of the warehouse name its tables. Plain data, quick to import.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class StatedCounts:
    """The counts of a table that has windows.

    Attributes:
        table: the table.
        kind: the column that splits its rows beside place, window and presentation.
        wholes: each column of counts with the column that it is a part of.
        has_quarters: whether places have rows of single quarters.
    """

    table: str
    kind: str | None
    wholes: Mapping[str, str | None]
    has_quarters: bool = False


STATED = (
    StatedCounts(
        "cns_access", None, {"patients": None, "recorded": "patients", "seen": "recorded"}
    ),
    StatedCounts(
        "time_to_treatment",
        "modality",
        {
            "patients": None,
            "treated": "patients",
            "died_untreated": "patients",
            "censored": "patients",
            "eligible_31d": "patients",
            "within_31d": "eligible_31d",
            "eligible_62d": "patients",
            "within_62d": "eligible_62d",
        },
    ),
    StatedCounts(
        "indicator",
        "indicator",
        {"denominator": None, "numerator": "denominator", "at_risk": "denominator"},
    ),
    StatedCounts(
        "survival",
        "indicator",
        {"denominator": None, "deaths": "denominator", "at_risk": "denominator"},
    ),
    StatedCounts(
        "data_quality",
        "item",
        {"records": None, "given": "records", "valid": "given"},
        has_quarters=True,
    ),
)

#: The columns of counts of each published table that has rows of places.
COUNT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "prevalence": ("people",),
    **{own.table: tuple(own.wholes) for own in STATED},
    "case_mix_value": ("people", "observed"),
}
#: Published tables of the nations alone. Those that are curves, with the column of days.
CURVES = ("survival_curve", "treatment_curve")
NATIONAL_TABLES = (*CURVES, "prevalence_projection", "recurrence_capture")
