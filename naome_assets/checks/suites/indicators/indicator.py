"""Rules on the table of every indicator."""

# The SQL is put together from the names in this file only.
# ruff: noqa: S608

from __future__ import annotations

from naome_assets.checks.rule import (
    MINIMUM_GROUP,
    at_least,
    between,
    critical,
    equal,
    in_set,
)
from naome_assets.checks.suites.indicators.shared import (
    ROLLING,
    TOLERANCE,
    nations_add_up,
    providers_add_up,
    rest,
    total,
)
from naome_assets.contract.dimensions import IS_LOCAL, IS_NATIONAL, REGISTRY

#: Indicators without one of the sums: rates have populations below the line, and the recurrent
#: share has no rows by presentation.
_SUMMED = "indicator <> 'incidence_rate'"
_BY_PRESENTATION = f"{_SUMMED} and indicator not like 'recurrent_share%'"
_IN_ROW = "quarter, period, indicator, presentation"
_COUNTED = "coalesce(denominator, numerator)"

#: Methods beside `registry` have rows of some indicators, of nations alone; of both together only
#: where each has hospital data.
_IS_REGISTRY = f"method = '{REGISTRY}'"
_OF_REGISTRY = f"(select * from indicator where {_IS_REGISTRY}) as indicator"

RULES = (
    nations_add_up("indicator", _COUNTED, _IN_ROW, f"{_IS_REGISTRY} and {_SUMMED}"),
    providers_add_up("indicator", _COUNTED, _IN_ROW, f"{_IS_REGISTRY} and {ROLLING} and {_SUMMED}"),
    critical(
        "indicator",
        "presentation_adds_up",
        "`all` is the sum over presentation.",
        f"select {total(_COUNTED, 'presentation', 'all')} as all_together, "
        f"{rest(_COUNTED, 'presentation', 'all')} as parts from {_OF_REGISTRY} "
        f"where {_BY_PRESENTATION} "
        "group by quarter, period, indicator, geography_type, geography_code",
        equal("all_together", "parts"),
        "Everyone has one presentation (ruling A1).",
    ),
    critical(
        "indicator",
        "counts_nested",
        "The numerator is among the denominator.",
        "select denominator as larger, numerator as smaller from indicator "
        "where denominator is not null union all select numerator, 0 from indicator",
        at_least("larger", "smaller"),
        "A numerator is a part of its denominator.",
    ),
    critical(
        "indicator",
        "percentages_possible",
        "Percentages and their limits lie from 0 to 100.",
        " union all ".join(
            f"select {column} as percentage from indicator "
            f"where unit = 'percent' and {column} is not null"
            for column in (
                "value",
                "lower_95",
                "upper_95",
                "target_pct",
                "limit_lower_95",
                "limit_upper_95",
                "limit_lower_998",
                "limit_upper_998",
            )
        ),
        between("percentage", -TOLERANCE, 100 + TOLERANCE),
        "The numerator is a part of the denominator.",
    ),
    critical(
        "indicator",
        "value_inside_its_limits",
        "Every value lies within its 95 % limits.",
        "select least(value - lower_95, upper_95 - value) as room from indicator "
        "where lower_95 is not null",
        between("room", -TOLERANCE, None),
        "A value outside its own interval shows that limits belong to another row.",
    ),
    critical(
        "indicator",
        "outliers_on_compared_rows",
        "Outliers are called only for providers and alliances, from ten people on, and never on "
        "survival.",
        "select coalesce(outlier, 'none') as outlier from indicator "
        f"where not {IS_LOCAL} "
        f"or denominator < {MINIMUM_GROUP} or indicator like 'survival%'",
        in_set("outlier", ["none"]),
        "Ruling F3: a nation is no outlier, chance rules small numbers, and the limits are of "
        "proportions.",
    ),
    critical(
        "indicator",
        "everyone_counted",
        "The basis of diagnosis is looked for in everyone in the window.",
        "select coalesce(counted.denominator, 0) as counted, window_count.people as in_window "
        "from (select quarter, geography_code, count(*) as people from window_member "
        f"where {IS_NATIONAL} and period = 'quarter' "
        "and presentation = 'all' group by quarter, geography_code) as window_count "
        "left join indicator as counted on window_count.quarter = counted.quarter "
        "and window_count.geography_code = counted.geography_code "
        "and counted.period = 'quarter' and counted.presentation = 'all' "
        "and counted.indicator = 'completeness_basis_of_diagnosis' "
        "and counted.method = 'registry'",
        equal("counted", "in_window"),
        "Somebody without records of the event would drop out of every indicator of care.",
    ),
    critical(
        "indicator",
        "survival_not_above_crude",
        "Kaplan-Meier survival is not above the share of all who are not known to have died.",
        "select 100.0 * (denominator - numerator) / denominator "
        f"+ {TOLERANCE} as not_known_to_have_died, value as survival "
        "from indicator where indicator like 'survival%' and value is not null",
        at_least("not_known_to_have_died", "survival"),
        "Censoring takes people out of the risk set, which can only lower the estimate.",
    ),
)
