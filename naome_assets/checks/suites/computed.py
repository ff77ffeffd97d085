"""Rules on the tables that Python computes: curves, projections and estimates.

Critical rules hold by definition, whatever the data. Those on experimental tables warn: such a
table never holds the audit back.
"""

# The SQL is put together from the names in this file only.
# ruff: noqa: S608

from __future__ import annotations

from naome_assets.checks.rule import (
    Expectation,
    Rule,
    between,
    critical,
    equal,
    not_null,
    warning,
)

#: Sums of floating-point numbers: 100 can come out as 100.00000000000001.
_TOLERANCE = 1e-6

_CURVE = "quarter, period, geography_type, geography_code, presentation"

_TREATMENT_CURVE = (
    critical(
        "treatment_curve",
        "one_row_a_day",
        "One row a quarter, period, geography, presentation and day.",
        "select cast(sum(held) as bigint) as held, count(*) as keys from ("
        f"select quarter, count(*) as held from treatment_curve group by {_CURVE}, day) as counted "
        "group by quarter",
        equal("held", "keys"),
        "A reader who looks a day up must find one value.",
    ),
    critical(
        "treatment_curve",
        "shares_possible",
        "Nobody is both treated and dead untreated: together they are from 0 to 100 percent.",
        "select treated_pct + died_untreated_pct as together from treatment_curve",
        between("together", 0, 100 + _TOLERANCE),
        "The two events exclude each other; a sum over 100 is an estimate without the competing "
        "event.",
    ),
    critical(
        "treatment_curve",
        "never_falls",
        "The treated share never falls from one day to the next.",
        "select treated_pct - before as rise from (select treated_pct, lag(treated_pct) over ("
        f"partition by {_CURVE} order by day) as before from treatment_curve) as stepped "
        "where before is not null",
        between("rise", -_TOLERANCE, None),
        "Who was treated stays treated.",
    ),
    critical(
        "treatment_curve",
        "value_inside_its_limits",
        "Every treated share lies within its 95 % limits.",
        "select least(treated_pct - lower_95, upper_95 - treated_pct) as room "
        "from treatment_curve where lower_95 is not null and upper_95 is not null",
        between("room", -_TOLERANCE, None),
        "A value outside its own interval shows that limits belong to another row.",
    ),
    critical(
        "treatment_curve",
        "median_agrees",
        "The curve reaches half on the median day of time_to_treatment.",
        "select waits.median_days, coalesce(reached.day, -1) as reached "
        "from time_to_treatment as waits left join ("
        f"select {_CURVE}, min(day) as day from treatment_curve "
        f"where treated_pct >= 50 - {_TOLERANCE} group by {_CURVE}) as reached "
        + " ".join(
            f"{'on' if name == 'quarter' else 'and'} waits.{name} = reached.{name}"
            for name in _CURVE.split(", ")
        )
        + " where waits.modality = 'any' and waits.period in ('rolling_12m', 'rolling_36m') "
        "and waits.geography_type in ('england_and_wales', 'nation') and waits.median_days <= 365",
        equal("median_days", "reached"),
        "The same people and days (rulings A5, A9), estimated twice: in SQL and by statsmodels.",
        after=("time_to_treatment",),
    ),
)

_PLACE = "geography_type, geography_code, presentation, years_since_mbc"


def _experimental(
    table: str,
    name: str,
    description: str,
    select: str,
    expectation: Expectation,
    reason: str,
    *,
    after: tuple[str, ...] = (),
) -> Rule:
    """A rule that holds by definition, of a table that never holds the audit back."""
    return warning(
        table,
        name,
        description,
        select,
        expectation,
        reason,
        action="Nothing is to be sent again: leave this experimental table aside until the fault "
        "is mended, and report it. The audit's own figures are not touched by it.",
        after=after,
    )


_PROJECTION = (
    _experimental(
        "prevalence_projection",
        "one_row_a_key",
        "One row a quarter, starting quarter, geography, presentation and years since MBC.",
        "select cast(sum(held) as bigint) as held, count(*) as keys from ("
        "select from_quarter, count(*) as held from prevalence_projection "
        f"group by quarter, from_quarter, {_PLACE}) as counted group by from_quarter",
        equal("held", "keys"),
        "A reader who looks a figure up must find one.",
    ),
    _experimental(
        "prevalence_projection",
        "counted_agrees",
        "People counted so far are those of prevalence.",
        "select projected.counted, coalesce(stated.people, 0) as stated "
        "from prevalence_projection as projected left join prevalence as stated "
        "on projected.quarter = stated.quarter "
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
    _experimental(
        "prevalence_projection",
        "limits_in_order",
        "No projected number is below zero, and its limits are in order.",
        "select least(upper_95 - lower_95, lower_95, people) as room from prevalence_projection",
        between("room", 0, None),
        "They are percentiles of drawn numbers of people.",
    ),
    _experimental(
        "prevalence_projection",
        "nations_add_up",
        "England and Wales is the sum of its nations.",
        "select sum(case when geography_type = 'nation' then people else -people end) as gap "
        "from prevalence_projection where geography_type in ('england_and_wales', 'nation') "
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

_CAPTURE = (
    _experimental(
        "recurrence_capture",
        "found_adds_up",
        "People found are the sum of the seven patterns.",
        "select found, cosd_only + sact_only + certificate_only + cosd_and_sact "
        "+ cosd_and_certificate + sact_and_certificate + all_three as patterns "
        "from recurrence_capture",
        equal("found", "patterns"),
        "Everyone has one pattern.",
    ),
    _experimental(
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

RULES: tuple[Rule, ...] = (*_TREATMENT_CURVE, *_PROJECTION, *_CAPTURE)
