"""Figures by method: prevalence, new people, and the comparison of the methods (H28 to H31)."""

from __future__ import annotations

import datetime as dt
import itertools
import statistics
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from naome_assets.quarters import Quarter, quarter_range

from .. import figures, indicators, places
from ..values import completed_years
from .cohort import (
    HOSPITAL,
    METHODS,
    REGISTRY,
    SOURCES,
    Candidate,
    Known,
    MethodPatient,
    place_code,
    sent_code,
    tells_of_breast,
)
from .judge import Hospital
from .read import Person

Rows = list[dict[str, Any]]
NATIONS = ("England", "Wales")
#: Column of method_comparison of the people whom a source adds.
ADDED = {"hes_apc": "added_hes", "pedw": "added_pedw", "rtds": "added_rtds", "cwt": "added_cwt"}


def shown(patients: Iterable[MethodPatient], nations: set[str]) -> list[MethodPatient]:
    """The registry's people, and of the other methods those of nations with the sources (H28)."""
    return [one for one in patients if one.method == REGISTRY or one.nation in nations]


def _is_shown(row: dict[str, Any], method: str, nations: set[str]) -> bool:
    """England and Wales only when both have the sources (H28)."""
    both = nations == set(NATIONS)
    return method == REGISTRY or row["geography_type"] != "england_and_wales" or both


def _is_national(row: dict[str, Any], method: str) -> bool:
    """Places below the nations have new people by the registry alone."""
    return method == REGISTRY or row["geography_type"] in figures.NATIONAL


def prevalence(
    patients: list[MethodPatient],
    nations: set[str],
    first: Quarter,
    last: Quarter,
    reported: figures.Reported,
) -> Rows:
    """The whole cube of the nations; totals of other places."""
    rows: Rows = []
    for method in METHODS:
        own = [one for one in patients if one.method == method]
        for row in figures.prevalence(own, first, last, reported):
            cube = {row[name] for name in ("sex", "age_band", "presentation", "years_since_mbc")}
            is_cell = row["geography_type"] in figures.NATIONAL or cube == {"all"}
            if _is_shown(row, method, nations) and (is_cell or method == REGISTRY):
                rows.append({"method": method, **row})
    return rows


def new_people(
    patients: list[MethodPatient], nations: set[str], windows: list[figures.Window]
) -> Rows:
    """Incidence and recurrent share, compared with England and Wales of the same method."""
    rows: Rows = []
    for method, window in itertools.product(METHODS, windows):
        inside = [
            one
            for one in patients
            if one.method == method and one.nation in window.nations and window.holds(one.mbc_date)
        ]
        found: Rows = []
        for geography, presentation, group in indicators.cells(window, inside):
            columns = {
                "method": method,
                "quarter": str(window.quarter),
                "period": window.period,
                "complete": window.complete,
                **figures.geography_columns(geography),
                "presentation": presentation,
            }
            if presentation == "all":
                recurrent = sum(one.presentation == "recurrent" for one in group)
                share = indicators.share(recurrent, len(group))
                found.append({**columns, "indicator": "recurrent_share", **share})
            found += indicators.incidence(columns, geography, window, len(group))
        # Without England and Wales there is nothing to compare with (H28, F3).
        shown_rows = [
            row for row in found if _is_shown(row, method, nations) and _is_national(row, method)
        ]
        rows += indicators.compared(shown_rows)
    return rows


# method_comparison


@dataclass(frozen=True)
class Mention:
    """A row that H30 counts: whose, when, and by which order it is somebody's first."""

    whose: Hashable
    kind: str
    day: dt.date
    order: tuple[Any, ...]
    nation: str


def method_comparison(
    everybody: dict[Person, tuple[Known, dict[str, MethodPatient], list[Candidate]]],
    hospital: Hospital,
    nations: set[str],
    quarters: tuple[Quarter, Quarter],
    reported: figures.Reported,
) -> Rows:
    """One row a nation and cell of each reported quarter (H29)."""
    rows: Rows = []
    look_back = look_backs(hospital)
    uncounted = list(mentions(everybody, hospital))
    for quarter in quarter_range(*quarters):
        sent = reported.get(quarter, frozenset()) & nations
        asked = [*sorted(sent), *(["all"] if sent == set(NATIONS) else [])]
        for nation in asked:
            starts = [look_back[one] for one in NATIONS if nation in (one, "all")]
            rows += [
                {"look_back_start": max(starts), **row}
                for row in _of_nation(everybody, uncounted, nation, quarter)
            ]
    return rows


def _of_nation(
    everybody: dict[Person, tuple[Known, dict[str, MethodPatient], list[Candidate]]],
    uncounted: list[Mention],
    nation: str,
    quarter: Quarter,
) -> Iterator[dict[str, Any]]:
    day = quarter.last_day
    cells: dict[tuple[str, str, str], list[tuple[str, Any]]] = defaultdict(list)

    def add(sex: str, band: str, presentation: str, column: str, value: Any = 1) -> None:
        for cell in itertools.product({sex, "all"}, {band, "all"}, {presentation, "all"}):
            cells[cell].append((column, value))

    for _, patients, _ in everybody.values():
        for method, column in zip(
            METHODS, ("people_registry", "people_registry_hospital", "people_broad"), strict=True
        ):
            one = patients.get(method)
            if one and one.counts_on(day) and nation in (one.nation, "all"):
                add(one.sex, one.age_band(day), one.presentation, column)
                if method == HOSPITAL:
                    for name, value in _against_registry(one, patients.get(REGISTRY), day):
                        add(one.sex, one.age_band(day), one.presentation, name, value)
    for sex, band, column in _uncounted(everybody, uncounted, nation, day):
        add(sex, band, "all", column)
    for (sex, band, presentation), found in sorted(cells.items()):
        yield {
            "quarter": str(quarter),
            "nation": nation,
            "sex": sex,
            "age_band": band,
            "presentation": presentation,
            **_counts(found, sex == band == "all", presentation == "all"),
        }


def _against_registry(
    one: MethodPatient, before: MethodPatient | None, day: dt.date
) -> Iterator[tuple[str, int]]:
    if before is None:
        yield ADDED[one.source], 1
        return
    if before.mbc_date > day:
        yield "moved_earlier", 1
    if before.mbc_date > one.mbc_date:
        yield "days_earlier", (before.mbc_date - one.mbc_date).days
    if before.mbc_date <= day and before.presentation != one.presentation:
        yield "reclassified", 1


def _counts(found: list[tuple[str, Any]], is_total: bool, is_all: bool) -> dict[str, Any]:
    columns = ["people_registry", "people_registry_hospital", "people_broad", *ADDED.values()]
    counted = [*columns, "moved_earlier", "reclassified"]
    days = [value for name, value in found if name == "days_earlier"]
    row: dict[str, Any] = {name: sum(n == name for n, _ in found) for name in counted}
    row["median_days_earlier"] = statistics.median(days) if days else None
    for name in ("unconfirmed", "unattributed"):
        row[name] = sum(n == name for n, _ in found) if is_all else None
    for name in ("no_primary_on_file", "unlinked_people"):
        row[name] = sum(n == name for n, _ in found) if is_all and is_total else None
    return row


def _uncounted(
    everybody: dict[Person, tuple[Known, dict[str, MethodPatient], list[Candidate]]],
    found: list[Mention],
    nation: str,
    day: dt.date,
) -> Iterator[tuple[str, str, str]]:
    """Sex, age band and column of each whom H30 counts."""
    first: dict[tuple[str, Hashable], Mention] = {}
    for mention in found:
        place = mention.kind, mention.whose
        if mention.day <= day:
            first[place] = min(first.get(place, mention), mention, key=lambda one: one.order)
    for (kind, whose), mention in first.items():
        if nation not in (mention.nation, "all"):
            continue
        if kind == "unlinked_people":
            yield "all", "all", kind
            continue
        known, patients, _ = everybody[whose]
        is_alive = known.death is None or known.death > day
        has_mbc = HOSPITAL in patients and patients[HOSPITAL].mbc_date <= day
        is_second = kind == "unconfirmed" and ("unattributed", whose) in first
        if is_alive and not has_mbc and not is_second:
            if kind == "no_primary_on_file":
                yield "all", "all", kind
            else:
                birth = known.row("birth")
                band = places.band(completed_years(birth, day) if birth else None)
                yield known.row("sex") or "unknown", band, kind


def mentions(
    everybody: dict[Person, tuple[Known, dict[str, MethodPatient], list[Candidate]]],
    hospital: Hospital,
) -> Iterator[Mention]:
    """Candidates that are not evidence, and statements of breast without P or person (H30)."""
    for person, (known, _, candidates) in everybody.items():
        for one in candidates:
            if one.status in ("unattributed", "unconfirmed"):
                proof = one.evidence()
                nation = places.nation_of(sent_code(known, proof))
                yield Mention(person, one.status, one.day, proof.order, nation)
    stated: list[tuple[Any, str, dt.date | None, int, str]] = [
        *(
            (one, one.source, one.day, 6, one.provider)
            for one in hospital.episodes
            if one.is_strong and one.says_breast
        ),
        *(
            (one, "rtds", one.day, 7, one.provider)
            for one in hospital.courses
            if one.is_metastasis and one.diagnosis[:3] == "C50"
        ),
        *(
            (one, "cwt", one.day, 9, one.provider)
            for one in hospital.waiting
            if one.code[:3] == "C50" and tells_of_breast(one)
        ),
    ]
    for row, source, day, rule, provider in stated:
        if day is None:
            continue
        code = place_code(provider)
        order = (day, day, rule, SOURCES.index(source), code == "", code)
        if row.person is None:
            whose = source, row.key
            yield Mention(whose, "unlinked_people", day, order, places.nation_of(code))
        elif not everybody[row.person][0].primaries:
            yield Mention(row.person, "no_primary_on_file", day, order, places.nation_of(code))


def look_backs(hospital: Hospital) -> dict[str, dt.date]:
    """By nation, the first day that its hospital data can show (H31)."""
    found: dict[str, dt.date] = {}
    if hospital.years:
        began = (int(year[:2]) for year in hospital.years)
        found["England"] = dt.date(min(2000 + y - 100 * (y >= 80) for y in began), 4, 1)
    starts = [
        file.period.first_day
        for file in hospital.files
        if file.source == "pedw" and file.status == "loaded"
    ]
    if starts:
        found["Wales"] = min(starts)
    return found
