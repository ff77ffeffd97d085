"""Rules on projected prevalence (experimental)."""

# The SQL is put together from the names in this file only.
# ruff: noqa: S608

from __future__ import annotations

from naome_assets.checks.rule import (
    between,
    equal,
    warning,
)
from naome_assets.checks.suites.computed.shared import (
    experimental,
)
from naome_assets.contract.dimensions import IS_NATIONAL

#: Sums of floating-point numbers: 100 can come out as 100.00000000000001.
_TOLERANCE = 1e-6
_PLACE = "geography_type, geography_code, presentation, years_since_mbc"

RULES = (
    experimental(
        "prevalence_projection",
        "one_row_a_key",
        "One row a quarter, starting quarter, geography, presentation and years since MBC.",
        "select cast(sum(held) as bigint) as held, count(*) as keys from ("
        "select from_quarter, count(*) as held from prevalence_projection "
        f"group by quarter, from_quarter, {_PLACE}) as counted group by from_quarter",
        equal("held", "keys"),
        "A reader who looks a figure up must find one.",
    ),
    experimental(
        "prevalence_projection",
        "counted_agrees",
        "People counted so far are those of prevalence.",
        "select projected.counted, coalesce(stated.people, 0) as stated "
        "from prevalence_projection as projected left join prevalence as stated "
        "on stated.method = 'registry' "
        "and projected.quarter = stated.quarter "
        "and projected.geography_type = stated.geography_type "
        "and projected.geography_code = stated.geography_code "
        "and projected.presentation = stated.presentation "
        "and projected.years_since_mbc = stated.years_since_mbc "
        "and stated.sex = 'all' and stated.age_band = 'all' "
        "where projected.counted is not null",
        equal("counted", "stated"),
        "Counted by quarter of the MBC date, and by completed years in SQL, must be the same.",
        after=("prevalence",),
    ),
    experimental(
        "prevalence_projection",
        "limits_in_order",
        "No projected number is below zero, and its limits are in order.",
        "select least(upper_95 - lower_95, lower_95, people) as room from prevalence_projection",
        between("room", 0, None),
        "They are percentiles of drawn numbers of people.",
    ),
    experimental(
        "prevalence_projection",
        "nations_add_up",
        "England and Wales is the sum of its nations.",
        "select sum(case when geography_type = 'nation' then people else -people end) as gap "
        f"from prevalence_projection where {IS_NATIONAL} "
        "group by quarter, from_quarter, presentation, years_since_mbc "
        # Without a row where a nation cannot be projected.
        "having sum(case when geography_type = 'nation' then 0 else 1 end) > 0",
        between("gap", -_TOLERANCE, _TOLERANCE),
        "The draws of the nations are added up.",
    ),
    warning(
        "prevalence_projection",
        "back_tests_hold",
        "What was counted lies within the 95 % limits of earlier projections a year ahead, last "
        "four of them, by geography.",
        "select geography_name as geography, "
        "100.0 * avg(case when counted between lower_95 and upper_95 then 1.0 else 0.0 end) "
        "as held_percentage from (select projected.*, row_number() over ("
        "partition by geography_code order by quarter desc) as recent "
        "from prevalence_projection as projected where is_back_test and quarters_ahead = 4 "
        "and presentation = 'all' and years_since_mbc = 'all' and counted is not null) as tested "
        "where recent <= 4 group by geography_name",
        between("held_percentage", 50, None),
        "Four of four should hold about four times in five; under two says that new cases or "
        "survival changed, or that records are missing (project's choice).",
        action="Look at new MBC by quarter for a break, and ask the providers behind it; until it "
        "is explained do not use the projection.",
        groups=("geography",),
        numerator="projections whose limits hold the count",
        denominator="the last four projections a year ahead",
    ),
)
