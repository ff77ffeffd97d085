"""Who has metastatic breast cancer, since when, and where (method book 2; rulings A1-A3, D, E)."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from . import places
from .judge import Person, impossible
from .read import Metastases, Record
from .values import code, completed_years, two_digits

DE_NOVO_WINDOW = dt.timedelta(days=120)
EVENT_WINDOW = dt.timedelta(days=62)
DISTANT_SITES = {"02", "03", "04", "07", "08", "09", "10", "11", "98"}
RETIRED_DISTANT_SITES = {"01", "06"}
TYPES = {"01", "02", "03"}
SEX = {"2": "female", "F": "female", "1": "male", "M": "male"}


@dataclass(frozen=True, eq=False)
class Evidence:
    """That a record says: metastatic, on this date, by this rule of the method book."""

    date: dt.date
    rule: int
    record: Record


@dataclass(eq=False)
class Patient:
    """One person with an MBC event."""

    person: Person
    mbc_date: dt.date
    presentation: str
    first_evidence: Evidence
    index: Record
    event_records: list[Record]
    sex: str
    birth: dt.date | None
    death: dt.date | None
    nation: str = field(init=False)
    provider_code: str = field(init=False)

    def __post_init__(self) -> None:
        """Place the person by the index record (rulings E1-E3)."""
        sent = places.provider_of_diagnosis(self.index.site, self.index.provider)
        self.nation = places.nation_of(sent)
        self.provider_code = places.successor(sent)

    @property
    def geographies(self) -> tuple[tuple[str, str, str], ...]:
        """Every place the person counts in."""
        return places.geographies(self.nation, self.provider_code)

    @property
    def cns(self) -> str:
        """Seen beats not seen beats missing (method book 4)."""
        codes = {record.cns for record in self.event_records}
        if codes & {"Y1", "Y2", "Y3", "Y4", "Y5"}:
            return "seen"
        return "not_seen" if codes & {"NI", "NN"} else "missing"

    @property
    def death_certificate_only(self) -> bool:
        """Basis 0 on an event record, and no other code on any (ruling D10)."""
        return {record.basis for record in self.event_records} - {""} == {"0"}

    def age_band(self, on: dt.date) -> str:
        """Band of the age in completed years."""
        return places.band(completed_years(self.birth, on) if self.birth else None)

    def alive(self, on: dt.date) -> bool:
        """No death on or before the day."""
        return self.death is None or self.death > on

    def row(self) -> dict[str, Any]:
        """As ``mbc_cohort`` has it (ruling F12)."""
        return {
            "person_id": self.person,
            "nation": self.nation,
            "provider_code": self.provider_code,
            "mbc_date": self.mbc_date,
            "presentation": self.presentation,
            "sex": self.sex,
            "age_at_mbc": completed_years(self.birth, self.mbc_date) if self.birth else None,
            "first_evidence_date": self.first_evidence.date,
            "evidence_rule": self.first_evidence.rule,
            "basis_of_diagnosis": self.index.basis or None,
            "death_date": self.death,
        }


def patients(records: Iterable[Record], died: dict[Person, dt.date]) -> list[Patient]:
    """One for each person with evidence, from accepted records."""
    by_person: dict[Person, list[Record]] = defaultdict(list)
    for record in records:
        if record.person:
            by_person[record.person].append(record)
    found = (patient(person, own, died) for person, own in sorted(by_person.items()))
    return [someone for someone in found if someone]


def patient(person: Person, records: list[Record], died: dict[Person, dt.date]) -> Patient | None:
    """The person's first MBC event, or None without evidence."""
    evidence = [item for record in records for item in evidence_of(record)]
    if not evidence:
        return None
    first = min(evidence, key=lambda item: (item.date, item.rule))
    primaries = [record for record in records if is_primary_c50(record)]
    mbc_date, presentation = present(first.date, primaries, evidence)
    at_mbc = [record for record in primaries if record.date == mbc_date]
    if presentation == "de_novo":
        index = index_record(at_mbc, evidence)
    else:
        at_first = [item for item in evidence if item.date == first.date]
        index = index_record([item.record for item in at_first], at_first)
        at_mbc = []
    in_window = [item.record for item in evidence if item.date <= first.date + EVENT_WINDOW]
    return Patient(
        person=person,
        mbc_date=mbc_date,
        presentation=presentation,
        first_evidence=first,
        index=index,
        event_records=[*in_window, *at_mbc],  # ruling A3; one may appear twice, which is harmless
        sex=last_known([SEX.get(record.sex) for record in in_order(records)]) or "unknown",
        birth=last_known([record.birth.date for record in in_order(records)]),
        death=died.get(person),
    )


def is_primary_c50(record: Record) -> bool:
    """Ruling A2: never a D05, never one without ICD."""
    return record.pathway == "primary" and record.icd == "C50"


def present(
    first: dt.date, primaries: list[Record], evidence: list[Evidence]
) -> tuple[dt.date, str]:
    """MBC date and presentation (ruling A1)."""
    before = [record.date for record in primaries if record.date <= first]
    if before and first - max(before) <= DE_NOVO_WINDOW:
        return max(before), "de_novo"
    after = [item.date for item in evidence if item.rule == 1]
    if after and min(after) - first <= DE_NOVO_WINDOW:
        return min(after), "de_novo"
    return first, "recurrent"


def index_record(candidates: list[Record], evidence: list[Evidence]) -> Record:
    """Evidence first, then lower rule, provider, pathway, ICD; the later submission (ruling E2)."""

    def preference(record: Record) -> tuple[Any, ...]:
        rules = [item.rule for item in evidence if item.record is record]
        return (
            not rules,
            min(rules, default=0),
            *(record.provider, record.pathway, record.icd),
        )

    best = min(map(preference, candidates))
    return in_order([record for record in candidates if preference(record) == best])[-1]


def in_order(records: list[Record]) -> list[Record]:
    """In submission order."""
    return sorted(records, key=lambda record: record.order)


def last_known(values: list[Any]) -> Any:
    """An unknown value never overwrites a known one (ruling C4)."""
    return next((value for value in reversed(values) if value is not None), None)


# Evidence


def evidence_of(record: Record) -> list[Evidence]:
    """What one record proves, by rules 1 to 3."""
    found: list[Evidence] = []
    date = record.date
    if is_primary_c50(record):
        if m1(record) or stage_4(record) or distant(record.metastases, record.version):
            found.append(Evidence(date, 1, record))
        for progression in record.progressions:  # ruling D8
            day = progression.date.date
            if day is None or day < date or impossible(progression.date, record.extract):
                continue
            if distant(progression.metastases, record.version):
                found.append(Evidence(day, 2, record))
    later = record.pathway in ("recurrence", "progression") and record.icd in ("C50", "")
    if later and distant(record.metastases, record.version):
        found.append(Evidence(date, 3, record))
    return found


def m1(record: Record) -> bool:
    """Rulings D4, D5."""
    category = first_given([record.m_integrated, record.m_pretreatment], none={"", "X"})
    return re.match(r"[CPYRA]*M?1", category) is not None


def stage_4(record: Record) -> bool:
    """Ruling D6."""
    stages = [record.stage_integrated, record.stage_pretreatment]
    stage = first_given(stages, none={"", "X", "U", "?"})
    return stage.removeprefix("STAGE").startswith(("4", "IV"))


def first_given(texts: list[str], none: set[str]) -> str:
    """The first that says something, as a code; integrated is before pre-treatment."""
    return next((code(text) for text in texts if code(text) not in none), "")


def distant(metastases: Metastases, version: str) -> bool:
    """Rulings D1-D3."""
    sites = DISTANT_SITES | (RETIRED_DISTANT_SITES if version == "v8" else set())
    if metastases.paired:
        return any(
            two_digits(kind) == "03"
            or (two_digits(kind) not in TYPES and two_digits(site) in sites)
            for kind, site in metastases.pairs
        )
    kinds = {two_digits(kind) for kind in metastases.types} & TYPES
    if kinds:
        return "03" in kinds
    return any(two_digits(site) in sites for site in metastases.sites)
