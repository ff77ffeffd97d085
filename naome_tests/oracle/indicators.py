"""Indicators of method book section 5, person by person, as plainly as they are written."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from math import exp, log, sqrt
from typing import Any

from .care import Care, is_within, last_cycle, receptor, subtype
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
from .read import Record
from .values import stage, tnm

SACT_DAYS = 183
BIOPSY_DAYS = 62
RADIOTHERAPY_DAYS = 365
MORTALITY_DAYS = 30
SURVIVAL_DAYS = {"survival_1y": 365, "survival_3y": 1095}
_LIMITS = ("limit_lower_95", "limit_upper_95", "limit_lower_998", "limit_upper_998")


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
    care: Care,
    horizons: dict[str, dt.date],
    every_window: list[Window],
) -> Rows:
    """Every row of every indicator."""
    rows: Rows = []
    for window in every_window:
        rows += compared(list(of_window(window, people, care, horizons)))
    return rows


def of_window(
    window: Window,
    people: list[Patient],
    known: Care,
    horizons: dict[str, dt.date],
) -> Iterable[dict[str, Any]]:
    """Rows of one window, not yet compared with England and Wales."""
    latest = max(horizons.values(), default=dt.date.max)
    people = [p for p in people if p.nation in window.nations]  # ruling G5
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
        for name, counted in proportions(group, known, ends).items():
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
    group: list[Patient], known: Care, ends: dict[Person, dt.date]
) -> dict[str, list[bool]]:
    """For each proportion, whether each person of its denominator is in its numerator."""
    care = [p for p in group if not p.death_certificate_only]
    return {
        "recurrent_share": [p.presentation == "recurrent" for p in group],
        "death_certificate_only": [p.death_certificate_only for p in group],
        "mdt_discussed": [any(r.is_discussed for r in p.event_records) for p in care],
        "biopsy_of_metastasis": [
            is_biopsied(p, known.samples.get(p.person, ())) for p in care if has_pathology(p)
        ],
        "palliative_care_seen": ["Y" in seen for p in care if (seen := palliative_care(p))],
        **treated(care, known, ends),
        **completeness(care, known),
    }


def treated(care: list[Patient], known: Care, ends: dict[Person, dt.date]) -> dict[str, list[bool]]:
    """Of people followed so long: SACT in all and by subtype, CDK4/6, radiotherapy, mortality."""
    by_subtype: dict[str, list[bool]] = defaultdict(list)
    cdk4_6: list[bool] = []
    radiotherapy: list[bool] = []
    died: list[bool] = []
    for person in care:
        end = ends[person.person]
        if person.mbc_date + SACT_DAYS * DAY <= end:
            has = has_sact(person, known.given.get(person.person, []))
            er, pr, her2 = (receptor(known, person, name, end) for name in ("er", "pr", "her2"))
            by_subtype["sact_within_6_months"].append(has)
            if kind := subtype(er, pr, her2):
                by_subtype[f"sact_within_6_months_{kind}"].append(has)
            if (er, her2) == ("P", "N") and person.nation == "England":
                days = known.cdk4_6.get(person.person, [])
                cdk4_6.append(is_within(person, days, SACT_DAYS))
        if person.mbc_date + RADIOTHERAPY_DAYS * DAY <= end:
            days = known.radiotherapy.get(person.person, [])
            radiotherapy.append(is_within(person, days, RADIOTHERAPY_DAYS))
        cycle = last_cycle(known, person)
        if cycle and cycle + MORTALITY_DAYS * DAY <= end:
            died.append(bool(person.death and person.death - cycle <= MORTALITY_DAYS * DAY))
    return {
        **by_subtype,
        "cdk4_6_inhibitor": cdk4_6,
        "palliative_radiotherapy": radiotherapy,
        "mortality_30d_after_sact": died,
    }


def completeness(care: list[Patient], known: Care) -> dict[str, list[bool]]:
    """Whether the item is on one of the records of the event; a code for not known does not."""

    def on_a_record(stands: Callable[[Record], object]) -> list[bool]:
        return [any(stands(record) for record in p.event_records) for p in care]

    return {
        "completeness_nhs_number": on_a_record(lambda r: r.nhs_status == "valid"),
        "completeness_ethnicity": on_a_record(lambda r: r.ethnic not in ("", "Z", "99")),
        "completeness_performance_status": on_a_record(lambda r: r.performance in set("01234")),
        "completeness_t_category": on_a_record(lambda r: tnm(r.t_integrated, r.t_pretreatment)),
        "completeness_n_category": on_a_record(lambda r: tnm(r.n_integrated, r.n_pretreatment)),
        "completeness_m_category": on_a_record(lambda r: tnm(r.m_integrated, r.m_pretreatment)),
        "completeness_stage": on_a_record(
            lambda r: stage(r.stage_integrated, r.stage_pretreatment)
        ),
        "completeness_cns": [p.cns != "missing" for p in care],
        "completeness_mdt": on_a_record(lambda r: r.is_discussed),
        "completeness_basis_of_diagnosis": on_a_record(lambda r: r.basis not in ("", "9")),
        "completeness_metastatic_type": on_a_record(
            lambda r: set(r.metastatic_types) & {"01", "02", "03"}
        ),
        "completeness_metastatic_site": on_a_record(lambda r: set(r.metastatic_sites) - {"99"}),
        "completeness_palliative_care": [bool(palliative_care(p)) for p in care],
        "completeness_recurrence_date": [
            any(e.rule == 3 for r in p.event_records for e in evidence_of(r))
            for p in care
            if p.presentation == "recurrent"
        ],
        "completeness_treatment": [
            any(item.date >= p.mbc_date - 31 * DAY for item in known.given.get(p.person, []))
            for p in care
        ],
    }


def palliative_care(person: Patient) -> set[str]:
    """What the records of the event say of a palliative care specialist, if anything."""
    sent = [record.carried.get("palliative_specialist_seen") for record in person.event_records]
    return {seen for seen in sent if seen in ("Y", "N")}


def has_sact(person: Patient, given: list[Given]) -> bool:
    """Chemotherapy or targeted treatment in time, and not after death."""
    days = [item.date for item in given if item.group in ("chemotherapy", "other_systemic")]
    return is_within(person, days, SACT_DAYS)


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
    people = population_of(geography, "all", "all", window.quarter.last_day.year, window.nations)
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
