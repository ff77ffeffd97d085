"""What treatments, drugs and reports say of each person, for the indicators of method book 5."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from . import places
from .cohort import Patient
from .figures import DAY, Given, modality_group, regimen_group
from .judge import Person, impossible
from .read import Administration, Record, Report, Treatment, WelshTreatment
from .values import code

METASTATIC, DELETED = "5", "6"
BEFORE = 31
PALLIATIVE = {"02", "P"}
#: 02 to 05 are not curative; older files have letters.
PALLIATIVE_SACT = {"02", "03", "04", "05", "P", "D"}
#: A metastasis sampled so many days before the MBC date belongs to it; and evidence so long after.
SAMPLED_BEFORE, EVENT = 62, 62


@dataclass(frozen=True)
class Statement:
    """What one source says of a person's receptors."""

    specimen_day: dt.date
    known_day: dt.date
    is_of_metastasis: bool
    receptors: dict[str, str]
    order: tuple[bytes, int]


@dataclass
class Care:
    """By person: treatments, palliative radiotherapy and cycles, CDK4/6, samples, receptors."""

    given: dict[Person, list[Given]]
    radiotherapy: dict[Person, list[dt.date]] = field(default_factory=lambda: defaultdict(list))
    cycles: dict[Person, list[dt.date]] = field(default_factory=lambda: defaultdict(list))
    cdk4_6: dict[Person, list[dt.date]] = field(default_factory=lambda: defaultdict(list))
    samples: dict[Person, list[dt.date]] = field(default_factory=lambda: defaultdict(list))
    statements: dict[Person, list[Statement]] = field(default_factory=lambda: defaultdict(list))


def care_of(
    given: dict[Person, list[Given]],
    records: Iterable[Record],
    welsh: Iterable[WelshTreatment],
    sact: list[Administration],
    reports: Iterable[Report],
) -> Care:
    """From rows that count."""
    care = Care(given)
    for record in records:
        for treatment in record.treatments:
            if not impossible(treatment.start, record.extract):
                _add_radiotherapy(care, record.person, treatment.start.date, treatment)
        if record.version == "wales":
            read = {"er": hormone(record.er, ""), "her2": her2(record.her2, "")}
            _state(care, record.person, record.date, record.date, False, read, record)
    for row in welsh:
        _add_radiotherapy(care, row.owner, row.start.date, row)
    _add_drugs(care, sact)
    for report in reports:
        _add_report(care, report)
    return care


def _add_radiotherapy(
    care: Care, person: Person | None, day: dt.date | None, treatment: Treatment | WelshTreatment
) -> None:
    intent = code(treatment.intent)
    is_palliative = bool(PALLIATIVE & {intent, intent.zfill(2)})
    is_radiotherapy = modality_group(treatment.modality) == "radiotherapy"
    if person and day and is_palliative and is_radiotherapy:
        care.radiotherapy[person].append(day)


def _add_drugs(care: Care, sact: list[Administration]) -> None:
    regimens: dict[object, list[Administration]] = defaultdict(list)
    for row in sact:
        regimens[row.person, row.regimen, row.start.date].append(row)
    for rows in regimens.values():
        if regimen_group({row.drug for row in rows}) is None:  # supportive drugs only (ruling F5)
            continue
        for row in rows:
            start = row.start.date
            assert start is not None and row.person is not None
            if PALLIATIVE_SACT & {code(row.intent), code(row.intent).zfill(2)}:
                first = row.cycle_start.date or row.administered.date or start
                care.cycles[row.person].append(first)
            if "cdk4_6" in places.drug_groups(row.drug):
                care.cdk4_6[row.person].append(row.administered.date or start)


def _add_report(care: Care, report: Report) -> None:
    if report.status == DELETED or report.person is None:
        return
    sampled, result = report.sampled.date, report.reported.date
    assert result is not None
    is_possible = sampled is not None and dt.date(1900, 1, 1) <= sampled <= result
    day = sampled if sampled and is_possible else result
    is_of_metastasis = report.specimen == METASTATIC
    if is_of_metastasis:
        care.samples[report.person].append(day)
    said = report.receptors
    read = {
        "er": hormone(said.get("ErStatus", ""), said.get("ErAllredScore", "")),
        "pr": hormone(said.get("PrStatus", ""), said.get("PrAllredScore", "")),
        "her2": her2(said.get("Her2Status", ""), said.get("Her2IshStatus", "")),
    }
    _state(care, report.person, day, result, is_of_metastasis, read, report)


def _state(
    care: Care,
    person: Person | None,
    specimen_day: dt.date,
    known_day: dt.date,
    is_of_metastasis: bool,
    receptors: dict[str, str],
    row: Record | Report,
) -> None:
    if person:
        order = row.file.path.encode(), row.position
        care.statements[person].append(
            Statement(specimen_day, known_day, is_of_metastasis, receptors, order)
        )


def hormone(status: str, allred: str) -> str:
    """Of ER or PR: the status, else the Allred score, positive from 3 of 8."""
    if status in ("P", "N"):
        return status
    return ("P" if int(allred) >= 3 else "N") if allred in set("012345678") else ""


def her2(status: str, in_situ: str) -> str:
    """Immunohistochemistry (N1 is 0, N2 is 1+), else in-situ hybridisation."""
    if status in ("P", "N", "N1", "N2"):
        return status[0]
    return in_situ if in_situ in ("P", "N") else ""


def receptor(care: Care, person: Patient, name: str, end: dt.date) -> str:
    """The latest statement: of a metastasis of the event, else from up to it, else from later."""
    said = [
        statement
        for statement in care.statements.get(person.person, [])
        if statement.receptors.get(name) and statement.known_day <= end
    ]

    def kind(statement: Statement) -> int:
        day = statement.specimen_day
        if statement.is_of_metastasis and day >= person.mbc_date - SAMPLED_BEFORE * DAY:
            return 1
        return 2 if day <= person.mbc_date + EVENT * DAY else 3

    def last(statement: Statement) -> tuple[object, ...]:
        return -kind(statement), statement.specimen_day, statement.known_day, statement.order

    return max(said, key=last).receptors[name] if said else ""


def subtype(er: str, pr: str, her2_status: str) -> str:
    """By receptors; empty where they do not say."""
    if her2_status == "P":
        return "her2_positive"
    if her2_status != "N" or not (er or pr == "P"):
        return ""
    return "hr_positive_her2_negative" if "P" in (er, pr) else "triple_negative"


def is_within(person: Patient, days: Iterable[dt.date], window: int) -> bool:
    """A day lies from 31 days before the MBC date to the end of its window, not after death."""
    first, last = person.mbc_date - BEFORE * DAY, person.mbc_date + window * DAY
    return any(first <= day <= min(last, person.death or last) for day in days)


def last_cycle(care: Care, person: Patient) -> dt.date | None:
    """The start of the last cycle of palliative SACT, from 31 days before the MBC date on."""
    return max(
        (
            day
            for day in care.cycles.get(person.person, [])
            if person.mbc_date - BEFORE * DAY <= day <= (person.death or dt.date.max)
        ),
        default=None,
    )
