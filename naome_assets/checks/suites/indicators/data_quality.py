"""Rules on how well items are recorded."""

# The SQL is put together from the names in this file only.
# ruff: noqa: S608

from __future__ import annotations

from naome_assets.checks.rule import (
    MINIMUM_GROUP,
    Rule,
    between,
    warning,
)
from naome_assets.checks.suites.indicators.shared import (
    dimension_adds_up,
    in_descending_order,
    inside_limits,
    percentages_possible,
    sums_agree,
)
from naome_assets.contract.dimensions import FOLLOWED_PERIOD

#: The last twelve months of each provider, all its sources together.
_LAST_YEAR = (
    f"from data_quality where geography_type = 'provider' and period = '{FOLLOWED_PERIOD}' "
    "and source = 'all' and quarter = (select max(quarter) from data_quality)"
)


def _complete(item: str, description: str, minimum: float, reason: str) -> Rule:
    """How many of a provider's records give an item, at the least."""
    return warning(
        "data_quality",
        f"{item}_complete",
        f"{description}, by provider, in records of the last four quarters.",
        f"select geography_code as provider, records, completeness_pct {_LAST_YEAR} "
        f"and item = '{item}' and records >= {MINIMUM_GROUP}",
        between("completeness_pct", minimum, None),
        reason,
        groups=("provider",),
        size="records",
        action="Send the provider the list of its records that lack the item (record_quality, "
        "value missing); filled records replace the earlier ones.",
        numerator="records in which the item is given",
        denominator="records of the provider to which the item applies",
    )


RULES = (
    *sums_agree("data_quality"),
    _complete(
        "birth_date",
        "The date of birth is given",
        98,
        "The standard needs it, and ages and rates rest on it.",
    ),
    _complete("sex", "The sex is known", 98, "Rates rest on it."),
    _complete(
        "ethnic_category",
        "The ethnic category is given",
        90,
        "Known from registration almost everywhere; 99 and Z (not stated) count as missing. A "
        "comparison of groups with more than a tenth missing would mislead.",
    ),
    _complete(
        "basis_of_diagnosis",
        "The basis of diagnosis is given",
        90,
        "The standard needs it; it tells death certificates apart (ruling D10).",
    ),
    _complete(
        "performance_status",
        "The performance status is given",
        40,
        "Case mix rests on it; 9 (not recorded) counts as missing. Set low: it is recorded for "
        "about half of people, and a warning that always stands is not read.",
    ),
    _complete(
        "stage_or_m",
        "Stage or M category is given",
        50,
        "Stage or M category at a primary diagnosis is how de novo MBC is found (method book, "
        "section 2). The audit's first quarterly report found stage recorded for 33-43 % of people "
        "with MBC [natcan.org.uk]; half is the least that a count of de novo can rest on.",
    ),
    _complete(
        "cns_indication",
        "Contact with a clinical nurse specialist is given",
        50,
        "CR2050; 99 counts as missing. A provider under half is compared on a minority.",
    ),
    _complete(
        "metastasis",
        "Recurrences and progressions say where the metastasis is",
        50,
        "Recurrence is under-recorded, the audit's main data-quality problem: without metastatic "
        "type or site a recurrence is no evidence of MBC.",
    ),
    warning(
        "data_quality",
        "values_valid",
        "What a provider sends of an item is possible: codes are in their lists, dates in their "
        "limits, last 12 months.",
        f"select geography_code as provider, item, given, validity_pct {_LAST_YEAR} "
        # A record that is accepted with a warning is no invalid value.
        f"and item not in ('record', 'sact_row') and given >= {5 * MINIMUM_GROUP}",
        between("validity_pct", 95, None),
        "One value in twenty that cannot be is a fault of mapping, not of typing.",
        groups=("provider", "item"),
        size="given",
        action="Send the provider the list of its records with an impossible value "
        "(record_quality, value invalid), and ask its supplier for the mapping.",
        numerator="values that are possible",
        denominator="values given by the provider",
    ),
    warning(
        "data_quality",
        "records_accepted",
        "A provider's records can be accepted, last 12 months.",
        f"select geography_code as provider, item, records, completeness_pct {_LAST_YEAR} "
        f"and item in ('record', 'sact_row') and records >= {5 * MINIMUM_GROUP}",
        between("completeness_pct", 95, None),
        "Refused records are missing from every figure of the provider.",
        groups=("provider", "item"),
        size="records",
        action="Send the provider its part of the quarantine: file, position and rule name each "
        "record.",
        numerator="records accepted",
        denominator="records in scope received from the provider",
    ),
    dimension_adds_up("data_quality", "source", "A record comes from one source."),
    in_descending_order(
        "data_quality",
        "counts_nested",
        "Valid values are among those given, and those among the records.",
        [("records", "given"), ("given", "valid"), ("valid", "0")],
        "A value that is not given cannot be in the list.",
    ),
    percentages_possible(
        "data_quality", ["completeness_pct", "lower_95", "upper_95", "validity_pct"]
    ),
    inside_limits("data_quality", [("lower_95", "completeness_pct", "upper_95")]),
    warning(
        "data_quality",
        "completeness_holds",
        "No provider records an item much less than a year before, last 12 months.",
        "select geography_code as provider, item, records, change_since_year_before "
        f"{_LAST_YEAR} "
        f"and change_since_year_before is not null and records >= {5 * MINIMUM_GROUP}",
        between("change_since_year_before", -10, None),
        "A fall of ten points in fifty records or more is a lost field of an export or a change of "
        "system, seldom chance (project's choice).",
        groups=("provider", "item"),
        size="records",
        action="Ask the provider whether a field was lost in a change of system or export.",
        numerator="completeness of the item less that of a year before, in points",
        denominator="records of the provider to which the item applies",
    ),
)
