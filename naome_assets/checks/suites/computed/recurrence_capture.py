"""Rules on the estimate of recurrences that no source names (experimental)."""

# The SQL is put together from the names in this file only.

from __future__ import annotations

from naome_assets.checks.rule import (
    between,
    equal,
    not_null,
    warning,
)
from naome_assets.checks.suites.computed.shared import (
    experimental,
)

RULES = (
    experimental(
        "recurrence_capture",
        "found_adds_up",
        "People found are the sum of the seven patterns.",
        "select found, cosd_only + sact_only + certificate_only + cosd_and_sact "
        "+ cosd_and_certificate + sact_and_certificate + all_three as patterns "
        "from recurrence_capture",
        equal("found", "patterns"),
        "Everyone has one pattern.",
    ),
    experimental(
        "recurrence_capture",
        "estimate_in_order",
        "The estimate is not below those found, and lies within its limits.",
        "select least(estimate - found, estimate - lower_95, upper_95 - estimate, "
        "chao_lower_bound - found) as room from recurrence_capture "
        "where estimate is not null and upper_95 is not null",
        between("room", -1, None),
        "People found exist. One person's room, because the estimate and its limits come from "
        "likelihoods that differ a little in small numbers.",
    ),
    warning(
        "recurrence_capture",
        "estimated",
        "A model could be fitted and its upper limit has a bound, last quarter.",
        "select quarter, upper_95 from recurrence_capture "
        "where quarter = (select max(quarter) from recurrence_capture)",
        not_null("upper_95"),
        "Without it the sources overlap too little, or one is missing.",
        action="Look which of the counts by source is empty: a missing SACT or death file, or "
        "certificates without secondary causes; ask its sender. Do not use the estimate.",
        groups=("quarter",),
        numerator="estimates without an upper limit",
        denominator="estimates of the last quarter",
    ),
)
