"""Indicators of method book section 5, person by person, as plainly as they are written.

Those left out need items that the reference does not read: ``REFERENCE`` names what is here.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from math import exp, log, sqrt
from typing import Any

from .cohort import Patient, evidence_of
from .figures import (
    DAY,
    NATIONAL,
    PERIODS,
    Z95,
    Z998,
    Geography,
    Given,
    Rows,
    Window,
    byar,
    control_limits,
    geography_columns,
    outlier,
    percent,
    population_of,
    wilson,
)
from .judge import Person
from .read import Report

SACT_DAYS = 183
BIOPSY_DAYS = 62
METASTATIC, DELETED = "5", "6"
SURVIVAL_DAYS = {"survival_1y": 365, "survival_3y": 1095}
REFERENCE = (
    "biopsy_of_metastasis",
    "sact_within_6_months",
    "survival_1y",
    "survival_3y",
    "incidence",
    "incidence_rate",
    "recurrent_share",
    "recurrent_share_of_living",
    "death_certificate_only",
    "completeness_nhs_number",
    "completeness_cns",
    "completeness_basis_of_diagnosis",
    "completeness_recurrence_date",
    "completeness_treatment",
)
_LIMITS = ("limit_lower_95", "limit_upper_95", "limit_lower_998", "limit_upper_998")


def biopsies(reports: Iterable[Report]) -> dict[Person, list[dt.date]]:
    """By person, the days on which a metastasis was sampled, from reports that count."""
    days: dict[Person, list[dt.date]] = defaultdict(list)
    for report in reports:
        if report.specimen == METASTATIC and report.status != DELETED and report.person:
            sampled, result = report.sampled.date, report.reported.date
            assert result is not None
            is_possible = sampled is not None and dt.date(1900, 1, 1) <= sampled <= result
            days[report.person].append(sampled if sampled and is_possible else result)
    return days


def has_pathology(person: Patient) -> bool:
    """Only the COSD of England comes with pathology reports (ruling G3)."""
    return person.nation == "England" and any(
        record.file.source == "cosd" for record in person.event_records
    )


def is_biopsied(person: Patient, days: Iterable[dt.date]) -> bool:
    """Histology of a metastasis is the basis of diagnosis, or a sample lies around the MBC date."""
    return any(r.basis in ("6", "7.2") for r in person.event_records) or any(
        abs(day - person.mbc_date) <= BIOPSY_DAYS * DAY for day in days
    )


def indicators(
    people: list[Patient],
    given: dict[Person, list[Given]],
    sampled: dict[Person, list[dt.date]],
    horizons: dict[str, dt.date],
    every_window: list[Window],
) -> Rows:
    """Every row of the indicators named in ``REFERENCE``."""
    rows: Rows = []
    for window in every_window:
        rows += compared(list(of_window(window, people, given, sampled, horizons)))
    return rows


def of_window(
    window: Window,
    people: list[Patient],
    given: dict[Person, list[Given]],
    sampled: dict[Person, list[dt.date]],
    horizons: dict[str, dt.date],
) -> Iterable[dict[str, Any]]:
    """Rows of one window, not yet compared with England and Wales."""
    latest = max(horizons.values(), default=dt.date.max)
    for geography, presentation, group in cells(
        window, [p for p in people if window.holds(p.mbc_date)]
    ):
        columns = {
            "quarter": str(window.quarter),
            "period": window.period,
            "complete": window.complete,
            **geography_columns(geography),
            "presentation": presentation,
        }
        ends = {p.person: horizons.get(p.nation, latest) for p in group}
        for name, counted in proportions(group, given, sampled, ends).items():
            if counted and (name != "recurrent_share" or presentation == "all"):
                yield {**columns, "indicator": name, **share(sum(counted), len(counted))}
        yield from incidence(columns, geography, window, len(group))
        followed = [p for p in group if not p.death_certificate_only]
        if followed:
            times = [follow(p, ends[p.person]) for p in followed]
            for name, days in SURVIVAL_DAYS.items():
                yield {**columns, "indicator": name, **kaplan_meier(times, days)}
    alive = [
        p
        for p in people
        if p.mbc_date <= window.quarter.last_day and p.alive(window.quarter.last_day)
    ]
    for geography, presentation, group in cells(window, alive):
        if presentation == "all":
            recurrent = sum(p.presentation == "recurrent" for p in group)
            yield {
                "quarter": str(window.quarter),
                "period": window.period,
                "complete": window.complete,
                **geography_columns(geography),
                "presentation": "all",
                "indicator": "recurrent_share_of_living",
                **share(recurrent, len(group)),
            }


def cells(window: Window, people: list[Patient]) -> Iterable[tuple[Geography, str, list[Patient]]]:
    """Geography by presentation; the quarter is for the nations only (ruling E8)."""
    members: dict[tuple[Geography, str], list[Patient]] = defaultdict(list)
    for person in people:
        for geography in person.geographies:
            if window.period != "quarter" or geography[0] in NATIONAL:
                members[geography, "all"].append(person)
                members[geography, person.presentation].append(person)
    for (geography, presentation), group in members.items():
        yield geography, presentation, group


def proportions(
    group: list[Patient],
    given: dict[Person, list[Given]],
    sampled: dict[Person, list[dt.date]],
    ends: dict[Person, dt.date],
) -> dict[str, list[bool]]:
    """For each proportion, whether each person of its denominator is in its numerator."""
    care = [p for p in group if not p.death_certificate_only]
    return {
        "recurrent_share": [p.presentation == "recurrent" for p in group],
        "death_certificate_only": [p.death_certificate_only for p in group],
        "biopsy_of_metastasis": [
            is_biopsied(p, sampled.get(p.person, ())) for p in care if has_pathology(p)
        ],
        "sact_within_6_months": [
            has_sact(p, given.get(p.person, []))
            for p in care
            if p.mbc_date + SACT_DAYS * DAY <= ends[p.person]
        ],
        "completeness_nhs_number": [
            any(r.nhs_status == "valid" for r in p.event_records) for p in care
        ],
        "completeness_cns": [p.cns != "missing" for p in care],
        "completeness_basis_of_diagnosis": [
            any(r.basis not in ("", "9") for r in p.event_records) for p in care
        ],
        "completeness_recurrence_date": [
            any(e.rule == 3 for r in p.event_records for e in evidence_of(r))
            for p in care
            if p.presentation == "recurrent"
        ],
        "completeness_treatment": [
            any(item.date >= p.mbc_date - 31 * DAY for item in given.get(p.person, []))
            for p in care
        ],
    }


def has_sact(person: Patient, given: list[Given]) -> bool:
    """Chemotherapy or targeted treatment in time, and not after death."""
    first, last = person.mbc_date - 31 * DAY, person.mbc_date + SACT_DAYS * DAY
    return any(
        item.group in ("chemotherapy", "other_systemic")
        and first <= item.date <= min(last, person.death or last)
        for item in given
    )


def share(part: int, whole: int) -> dict[str, Any]:
    """Numerator, denominator, percentage and Wilson limits."""
    lower, upper = wilson(part, whole)
    return {
        "unit": "percent",
        "numerator": part,
        "denominator": whole,
        "at_risk": None,
        "value": percent(part, whole),
        "lower_95": lower,
        "upper_95": upper,
    }


def incidence(
    columns: dict[str, Any], geography: Geography, window: Window, count: int
) -> Iterable[dict[str, Any]]:
    """The count with Byar's limits, and for nations the rate a person-year."""
    figures = (count, *byar(count))
    names = ("value", "lower_95", "upper_95")
    common = {**columns, "numerator": count, "at_risk": None}
    yield {
        **common,
        "indicator": "incidence",
        "unit": "people",
        "denominator": None,
        **dict(zip(names, figures, strict=True)),
    }
    people = population_of(geography, "all", "all", window.quarter.last_day.year)
    if people:
        per = 100_000 / (people * PERIODS[window.period] / 4)
        yield {
            **common,
            "indicator": "incidence_rate",
            "unit": "per_100k_person_years",
            "denominator": people,
            **dict(zip(names, (per * x for x in figures), strict=True)),
        }


def follow(person: Patient, horizon: dt.date) -> tuple[int, bool]:
    """Days to death or horizon, and whether it was death."""
    died = person.death is not None and person.death <= horizon
    end = person.death if died and person.death else horizon
    return max(0, (end - person.mbc_date).days), died


def kaplan_meier(times: list[tuple[int, bool]], until: int) -> dict[str, Any]:
    """Survival at a day; none when nobody is followed so long and somebody was alive before."""
    survival, variance = 1.0, 0.0
    for day in sorted({day for day, died in times if died and day <= until}):
        at_risk = sum(end >= day for end, _ in times)
        deaths = sum(died and end == day for end, died in times)
        survival *= 1 - deaths / at_risk
        if deaths < at_risk:
            variance += deaths / (at_risk * (at_risk - deaths))
    reached = sum(end >= until for end, _ in times)
    value = None if survival and not reached else 100 * survival
    lower = upper = None
    if value is not None and 0 < survival < 1:
        spread = Z95 * sqrt(variance) / abs(log(survival))
        lower, upper = (100 * exp(log(survival) * exp(side * spread)) for side in (1, -1))
    return {
        "unit": "percent",
        "numerator": sum(died and end <= until for end, died in times),
        "denominator": len(times),
        "at_risk": reached,
        "value": value,
        "lower_95": lower,
        "upper_95": upper,
    }


def compared(rows: Rows) -> Rows:
    """Target and control limits of one window's rows (ruling F3)."""
    target = {
        (row["indicator"], row["presentation"]): row["value"]
        for row in rows
        if row["geography_type"] == "england_and_wales" and row["unit"] == "percent"
    }
    return [
        {**row, "target_pct": wanted, **limits(row, wanted)}
        for row in rows
        for wanted in [target.get((row["indicator"], row["presentation"]))]
    ]


def limits(row: dict[str, Any], target: float | None) -> dict[str, Any]:
    """For proportions of providers and alliances."""
    is_proportion = row["unit"] == "percent" and row["indicator"] not in SURVIVAL_DAYS
    if row["geography_type"] in NATIONAL or not is_proportion or target is None:
        return dict.fromkeys((*_LIMITS, "outlier"))
    n = row["denominator"]
    limits_95, limits_998 = (control_limits(target, n, z) for z in (Z95, Z998))
    return {
        **dict(zip(_LIMITS, (*limits_95, *limits_998), strict=True)),
        "outlier": outlier(row["value"], n, limits_95, limits_998),
    }
