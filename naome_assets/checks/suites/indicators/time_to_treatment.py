"""Rules on time to treatment."""

# The SQL is put together from the names in this file only.
# ruff: noqa: S608

from __future__ import annotations

from naome_assets.checks.rule import (
    MINIMUM_GROUP,
    between,
    critical,
    equal,
    warning,
)
from naome_assets.checks.suites.indicators.shared import (
    dimension_adds_up,
    in_descending_order,
    inside_limits,
    percentages_possible,
    rest,
    sums_agree,
    total,
)
from naome_assets.contract.dimensions import FOLLOWED_PERIOD, IS_NATIONAL

RULES = (
    *sums_agree("time_to_treatment"),
    dimension_adds_up("time_to_treatment", "presentation"),
    critical(
        "time_to_treatment",
        "outcomes_add_up",
        "Patients are treated, died untreated or censored.",
        "select patients, treated + died_untreated + censored as outcomes from time_to_treatment",
        equal("patients", "outcomes"),
        "Everyone has one outcome; in rows of a modality all are treated (ruling A4).",
    ),
    critical(
        "time_to_treatment",
        "modalities_add_up",
        "The treated are the sum over modalities.",
        f"select {total('treated', 'modality', 'any')} as any_modality, "
        f"{rest('treated', 'modality', 'any')} as modalities from time_to_treatment "
        "group by quarter, period, presentation, geography_type, geography_code",
        equal("any_modality", "modalities"),
        "The first treatment has one modality (ruling F6).",
    ),
    critical(
        "time_to_treatment",
        "modality_patients_treated",
        "In rows of a modality every patient is treated.",
        "select patients, treated from time_to_treatment where modality <> 'any'",
        equal("patients", "treated"),
        "Only `any` holds the untreated (ruling A4).",
    ),
    critical(
        "time_to_treatment",
        "everyone_followed",
        "Patients are everyone in the window.",
        "select coalesce(followed.patients, 0) as followed, window_count.patients as in_window "
        "from (select quarter, geography_code, count(*) as patients from window_member "
        f"where {IS_NATIONAL} and period = 'quarter' "
        "and presentation = 'all' group by quarter, geography_code) as window_count "
        "left join time_to_treatment as followed "
        "on window_count.quarter = followed.quarter "
        "and window_count.geography_code = followed.geography_code "
        "and followed.period = 'quarter' and followed.presentation = 'all' "
        "and followed.modality = 'any'",
        equal("followed", "in_window"),
        "Somebody without a horizon would drop out of time to treatment only (ruling A5), and the "
        "two tables would differ in their patients.",
    ),
    in_descending_order(
        "time_to_treatment",
        "counts_nested",
        "Treated within 31 or 62 days are among the eligible, and those among patients.",
        [
            ("patients", "eligible_31d"),
            ("eligible_31d", "eligible_62d"),
            ("eligible_31d", "within_31d"),
            ("eligible_62d", "within_62d"),
            ("within_31d", "0"),
            ("within_62d", "0"),
        ],
        "Who is followed for 62 days is followed for 31 (ruling F9).",
    ),
    in_descending_order(
        "time_to_treatment",
        "quartiles_in_order",
        "Quartiles rise and are not below zero.",
        [
            ("upper_quartile_days", "median_days"),
            ("median_days", "lower_quartile_days"),
            ("lower_quartile_days", "0"),
        ],
        "A cumulative incidence never falls (ruling A9).",
    ),
    percentages_possible(
        "time_to_treatment",
        [
            f"{name}_{days}d{suffix}"
            for days in (31, 62)
            for name, suffix in (("within", "_pct"), ("lower_95", ""), ("upper_95", ""))
        ],
    ),
    inside_limits(
        "time_to_treatment",
        [(f"lower_95_{days}d", f"within_{days}d_pct", f"upper_95_{days}d") for days in (31, 62)],
    ),
    warning(
        "time_to_treatment",
        "treated_share_plausible",
        "Share with any treatment recorded, by nation, last 12 months, among those followed for "
        "62 days.",
        "select geography_name as geography, eligible_62d as patients, "
        "100.0 * within_62d / eligible_62d as treated_percentage from time_to_treatment "
        f"where {IS_NATIONAL} and period = '{FOLLOWED_PERIOD}' "
        "and presentation = 'all' and modality = 'any' "
        "and quarter = (select max(quarter) from time_to_treatment) "
        f"and eligible_62d >= {MINIMUM_GROUP}",
        between("treated_percentage", 25, None),
        "Endocrine treatment from primary care is not recorded, so many seem untreated; under a "
        "quarter means that treatments of a source are missing.",
        groups=("geography",),
        size="patients",
        action="Look for treatment files that are missing: SACT, Welsh treatments, treatments in "
        "COSD records.",
        numerator="people treated within 62 days",
        denominator="people followed for 62 days, of the nation",
    ),
)
