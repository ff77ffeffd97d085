"""Rules on prevalence."""

# The SQL is put together from the names in this file only.
# ruff: noqa: S608

from __future__ import annotations

from naome_assets.checks.rule import (
    MINIMUM_GROUP,
    between,
    critical,
    equal,
    not_null,
    warning,
)
from naome_assets.checks.suites.indicators.shared import (
    by_nation,
    dimension_adds_up,
    inside_limits,
    sums_agree,
    total,
)
from naome_assets.contract.dimensions import (
    IS_EVERY_REPORTED,
    IS_NATIONAL,
    RECURRENT,
    REGISTRY,
    TOGETHER,
)
from naome_assets.transform.project import (
    load_project,
)

#: The report warns at the same share.
_RECURRENT_SHARE_MINIMUM = float(load_project().variables["recurrent_share_minimum"])

#: Of methods beside `registry` both nations together have rows only where each has hospital data,
#: and places have their totals alone.
_HAS_BOTH = (
    "method in (select both_nations.method from prevalence as both_nations "
    f"where both_nations.geography_type = '{TOGETHER}')"
)
_IS_TOTAL = "sex = 'all' and age_band = 'all' and presentation = 'all' and years_since_mbc = 'all'"

RULES = (
    *sums_agree(
        "prevalence",
        _HAS_BOTH,
        of_providers=f"{_HAS_BOTH} and (method = '{REGISTRY}' or {_IS_TOTAL})",
    ),
    *(
        # Of other methods places have their totals alone.
        dimension_adds_up("prevalence", dimension, where=f"method = '{REGISTRY}' or {IS_NATIONAL}")
        for dimension in ("sex", "age_band", "presentation", "years_since_mbc")
    ),
    critical(
        "prevalence",
        "everyone_alive_counted",
        "People are those of the cohort, of nations reported, who were alive on the index date.",
        "select people, coalesce(living.alive, 0) as alive from prevalence left join ("
        "select reported.quarter, cohort.method, count(*) as alive "
        "from reporting_quarter as reported "
        "inner join mbc_cohort as cohort on cohort.mbc_date <= reported.index_date "
        "and (cohort.death_date is null or cohort.death_date > reported.index_date) "
        f"where {by_nation('cohort.nation', 'reported')} "
        "group by reported.quarter, cohort.method) as living "
        "on prevalence.quarter = living.quarter and prevalence.method = living.method "
        f"where geography_type = '{TOGETHER}' and sex = 'all' "
        "and age_band = 'all' and presentation = 'all' and years_since_mbc = 'all'",
        equal("people", "alive"),
        "Counted from the cohort without the cube, the total must be the same.",
    ),
    critical(
        "prevalence",
        "population_given",
        "National rows of known sex and age have a population; England and Wales where both are "
        "reported.",
        "select population from prevalence inner join reporting_quarter as reported "
        "on prevalence.quarter = reported.quarter where sex <> 'unknown' "
        "and age_band <> 'unknown' and (geography_type = 'nation' "
        f"or geography_type = '{TOGETHER}' and {IS_EVERY_REPORTED})",
        not_null("population"),
        "Without it the rate is missing: the populations lack a nation or a year (ruling F1).",
    ),
    inside_limits("prevalence", [("rate_lower_95", "rate_per_100k", "rate_upper_95")]),
    warning(
        "prevalence",
        "recurrent_share",
        "Share of recurrent MBC among people living with MBC, last quarter, by nation.",
        "select geography_name as geography, "
        f"{total('people', 'presentation', 'all')} as people, "
        f"100.0 * {total('people', 'presentation', RECURRENT)} "
        f"/ {total('people', 'presentation', 'all')} as recurrent_percentage "
        f"from prevalence where {IS_NATIONAL} "
        "and sex = 'all' and age_band = 'all' and years_since_mbc = 'all' "
        f"and method = '{REGISTRY}' "
        "and quarter = (select max(quarter) from prevalence) "
        f"group by geography_name having {total('people', 'presentation', 'all')} "
        f">= {MINIMUM_GROUP}",
        between("recurrent_percentage", _RECURRENT_SHARE_MINIMUM, None),
        "Expect two thirds; 'a recurrent share far below 60 % is a warning about the data' "
        "(method book, facts): recurrence is under-recorded.",
        groups=("geography",),
        size="people",
        action="State the share beside the figures. Ask providers without recurrences to send each"
        " recurrence as a new non-primary record.",
        numerator="people living with recurrent MBC",
        denominator="people living with MBC, of the nation",
    ),
)
