"""The tables that Python computes: columns, types and what each holds.

The tables of SQL models are described beside the models; these have no SQL.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from naome_assets.contract.dimensions import (
    COMPARED_PERIOD,
    DE_NOVO,
    FOLLOWED_PERIOD,
    LOCAL,
    NATIONAL,
    PERIODS,
    RECURRENT,
)
from naome_assets.contract.indicators import INDICATORS

_TEXT, _COUNT, _REAL = pa.string(), pa.int64(), pa.float64()
_MONTHS = f"{3 * PERIODS[COMPARED_PERIOD]} months"


def _columns(*columns: tuple[str, pa.DataType, str]) -> pa.Schema:
    return pa.schema(
        [
            pa.field(name, type_, metadata={"description": description})
            for name, type_, description in columns
        ]
    )


_QUARTER = ("quarter", _TEXT, "Calendar quarter, `2024-Q1`.")
_PERIOD = ("period", _TEXT, f"{COMPARED_PERIOD}: the {_MONTHS} that end with the quarter.")
_INDICATOR = (
    "indicator",
    _TEXT,
    "; ".join(f"{own.key}: {own.case_mix}" for own in INDICATORS if own.case_mix) + ".",
)
_PLACE = (
    ("geography_type", _TEXT, f"{', '.join((*NATIONAL, *LOCAL)[:-1])} or {LOCAL[-1]}."),
    ("geography_code", _TEXT, "ONS code, or ODS code of the provider."),
    ("geography_name", _TEXT, "Name of the geography."),
)
_PRESENTATION = ("presentation", _TEXT, f"{DE_NOVO}, {RECURRENT}, or all.")

COMPUTED: Mapping[str, pa.Schema] = {
    "case_mix_model": _columns(
        _QUARTER,
        _INDICATOR,
        ("term", _TEXT, "const, or term=category; none when nothing could be fitted."),
        ("coefficient", _REAL, "Log odds against the largest category of the term."),
        ("se", _REAL, "Standard error of the coefficient."),
        ("n", _COUNT, "People fitted."),
        ("c_statistic", _REAL, "Area under the curve, 0.5 to 1; null without a model."),
        (
            "calibration_slope",
            _REAL,
            "Slope to be expected on other people, below 1 when overfitted: 1 - coefficients / "
            "likelihood-ratio chi-squared; null without a model.",
        ),
        ("dropped", _TEXT, "Terms that were left out, each with its reason."),
    ),
    "case_mix_value": _columns(
        _QUARTER,
        _PERIOD,
        _INDICATOR,
        *_PLACE,
        _PRESENTATION,
        ("people", _COUNT, "People in the model."),
        ("observed", _COUNT, "Those with the outcome."),
        ("expected", _REAL, "Those expected to have it, from the model."),
        (
            "adjusted_value",
            _REAL,
            "Observed / expected x overall, in percent; a ratio, so it can exceed 100. Null when "
            "nothing is expected.",
        ),
    ),
    "survival_curve": _columns(
        _QUARTER,
        _PERIOD,
        *_PLACE,
        _PRESENTATION,
        ("day", _COUNT, "Days from the MBC date."),
        ("at_risk", _COUNT, "People followed to that day or longer."),
        ("survival", _REAL, "Kaplan-Meier estimate, percent."),
        ("lower_95", _REAL, "Lower 95 % limit (log-log); null where nobody has died yet."),
        ("upper_95", _REAL, "Upper 95 % limit (log-log); null where nobody has died yet."),
    ),
    "treatment_curve": _columns(
        _QUARTER,
        (
            "period",
            _TEXT,
            f"{FOLLOWED_PERIOD} or {COMPARED_PERIOD}: the months that end with the quarter.",
        ),
        *_PLACE,
        _PRESENTATION,
        ("day", _COUNT, "Days from the MBC date, 0 to 365."),
        ("at_risk", _COUNT, "People neither treated, dead nor lost to follow-up before that day."),
        ("treated_pct", _REAL, "Treated by that day, Aalen-Johansen estimate, percent."),
        ("lower_95", _REAL, "Lower 95 % limit of treated (log-log); null where nobody is yet."),
        ("upper_95", _REAL, "Upper 95 % limit of treated (log-log); null where nobody is yet."),
        ("died_untreated_pct", _REAL, "Died untreated by that day, percent."),
    ),
    "prevalence_projection": _columns(
        ("quarter", _TEXT, "The quarter projected, `2025-Q1`: people on its last day."),
        ("from_quarter", _TEXT, "The last quarter that the projection looks at."),
        ("quarters_ahead", _COUNT, "Quarters from one to the other."),
        (
            "is_back_test",
            pa.bool_(),
            "True where the projection begins earlier than it could, to be held against what came.",
        ),
        *_PLACE,
        _PRESENTATION,
        ("years_since_mbc", _TEXT, "<1, 1-<3, 3-<5, 5+, or all."),
        ("people", _REAL, "Mean of the draws."),
        ("lower_95", _REAL, "2.5th percentile of the draws."),
        ("upper_95", _REAL, "97.5th percentile of the draws."),
        (
            "counted",
            _COUNT,
            "People counted so far on that day, as in prevalence; null for quarters to come.",
        ),
    ),
    "recurrence_capture": _columns(
        _QUARTER,
        ("period", _TEXT, f"{COMPARED_PERIOD}: deaths in the {_MONTHS} that end with the quarter."),
        ("complete", pa.bool_(), "Whether the window lies within the data."),
        *_PLACE,
        ("cosd_only", _COUNT, "People with recurrent MBC in COSD and in no other source."),
        ("sact_only", _COUNT, "People with SACT for advanced disease and in no other source."),
        ("certificate_only", _COUNT, "People with C50 and C77-C79 on the certificate only."),
        ("cosd_and_sact", _COUNT, "In these two sources."),
        ("cosd_and_certificate", _COUNT, "In these two sources."),
        ("sact_and_certificate", _COUNT, "In these two sources."),
        ("all_three", _COUNT, "In all three sources."),
        ("found", _COUNT, "In at least one source."),
        (
            "model",
            _TEXT,
            "Pairs of sources whose dependence the chosen model holds, or independent; null when "
            "none could be fitted.",
        ),
        ("estimate", _REAL, "People in all, those found by no source included."),
        ("lower_95", _REAL, "Lower 95 % limit, by profile likelihood."),
        ("upper_95", _REAL, "Upper 95 % limit, by profile likelihood; null when it has no bound."),
        ("chao_lower_bound", _REAL, "Chao's lower bound of people in all."),
        ("cosd_pct", _REAL, "In COSD, percent of the estimate."),
        ("cosd_pct_lower_95", _REAL, "Lower 95 % limit, percent."),
        ("cosd_pct_upper_95", _REAL, "Upper 95 % limit, percent."),
        ("prevalence", _COUNT, "People living with recurrent MBC, as in prevalence."),
        ("prevalence_corrected", _REAL, "The same, if the living are recorded like the dead."),
        ("prevalence_lower_95", _REAL, "Lower 95 % limit of the corrected prevalence."),
        ("prevalence_upper_95", _REAL, "Upper 95 % limit of the corrected prevalence."),
    ),
}


def descriptions(table: str) -> dict[str, str]:
    """What each column of a computed table holds; empty for any other table."""
    return {
        field.name: field.metadata[b"description"].decode() for field in COMPUTED.get(table, [])
    }
