"""Who has MBC by each method: candidates, evidence, dates and places (section 9, H15 to H28)."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .. import cohort, places
from ..figures import regimen_group
from ..judge import SECONDARY, accepted, record_errors
from ..read import Death, Landing, Record
from ..values import code, completed_years, stage
from .judge import Course, Hospital
from .read import Episode, Person, WaitingTime, icd

DAY = dt.timedelta(days=1)
REGISTRY, HOSPITAL, BROAD = METHODS = (
    "registry",
    "registry_hospital",
    "registry_hospital_broad",
)
SOURCES = ("hes_apc", "pedw", "rtds", "cwt")
PRIMARY_AFTER = 31
EARLY_DAYS = 120
OTHER_AFTER = 56
ANOTHER_WITHIN = 365
RADIOTHERAPY_AROUND = 92
SACT_BEFORE, SACT_AFTER = 31, 183
MENTION_AROUND = 183
DEATH_WITHIN = 365
EVENTS = {"05", "06", "12"}


@dataclass(eq=False)
class Known:
    """What is on file of one person."""

    person: Person
    records: list[Record] = field(default_factory=list)
    patient: cohort.Patient | None = None
    death: dt.date | None = None
    underlying: str = ""
    causes: list[str] = field(default_factory=list)
    episodes: list[Episode] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)
    waiting: list[WaitingTime] = field(default_factory=list)
    #: Starts of SACT, mentions of recurrence, dates of other cancers.
    sact: list[dt.date] = field(default_factory=list)
    mentions: list[dt.date] = field(default_factory=list)
    others: set[dt.date] = field(default_factory=set)

    @property
    def primaries(self) -> list[Record]:
        """Accepted primary records with ICD C50 (H16)."""
        return [record for record in self.records if cohort.is_primary_c50(record)]

    def primary_before(self, day: dt.date) -> dt.date | None:
        """P: the latest primary date on or before the day and 31 more (H16)."""
        dates = [one.date for one in self.primaries if one.date <= day + PRIMARY_AFTER * DAY]
        return max(dates, default=None)

    @property
    def dies_of_breast(self) -> bool:
        """C50 is the underlying cause."""
        return icd(self.underlying)[:3] == "C50"

    def has_other_by(self, day: dt.date) -> bool:
        """Another cancer on or before the day and 56 more, also before P (H22, H23)."""
        return any(other <= day + OTHER_AFTER * DAY for other in self.others)

    def row(self, name: str) -> Any:
        """Sex or birth date as the audit knows it (ruling C4)."""
        read = {
            "sex": lambda record: cohort.SEX.get(record.sex),
            "birth": lambda record: record.birth.date,
        }[name]
        return cohort.last_known([read(record) for record in cohort.in_order(self.records)])


@dataclass(frozen=True)
class Evidence:
    """By one rule, on a day; ``sent`` is the day before P took its place (H16, H27)."""

    day: dt.date
    sent: dt.date
    rule: int
    source: str
    provider: str
    primary: dt.date

    @property
    def order(self) -> tuple[Any, ...]:
        """Which is the first (H27)."""
        sources = SOURCES.index(self.source)
        return self.day, self.sent, self.rule, sources, self.provider == "", self.provider


@dataclass(eq=False)
class Candidate:
    """An episode with a strong code, and what becomes of it (H15, H18)."""

    episode: Episode
    sent: dt.date
    primary: dt.date | None
    status: str
    confirmed_by: set[str] = field(default_factory=set)

    @property
    def day(self) -> dt.date:
        """H, or P where that is after it (H16)."""
        return max(self.sent, self.primary or self.sent)

    def evidence(self) -> Evidence:
        """Of rule 6."""
        if self.primary is None:
            raise ValueError("without P a candidate is no evidence")
        source, provider = self.episode.source, place_code(self.episode.provider)
        return Evidence(self.day, self.sent, 6, source, provider, self.primary)


def place_code(sent: str) -> str:
    """Three characters, but the codes of independent and foreign providers whole (H27)."""
    return sent if sent in ("89997", "89999") else sent[:3]


# What is on file


class Everybody(dict[Person, Known]):
    """What is on file, by person."""

    def __init__(self, died: dict[Person, dt.date]) -> None:
        super().__init__()
        self.died = died

    def __missing__(self, person: Person) -> Known:
        self[person] = Known(person, death=self.died.get(person))
        return self[person]


def known_of(
    landing: Landing, hospital: Hospital, died: dict[Person, dt.date]
) -> dict[Person, Known]:
    """By person: everybody of tumour records and of hospital rows."""
    found = Everybody(died)
    for record in accepted(landing.records):
        if record.person:
            found[record.person].records.append(record)
    _add_hospital(found, hospital)
    for death in accepted(landing.deaths):
        if death.person in found:
            add_causes(found[death.person], death)
    for person, days in sact_starts(landing).items():
        if person in found:
            found[person].sact = days
    for person, day in other_registered(landing):
        if person in found:
            found[person].others.add(day)
    for known in found.values():
        known.patient = cohort.patient(known.person, known.records, died)
        known.mentions = [*mentions(known.records), *waiting_mentions(known.waiting)]
        known.others |= other_in_hospital(known.episodes)
    return found


def _add_hospital(found: Everybody, hospital: Hospital) -> None:
    for one in hospital.episodes:
        if one.person:
            found[one.person].episodes.append(one)
    for course in hospital.courses:
        if course.person:
            found[course.person].courses.append(course)
    for event in hospital.waiting:
        if event.person:
            found[event.person].waiting.append(event)


def add_causes(known: Known, death: Death) -> None:
    """Of the registration that counts."""
    known.underlying, known.causes = death.underlying, death.causes


def sact_starts(landing: Landing) -> dict[Person, list[dt.date]]:
    """Starts of regimens that confirm (H20 d)."""
    regimens = defaultdict(list)
    for row in accepted(landing.administrations):
        regimens[row.person, row.regimen, row.start.date].append(row)
    found: dict[Person, list[dt.date]] = defaultdict(list)
    for (person, name, start), rows in regimens.items():
        intents = {
            sent.zfill(2) if (sent := code(row.intent)).isdigit() else sent
            for row in rows
            if row.diagnosis == "C50"
        }
        is_later = intents & {"02", "03", "04", "05", "P", "D"} and not intents & {"01", "C"}
        if is_later and regimen_group({row.drug for row in rows}, name) is not None:
            found[person].append(start)
    return found


def mentions(records: Iterable[Record]) -> Iterable[dt.date]:
    """Recurrences and progressions of COSD and Wales, of any type (H20 e)."""
    for record in records:
        if record.pathway in ("recurrence", "progression") and record.icd in ("C50", ""):
            yield record.date
        if cohort.is_primary_c50(record):
            for progression in record.progressions:
                day = progression.date.date
                if day and record.date <= day <= record.extract:
                    yield day


def waiting_mentions(events: Iterable[WaitingTime]) -> Iterable[dt.date]:
    """Events of distant disease, whether they are evidence or not (H23)."""
    return [event.day for event in events if event.day and tells_of_breast(event)]


def tells_of_breast(event: WaitingTime) -> bool:
    """Type 05, 06 or 12 with C50, a secondary or nothing (H23)."""
    return event.kind in EVENTS and event.code[:3] in ("C50", "", *SECONDARY)


def is_other(code3: str) -> bool:
    """An invasive cancer that is not of the breast, nor of the skin, nor secondary (H32)."""
    no = {"C44", "C50", "C77", "C78", "C79", "C80"}
    return "C00" <= code3 <= "C97" and code3[1:].isdigit() and code3 not in no


def other_registered(landing: Landing) -> Iterable[tuple[Person, dt.date]]:
    """Primary records of any group and fate, with a person and a date that can be (H32)."""
    for sent in landing.records:
        record = sent.elsewhere or sent
        if record.pathway != "primary" or record.person is None or record.event.date is None:
            continue
        wrong = {rule for rule, broken in record_errors(record).items() if broken}
        if is_other(record.icd) and not any("event" in rule for rule in wrong):
            yield record.person, record.event.date


def other_in_hospital(episodes: Iterable[Episode]) -> set[dt.date]:
    """The first of two episodes with one code and without C50 (H32)."""
    counted: dict[str, Counter[tuple[dt.date, str]]] = defaultdict(Counter)
    for one in episodes:
        codes = {found[:3] for found in one.codes}
        if "C50" not in codes and one.day:
            for code3 in filter(is_other, codes):
                counted[code3][one.day, one.source] += 1
    found = set()
    for days in counted.values():
        # HES and PEDW both tell of an episode of a resident of the other nation.
        by_day: dict[dt.date, int] = {}
        for (day, _), count in days.items():
            by_day[day] = max(by_day.get(day, 0), count)
        if sum(by_day.values()) >= 2:
            found.add(min(by_day))
    return found


# Candidates


def candidates_of(known: Known) -> list[Candidate]:
    """Judged in the order H1, H2, H4, H3 (H18)."""
    found = [
        Candidate(one, one.day, known.primary_before(one.day), "")
        for one in known.episodes
        if one.is_strong and one.day
    ]
    for candidate in found:
        candidate.status = unfit(known, candidate)
    fit = [candidate for candidate in found if candidate.status == ""]
    for candidate in fit:
        if any(follows(candidate, other) for other in fit):
            candidate.confirmed_by.add("a")
    for candidate in fit:
        candidate.status = "confirmed" if candidate.confirmed_by else "unconfirmed"
    return found


def unfit(known: Known, one: Candidate) -> str:
    """By H1, H2 or H4, in this order; empty when H3 is asked. Notes what confirms but a."""
    if one.primary is None:
        return "before_primary" if known.primaries else "no_primary_on_file"
    if is_early(known, one):
        return "early_stage"
    one.confirmed_by = confirmed_by(known, one)
    return "" if is_attributed(known, one) else "unattributed"


def follows(one: Candidate, other: Candidate) -> bool:
    """Another spell, 1 to 365 days later (H3 a, H19)."""
    days = (other.day - one.day).days
    return other.episode.spell != one.episode.spell and 1 <= days <= ANOTHER_WITHIN


def is_early(known: Known, one: Candidate) -> bool:
    """Within 120 days of a primary that is known to be of stage 0 to 3 (H17)."""
    if (one.day - one.primary).days > EARLY_DAYS:
        return False
    groups = [
        stage(record.stage_integrated, record.stage_pretreatment)
        for record in known.primaries
        if record.date == one.primary
    ]
    is_4 = any(group.startswith(("4", "IV")) for group in groups)
    return not is_4 and any(group.startswith(("0", "1", "2", "3", "I")) for group in groups)


def confirmed_by(known: Known, one: Candidate) -> set[str]:
    """Letters of H3, but not a; ``c50`` where the radiotherapy says breast."""
    h = one.day

    def between(day: dt.date | None, before: int, after: int) -> bool:
        return day is not None and -before <= (day - h).days <= after

    near = [
        course
        for course in known.courses
        if course.is_metastasis
        and course.diagnosis[:3] in ("C50", "")
        and between(course.day, RADIOTHERAPY_AROUND, RADIOTHERAPY_AROUND)
    ]
    causes = [icd(sent)[:3] for sent in (known.underlying, *known.causes)]
    letters = {
        "b": one.episode.says_breast,
        "c": bool(near),
        "c50": any(course.diagnosis[:3] == "C50" for course in near),
        "d": any(between(day, SACT_BEFORE, SACT_AFTER) for day in known.sact),
        "e": any(between(day, MENTION_AROUND, MENTION_AROUND) for day in known.mentions),
        "f": "C50" in causes and between(known.death, 0, DEATH_WITHIN),
    }
    return {letter for letter, holds in letters.items() if holds}


def is_attributed(known: Known, one: Candidate) -> bool:
    """To the breast (H4)."""
    last = one.day + OTHER_AFTER * DAY
    if not any(one.primary < other <= last for other in known.others):
        return True
    return bool(one.confirmed_by & {"b", "c50", "d"}) or known.dies_of_breast


# Evidence of the other sources


def radiotherapy(known: Known) -> Iterable[Evidence]:
    """Rule 7 (H22)."""
    for course in known.courses:
        if course.is_metastasis and course.day and course.diagnosis[:3] in ("C50", ""):
            primary = known.primary_before(course.day)
            if primary is None:
                continue
            day = max(course.day, primary)
            if course.diagnosis or not known.has_other_by(day):
                code = place_code(course.provider)
                yield Evidence(day, course.day, 7, "rtds", code, primary)


def waiting_times(known: Known) -> Iterable[Evidence]:
    """Rule 9 (H23)."""
    for event in known.waiting:
        if event.day and tells_of_breast(event):
            primary = known.primary_before(event.day)
            if primary is None:
                continue
            day = max(event.day, primary)
            if event.code[:3] == "C50" or not known.has_other_by(day):
                code = place_code(event.provider)
                yield Evidence(day, event.day, 9, "cwt", code, primary)


# Methods


@dataclass(eq=False)
class MethodPatient:
    """One person's MBC by one method."""

    person: Person
    method: str
    nation: str
    provider_code: str
    mbc_date: dt.date
    presentation: str
    first_day: dt.date
    rule: int
    source: str
    sex: str
    birth: dt.date | None
    death: dt.date | None
    death_certificate_only: bool
    geographies: tuple[tuple[str, str, str], ...] = field(init=False)

    def __post_init__(self) -> None:
        self.geographies = places.geographies(self.nation, self.provider_code)

    def age_band(self, on: dt.date) -> str:
        """As of everybody."""
        return places.band(completed_years(self.birth, on) if self.birth else None)

    def alive(self, on: dt.date) -> bool:
        """No death on or before the day."""
        return self.death is None or self.death > on

    def counts_on(self, day: dt.date) -> bool:
        """Alive on the day, with MBC by then."""
        return self.mbc_date <= day and self.alive(day)

    def row(self) -> dict[str, Any]:
        """As ``mbc_cohort`` has it."""
        return {
            "person_id": self.person,
            "method": self.method,
            "nation": self.nation,
            "provider_code": self.provider_code,
            "mbc_date": self.mbc_date,
            "presentation": self.presentation,
            "sex": self.sex,
            "age_at_mbc": completed_years(self.birth, self.mbc_date) if self.birth else None,
            "first_evidence_date": self.first_day,
            "evidence_rule": self.rule,
            "source": self.source,
            "death_date": self.death,
        }


def by_methods(known: Known, found: list[Candidate]) -> dict[str, MethodPatient]:
    """One person's MBC by each method that finds it (H24 to H26)."""
    patients: dict[str, MethodPatient] = {}
    if known.patient:
        patients[REGISTRY] = _of_registry(known.patient, REGISTRY)
    everywhere = [*radiotherapy(known), *waiting_times(known)]
    days = {one.sent for one in found if one.status == "confirmed"}
    with_primary = [one for one in found if one.primary]
    evidence = {
        # All candidates of a day are one evidence, confirmed when one of them is (H15).
        HOSPITAL: [one.evidence() for one in with_primary if one.sent in days],
        BROAD: [one.evidence() for one in with_primary],
    }
    narrower = REGISTRY
    for method, own in evidence.items():
        someone = _of_evidence(known, method, [*everywhere, *own])
        if someone is None and method == HOSPITAL:
            someone = _of_death(known)
        if someone is None:
            continue
        patients[method] = someone
        before = patients.get(narrower)
        if before and before.rule != 8 and before.mbc_date < someone.mbc_date:  # H26
            someone.mbc_date = before.mbc_date
            someone.presentation = before.presentation
        narrower = method if someone.rule != 8 else narrower
    return patients


def _of_registry(patient: cohort.Patient, method: str) -> MethodPatient:
    return MethodPatient(
        person=patient.person,
        method=method,
        nation=patient.nation,
        provider_code=patient.provider_code,
        mbc_date=patient.mbc_date,
        presentation=patient.presentation,
        first_day=patient.first_evidence.date,
        rule=patient.first_evidence.rule,
        source="registry",
        sex=patient.sex,
        birth=patient.birth,
        death=patient.death,
        death_certificate_only=patient.death_certificate_only,
    )


def _of_evidence(known: Known, method: str, own: list[Evidence]) -> MethodPatient | None:
    registry = [item for record in known.records for item in cohort.evidence_of(record)]
    if not registry and not own:
        return None
    first = min([item.date for item in registry] + [item.day for item in own])
    mbc_date, presentation = cohort.present(first, known.primaries, registry)
    at_first = [(item.rule, "registry") for item in registry if item.date == first]
    at_first += [(item.rule, item.source) for item in own if item.day == first]
    rule, source = min(at_first)
    if known.patient:
        someone = _of_registry(known.patient, method)
        someone.mbc_date, someone.presentation = mbc_date, presentation
        someone.first_day, someone.rule, someone.source = first, rule, source
        return someone
    place = min(own, key=lambda item: item.order)
    return _new(known, method, place, mbc_date, presentation)


def _of_death(known: Known) -> MethodPatient | None:
    """Rule 8 (H24): by the codes of the death alone."""
    causes = {icd(sent)[:3] for sent in known.causes}
    before = [one.date for one in known.primaries if known.death and one.date <= known.death]
    if not (known.death and known.dies_of_breast and causes & {"C78", "C79"} and before):
        return None
    primary = max(before)
    is_early = (known.death - primary).days <= EARLY_DAYS
    place = Evidence(known.death, known.death, 8, "hes_apc", "", primary)
    return _new(known, HOSPITAL, place, known.death, "de_novo" if is_early else "recurrent")


def _new(
    known: Known, method: str, place: Evidence, mbc_date: dt.date, presentation: str
) -> MethodPatient:
    """Somebody whom the registry does not know to have MBC, placed by the evidence (H27)."""
    sent = sent_code(known, place)
    return MethodPatient(
        person=known.person,
        method=method,
        nation=places.nation_of(sent),
        provider_code=places.successor(sent),
        mbc_date=mbc_date,
        presentation=presentation,
        first_day=place.day,
        rule=place.rule,
        source="deaths" if place.rule == 8 else place.source,
        sex=known.row("sex") or "unknown",
        birth=known.row("birth"),
        death=known.death,
        death_certificate_only=False,
    )


def sent_code(known: Known, place: Evidence) -> str:
    """The provider of the evidence; without any, that of the diagnosis of P (H27)."""
    if place.provider:
        return place.provider
    at_primary = [one for one in known.primaries if one.date == place.primary]
    index = cohort.index_record(at_primary, [])
    return places.provider_of_diagnosis(index.site, index.provider)


def available(hospital: Hospital) -> set[str]:
    """Nations of which hospital episodes are linked to somebody (H28)."""
    nations = {"hes_apc": "England", "pedw": "Wales"}
    return {nations[one.source] for one in hospital.episodes if one.person}
