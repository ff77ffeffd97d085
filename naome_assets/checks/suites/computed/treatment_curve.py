"""Rules on the curves of time to treatment."""

# The SQL is put together from the names in this file only.
# ruff: noqa: S608

from __future__ import annotations

from naome_assets.checks.rule import (
    between,
    critical,
    equal,
)
from naome_assets.checks.suites.indicators.shared import ROLLING
from naome_assets.contract.dimensions import IS_NATIONAL

#: Sums of floating-point numbers: 100 can come out as 100.00000000000001.
_TOLERANCE = 1e-6
_CURVE = "quarter, period, geography_type, geography_code, presentation"

RULES = (
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
        + f" where waits.modality = 'any' and waits.{ROLLING} "
        f"and waits.{IS_NATIONAL} and waits.median_days <= 365",
        equal("median_days", "reached"),
        "The same people and days (rulings A5, A9), estimated twice: in SQL and by statsmodels.",
        after=("time_to_treatment",),
    ),
)
