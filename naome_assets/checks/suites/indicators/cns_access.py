"""Rules on contact with a clinical nurse specialist."""

# The SQL is put together from the names in this file only.
# ruff: noqa: S608

from __future__ import annotations

from naome_assets.checks.median import (
    IS_MIDDLE,
)
from naome_assets.checks.rule import (
    MINIMUM_GROUP,
    between,
    critical,
    in_set,
    warning,
)
from naome_assets.checks.sql_file import sql_beside
from naome_assets.checks.suites.indicators.shared import (
    by_nation,
    dimension_adds_up,
    in_descending_order,
    inside_limits,
    percentages_possible,
    sums_agree,
)
from naome_assets.contract.dimensions import (
    FOLLOWED_PERIOD,
    IS_EVERY_REPORTED,
    IS_LOCAL,
    NATION,
    TOGETHER,
)

RULES = (
    *sums_agree("cns_access"),
    dimension_adds_up("cns_access", "presentation"),
    in_descending_order(
        "cns_access",
        "counts_nested",
        "Seen are among recorded, recorded among patients.",
        [("patients", "recorded"), ("recorded", "seen"), ("seen", "0")],
        "Missing is never dropped, only counted apart (method book, section 4).",
    ),
    percentages_possible(
        "cns_access",
        [
            "completeness_pct",
            "seen_pct_of_recorded",
            "seen_pct_of_patients",
            "lower_95",
            "upper_95",
            "target_pct",
            "limit_lower_95",
            "limit_upper_95",
            "limit_lower_998",
            "limit_upper_998",
        ],
    ),
    inside_limits(
        "cns_access",
        [
            ("lower_95", "seen_pct_of_recorded", "upper_95"),
            ("limit_lower_95", "target_pct", "limit_upper_95"),
        ],
    ),
    critical(
        "cns_access",
        "outliers_on_compared_rows",
        "Outliers are called only for providers and alliances, from ten records on.",
        "select coalesce(outlier, 'none') as outlier from cns_access "
        f"where not {IS_LOCAL} "
        f"or recorded < {MINIMUM_GROUP}",
        in_set("outlier", ["none"]),
        "Ruling F3: a nation is no outlier, and chance rules small numbers.",
    ),
    warning(
        "cns_access",
        "contact_complete",
        "Contact with a clinical nurse specialist is recorded, by provider, last 12 months.",
        "select geography_code as provider, patients, completeness_pct from cns_access "
        f"where geography_type = 'provider' and period = '{FOLLOWED_PERIOD}' "
        "and presentation = 'all' and quarter = (select max(quarter) from cns_access) "
        f"and patients >= {MINIMUM_GROUP}",
        between("completeness_pct", 50, None),
        "A share of people seen among fewer than half of the patients says little of the rest.",
        groups=("provider",),
        size="patients",
        action="Ask the provider to fill CR2050 and to send the records again; until then its "
        "share of people seen is not to be compared.",
        numerator="people for whom contact is recorded",
        denominator="people with MBC of the provider",
    ),
    warning(
        "cns_access",
        "national_volume_as_before",
        "New MBC in the last quarter, as a percentage of the median of the earlier ones that are "
        "reported (England and Wales: for both nations).",
        sql_beside(
            __file__,
            "national_volume_as_before",
            together=TOGETHER,
            nation=NATION,
            is_middle=IS_MIDDLE,
            is_every_reported=IS_EVERY_REPORTED,
            is_reported=by_nation("new_mbc.geography", "latest", "latest.is_every_reported"),
            expected_people=2 * MINIMUM_GROUP,
        ),
        between("percentage_of_median", 70, 140),
        "Incidence moves by a few percent a year; a fall by a third is a quarter not yet complete. "
        "Volumes never block.",
        groups=("geography",),
        size="expected",
        action="Look for files that are missing (submission: sources_arrive, volume_as_before) "
        "before publishing the quarter.",
        numerator="people with new MBC in the last quarter",
        denominator="the median of the earlier quarters",
    ),
)
