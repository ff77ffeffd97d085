"""What the columns of published tables hold, from where the true tables are described."""

from __future__ import annotations

from naome_assets.figures.tables import descriptions
from naome_assets.transform.project import load_project

#: Columns that published tables have and those of the warehouse do not (ruling G1).
_ADDED: dict[str, dict[str, str]] = {
    "indicator": {
        "notes": "Whose records hold the item, where others do not send it and are not counted."
    },
    "time_to_treatment": {
        name.format(days): text.format(days)
        for days in (31, 62)
        for name, text in (
            (
                "target_pct_{}d",
                "Within {} days in both nations together, percent; of modality any alone.",
            ),
            ("limit_lower_95_{}d", "Lower 95 % control limit of the published denominator."),
            ("limit_upper_95_{}d", "Upper 95 % control limit of the published denominator."),
            ("limit_lower_998_{}d", "Lower 99.8 % control limit of the published denominator."),
            ("limit_upper_998_{}d", "Upper 99.8 % control limit of the published denominator."),
            (
                "outlier_{}d",
                "Against the limits, judged on true counts: within, alert or alarm, low or high; "
                "null where it cannot be published, or too few people are followed.",
            ),
        )
    },
}
SUPPRESSED_COLUMN = "True where a number of the row is withheld."


def described(table: str) -> dict[str, str]:
    """Description of each column of a published table, ``suppressed`` included."""
    model = load_project().models.get(table)
    own = descriptions(table) if model is None else model.described
    return {
        **{name: " ".join(text.split()) for name, text in own.items()},
        **_ADDED.get(table, {}),
        "suppressed": SUPPRESSED_COLUMN,
    }
