"""The three tables (method book 3, 4, 6; rulings A4, A5, A8-A12, E6-E9, F)."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from typing import Any

from scipy.stats import norm
from statsmodels.stats.proportion import proportion_confint

from naome_assets.quarters import Quarter, quarter_range

from . import places
from .cohort import Patient
from .judge import Person, impossible
from .read import Administration, Record, WelshTreatment
from .values import code, completed_years

Z95 = float(norm.ppf(0.975))
Z998 = float(norm.ppf(0.999))
PERIODS = {"quarter": 1, "rolling_12m": 4, "rolling_36m": 12}  # ruling E8
NATIONAL = {"england_and_wales", "nation"}
TINY = 1e-9

Geography = tuple[str, str, str]
Rows = list[dict[str, Any]]


# Statistics


def percent(part: int, whole: int) -> float | None:
    """0-100; of nothing: none (ruling F11)."""
    return 100 * part / whole if whole else None


def wilson(part: int, whole: int) -> tuple[float | None, float | None]:
    """95 % limits of a percentage."""
    if not whole:
        return None, None
    lower, upper = proportion_confint(part, whole, alpha=0.05, method="wilson")
    return 100 * float(lower), 100 * float(upper)


def byar(count: int) -> tuple[float, float]:
    """95 % limits of a count (ruling F2)."""

    def limit(x: int, sign: int) -> float:
        return float(x * (1 - 1 / (9 * x) + sign * Z95 / (3 * sqrt(x))) ** 3)

    return (limit(count, -1) if count else 0.0), limit(count + 1, +1)


def control_limits(target: float, n: int, z: float) -> tuple[float, float]:
    """Around a target percentage, for n observations (method book 6)."""
    p = target / 100
    middle, spread = 2 * n * p + z * z, z * sqrt(z * z + 4 * n * p * (1 - p))
    below, above = ((middle + side * spread) / (2 * (n + z * z)) for side in (-1, 1))
    return 100 * below, 100 * above


def outlier(value: float, n: int, limits_95: Any, limits_998: Any) -> str | None:
    """Strictly outside is out (ruling F3); TINY keeps rounding from deciding at 0 and 100."""
    if n < 10:
        return None
    for name, (lower, upper) in (("alarm", limits_998), ("alert", limits_95)):
        if value < lower - TINY:
            return f"{name}_low"
        if value > upper + TINY:
            return f"{name}_high"
    return "within"


def cumulative_incidence(times: list[tuple[int, str]]) -> list[tuple[int, float]]:
    """Aalen-Johansen: (day, incidence of treatment); outcomes treated, died, censored.

    Those censored on a day are still at risk on it (ruling A9).
    """
    outcomes = Counter(times)
    surviving, incidence, at_risk, curve = 1.0, 0.0, len(times), []
    for day in sorted({time for time, _ in times}):
        treated, died = outcomes[day, "treated"], outcomes[day, "died"]
        incidence += surviving * treated / at_risk
        surviving *= 1 - (treated + died) / at_risk
        at_risk -= treated + died + outcomes[day, "censored"]
        curve.append((day, incidence))
    return curve


def quantile_day(times: list[tuple[int, str]], q: float) -> int | None:
    """The first day on which that share has been treated; none when never (ruling A9)."""
    reached = (day for day, share in cumulative_incidence(times) if share >= q - TINY)
    return next(reached, None)


# Windows and places


@dataclass(frozen=True)
class Window:
    """A period that ends with a quarter."""

    quarter: Quarter
    period: str
    complete: bool
    first_day: dt.date
    nations: frozenset[str]

    def holds(self, day: dt.date) -> bool:
        """Ends inclusive."""
        return self.first_day <= day <= self.quarter.last_day


#: By quarter, the nations of which a tumour file was loaded for it (ruling G5).
Reported = dict[Quarter, frozenset[str]]


def windows(first: Quarter, last: Quarter, reported: Reported) -> Iterator[Window]:
    """Every period of every quarter asked for that somebody sent (rulings E6-E8, G5)."""
    for quarter in quarter_range(first, last):
        if quarter not in reported:
            continue
        for period, length in PERIODS.items():
            start = quarter + (1 - length)
            yield Window(
                quarter, period, start >= min(reported), start.first_day, reported[quarter]
            )


def groups(window: Window, people: list[Patient]) -> Iterator[tuple[dict[str, Any], list[Patient]]]:
    """The people of each row of a window: geography by presentation, no empty rows."""
    members: dict[tuple[Geography, str], list[Patient]] = defaultdict(list)
    for person in people:
        counts = person.nation in window.nations and not person.death_certificate_only
        if counts and window.holds(person.mbc_date):
            for geography in person.geographies:
                if window.period != "quarter" or geography[0] in NATIONAL:
                    members[geography, "all"].append(person)
                    members[geography, person.presentation].append(person)
    for (geography, presentation), group in sorted(members.items(), key=lambda item: item[0]):
        yield (
            {
                "quarter": str(window.quarter),
                "period": window.period,
                "complete": window.complete,
                **geography_columns(geography),
                "presentation": presentation,
            },
            group,
        )


def geography_columns(geography: Geography) -> dict[str, Any]:
    """Type, code and name."""
    return dict(zip(("geography_type", "geography_code", "geography_name"), geography, strict=True))


# prevalence


def prevalence(people: list[Patient], first: Quarter, last: Quarter, reported: Reported) -> Rows:
    """The full cube of each index date, of the nations that sent (rulings A12, E9, F1, G5)."""
    return [
        row
        for quarter in quarter_range(first, last)
        for row in prevalence_on(people, quarter, reported.get(quarter, frozenset()))
    ]


def prevalence_on(
    people: list[Patient], quarter: Quarter, nations: frozenset[str]
) -> Iterator[dict[str, Any]]:
    """The cube of one index date."""
    day = quarter.last_day
    cells: Counter[tuple[Geography, tuple[str, ...]]] = Counter()
    for person in people:
        if person.nation in nations and person.mbc_date <= day and person.alive(day):
            values = (
                person.sex,
                person.age_band(day),
                person.presentation,
                years_since(person.mbc_date, day),
            )
            for cell in itertools.product(*((value, "all") for value in values)):
                cells.update((geography, cell) for geography in person.geographies)
    for (geography, (sex, age_band, presentation, years)), count in sorted(cells.items()):
        yield {
            "quarter": str(quarter),
            "index_date": day,
            **geography_columns(geography),
            "sex": sex,
            "age_band": age_band,
            "presentation": presentation,
            "years_since_mbc": years,
            "people": count,
            **rate(count, population_of(geography, sex, age_band, day.year, nations)),
        }


def years_since(mbc_date: dt.date, on: dt.date) -> str:
    """Completed years in four bands (rulings A11, C5)."""
    years = completed_years(mbc_date, on)
    return next(name for limit, name in YEARS_BANDS if years < limit)


YEARS_BANDS = ((1, "<1"), (3, "1-<3"), (5, "3-<5"), (10_000, "5+"))


def population_of(
    geography: Geography, sex: str, age_band: str, year: int, nations: frozenset[str]
) -> int | None:
    """Of a nation, or of both that sent; none for alliances and providers (rulings F1, G5)."""
    kind, _, name = geography
    if kind == "nation":
        return places.population(name, sex, age_band, year)
    if kind != "england_and_wales" or nations != {"England", "Wales"}:
        return None
    england, wales = (
        places.population(nation, sex, age_band, year) for nation in ("England", "Wales")
    )
    return None if england is None or wales is None else england + wales


def rate(count: int, people: int | None) -> dict[str, Any]:
    """Population, rate per 100,000 and Byar's limits."""
    lower, upper = byar(count)
    per = [None if not people else 100_000 * x / people for x in (count, lower, upper)]
    columns = ("population", "rate_per_100k", "rate_lower_95", "rate_upper_95")
    return dict(zip(columns, (people, *per), strict=True))


# cns_access


def cns_access(people: list[Patient], every_window: list[Window]) -> Rows:
    """Nurse contact, with the target of the same window and presentation (ruling F3)."""
    rows = []
    for window in every_window:
        in_window = [(row, Counter(p.cns for p in group)) for row, group in groups(window, people)]
        target = {
            row["presentation"]: percent(cns["seen"], cns["seen"] + cns["not_seen"])
            for row, cns in in_window
            if row["geography_type"] == "england_and_wales"
        }
        rows += [
            {**row, **cns_figures(cns), "target_pct": target[row["presentation"]]}
            for row, cns in in_window
        ]
    return [{**row, **comparison(row)} for row in rows]


def cns_figures(cns: Counter[str]) -> dict[str, Any]:
    """Counts and percentages of one row (ruling F4)."""
    patients, seen, recorded = cns.total(), cns["seen"], cns["seen"] + cns["not_seen"]
    lower, upper = wilson(seen, recorded)
    return {
        "patients": patients,
        "recorded": recorded,
        "seen": seen,
        "completeness_pct": percent(recorded, patients),
        "seen_pct_of_recorded": percent(seen, recorded),
        "lower_95": lower,
        "upper_95": upper,
        "seen_pct_of_patients": percent(seen, patients),
    }


def comparison(row: dict[str, Any]) -> dict[str, Any]:
    """Control limits and outlier, below the nations only."""
    columns = ("limit_lower_95", "limit_upper_95", "limit_lower_998", "limit_upper_998")
    n, target = row["recorded"], row["target_pct"]
    if row["geography_type"] in NATIONAL or not n:
        return dict.fromkeys((*columns, "outlier"))
    limits_95, limits_998 = (control_limits(target, n, z) for z in (Z95, Z998))
    return {
        **dict(zip(columns, (*limits_95, *limits_998), strict=True)),
        "outlier": outlier(row["seen_pct_of_recorded"], n, limits_95, limits_998),
    }


# time_to_treatment

DAY = dt.timedelta(days=1)
#: On one day the first of these counts (ruling F6).
PRIORITY = ("surgery", "chemotherapy", "radiotherapy", "other_systemic", "endocrine", "other")
MODALITY = {
    **dict.fromkeys(("01",), "surgery"),
    **dict.fromkeys(("02", "04"), "chemotherapy"),
    **dict.fromkeys(("03",), "endocrine"),
    **dict.fromkeys(("05", "06", "13", "22"), "radiotherapy"),
    **dict.fromkeys(("14", "15", "21"), "other_systemic"),
    **dict.fromkeys(("07", "08", "09", "98"), None),
}


@dataclass(frozen=True)
class Given:
    """An anti-cancer treatment."""

    date: dt.date
    group: str


def modality_group(text: str) -> str | None:
    """None for what is no anti-cancer treatment; unknown or missing: other (ruling F7)."""
    return MODALITY.get(code(text).zfill(2), "other")


def regimen_group(drugs: set[str], regimen: str = "") -> str | None:
    """Over all drugs of a regimen; None when all are supportive or notes (rulings F5, I3)."""
    found = set[str]().union(*(places.drug_groups(drug) for drug in drugs))
    named = places.drug_groups(regimen)
    by_drugs = _strongest(found)
    if by_drugs:
        return by_drugs
    if "not_given" in found:  # the regimen's name decides, if it has one
        return "other" if named <= {"not_given", "note"} else _strongest(named)
    return None if "supportive" in found else _strongest(named - {"unrecognised"})


def _strongest(groups: frozenset[str] | set[str]) -> str | None:
    anti_cancer = groups - {"supportive", "note", "not_given"}
    if anti_cancer & {"chemotherapy", "unrecognised"}:
        return "chemotherapy"
    if anti_cancer - {"endocrine"}:
        return "other_systemic"
    return "endocrine" if anti_cancer else None


def treatments(
    records: list[Record], welsh: list[WelshTreatment], sact: list[Administration]
) -> dict[Person, list[Given]]:
    """Every anti-cancer treatment of every person, from accepted rows (ruling F10)."""
    found: list[tuple[Person | None, dt.date | None, str | None]] = [
        (record.person, treatment.start.date, modality_group(treatment.modality))
        for record in records
        for treatment in record.treatments
        if not impossible(treatment.start, record.extract)
    ]
    found += [(row.owner, row.start.date, modality_group(row.modality)) for row in welsh]
    regimens: dict[Any, set[str]] = defaultdict(set)
    for row in sact:
        regimens[row.person, row.regimen, row.start.date].add(row.drug)
    found += [
        (person, start, regimen_group(drugs, name))
        for (person, name, start), drugs in regimens.items()
    ]
    given: dict[Person, list[Given]] = defaultdict(list)
    for person, date, group in found:
        if person and date and group:
            given[person].append(Given(date, group))
    return given


@dataclass(frozen=True)
class FollowUp:
    """What happened to a person, on which day after the MBC date."""

    day: int
    outcome: str
    group: str | None
    follow_up_days: int | None

    def eligible(self, days: int) -> bool:
        """MBC date and so many days are on or before the horizon (ruling F9)."""
        return self.follow_up_days is not None and days <= self.follow_up_days

    def within(self, days: int) -> bool:
        """Eligible and treated in time."""
        return self.eligible(days) and self.outcome == "treated" and self.day <= days


def follow(person: Patient, given: list[Given], horizon: dt.date | None) -> FollowUp:
    """First of treatment, death, end of follow-up (rulings A5, F6, F8)."""
    start = person.mbc_date
    if horizon is None or start > horizon:
        return FollowUp(0, "censored", None, None)
    follow_up = (horizon - start).days
    end = min(person.death or horizon, horizon)
    usable = [item for item in given if start - 31 * DAY <= item.date <= end]
    if usable:
        treated = min(usable, key=lambda item: (item.date, PRIORITY.index(item.group)))
        day = max(0, (treated.date - start).days)
        return FollowUp(day, "treated", treated.group, follow_up)
    if person.death and person.death <= horizon:
        return FollowUp(max(0, (person.death - start).days), "died", None, follow_up)
    return FollowUp(follow_up, "censored", None, follow_up)


def time_to_treatment(
    people: list[Patient],
    given: dict[Person, list[Given]],
    horizons: dict[str, dt.date],
    every_window: list[Window],
) -> Rows:
    """Days to the first treatment, for any modality and for that of the first (ruling A4)."""
    followed = {
        person.person: follow(person, given.get(person.person, []), horizons.get(person.nation))
        for person in people
    }
    rows = []
    for window in every_window:
        for row, group in groups(window, people):
            follow_ups = [followed[person.person] for person in group]
            for modality in ("any", *PRIORITY):
                own = [x for x in follow_ups if modality in ("any", x.group)]
                if own:
                    rows.append({**row, "modality": modality, **treatment_figures(own)})
    return rows


def treatment_figures(follow_ups: list[FollowUp]) -> dict[str, Any]:
    """The columns of one row."""
    outcomes = Counter(x.outcome for x in follow_ups)
    figures: dict[str, Any] = {
        "patients": len(follow_ups),
        "treated": outcomes["treated"],
        "died_untreated": outcomes["died"],
        "censored": outcomes["censored"],
    }
    for days in (31, 62):
        eligible = sum(x.eligible(days) for x in follow_ups)
        within = sum(x.within(days) for x in follow_ups)
        lower, upper = wilson(within, eligible)
        figures |= {
            f"eligible_{days}d": eligible,
            f"within_{days}d": within,
            f"within_{days}d_pct": percent(within, eligible),
            f"lower_95_{days}d": lower,
            f"upper_95_{days}d": upper,
        }
    times = [(x.day, x.outcome) for x in follow_ups]
    return figures | {
        "lower_quartile_days": quantile_day(times, 0.25),
        "median_days": quantile_day(times, 0.5),
        "upper_quartile_days": quantile_day(times, 0.75),
    }
