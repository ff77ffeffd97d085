"""What counts: scope, quarantine, supersession (rulings A6, A7, B, C1), and the ledger."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

from naome_assets.quarters import Quarter

from . import places
from .read import (
    Administration,
    Death,
    File,
    Landing,
    Record,
    Report,
    Row,
    WelshTreatment,
    health_board,
)
from .values import EARLIEST, Day

Person = tuple[str, ...]
PATHWAYS = {"primary", "recurrence", "progression", "transformation"}
SECONDARY = {"C77", "C78", "C79"}
LONG_BEFORE = dt.timedelta(days=31)
#: So many birth dates make a number one of many people (ruling C3).
SHARED_FROM = 3

_SomeRow = TypeVar("_SomeRow", bound=Row)


def judge(landing: Landing, last: Quarter) -> dict[Person, dt.date]:
    """Settle the fate of every row, in place; return each person's date of death."""
    for record in landing.records:
        judge_record(record)
    shared = shared_numbers(landing.records)
    fall_back(landing, shared)
    for death in landing.deaths:
        judge_death(death)
    supersede(
        landing.deaths,
        key=lambda death: death.nhs,
        order=lambda death: (
            death.registered.date or dt.date.min,
            *death.file.order,
            death.position,
        ),
    )
    died = {
        death.person: death.death.date
        for death in accepted(landing.deaths)
        if death.person and death.death.date
    }
    for record in landing.records:
        warn_of(record, died)
    supersede_records(landing.records)
    for row in landing.administrations:
        judge_administration(row, last)
    supersede(
        landing.administrations,
        key=lambda row: (
            *(row.person, row.provider, row.regimen, row.start.date),
            *(row.cycle, row.drug, row.administered.date),
        ),  # ruling B10
        order=lambda row: (*row.file.order, row.position),
    )
    for report in landing.reports:
        judge_report(report)
    supersede(
        landing.reports,
        key=lambda report: (
            (report.provider, report.report_id)
            if report.report_id
            else (
                *(report.provider, report.person, report.reported.date, report.sampled.date),
                *(report.specimen, report.laterality),
            )
        ),
        order=lambda report: report.order,
    )
    judge_welsh_treatments(landing.welsh_treatments, landing.records, shared)
    return died


def accepted(rows: Iterable[_SomeRow]) -> list[_SomeRow]:
    """Those that count."""
    return [row for row in rows if row.fate == "accepted"]


def supersede(
    rows: list[_SomeRow],
    key: Callable[[_SomeRow], Hashable],
    order: Callable[[_SomeRow], Any],
) -> None:
    """Of the rows accepted so far with one key, only the last in order stays accepted."""
    groups: dict[Hashable, list[_SomeRow]] = defaultdict(list)
    for row in accepted(rows):
        groups[key(row)].append(row)
    for group in groups.values():
        for row in sorted(group, key=order)[:-1]:
            row.fate = "superseded"


def quarantine_if_errors(row: Row) -> None:
    """One error is enough; the ledger counts records, not errors (ruling A7)."""
    if row.errors:
        row.fate = "quarantined"


# COSD and Welsh tumour records


def shared_numbers(records: list[Record]) -> set[str]:
    """Numbers that records which stand so far give with three whole birth dates (ruling C3)."""
    births: dict[str, set[dt.date]] = defaultdict(set)
    for record in accepted(records):
        if record.nhs_status == "valid" and record.birth.date and record.birth.fault == "none":
            births[record.nhs].add(record.birth.date)
    return {number for number, dates in births.items() if len(dates) >= SHARED_FROM}


def fall_back(landing: Landing, shared: set[str]) -> None:
    """Records of a shared number are known by local identifier, or by nothing (ruling C3).

    Elsewhere such a number is as good as an invalid one.
    """
    for record in accepted(landing.records):
        if record.nhs_status == "valid" and record.nhs in shared:
            record.nhs_status = "shared"
            record.warnings.append("nhs_number_shared")
            if record.person is None:
                record.errors.append("no_person_identifier")
            quarantine_if_errors(record)
    elsewhere = (*landing.deaths, *landing.administrations, *landing.reports)
    for row in (*elsewhere, *landing.welsh_treatments):
        if row.nhs_status == "valid" and row.nhs in shared:
            row.nhs_status = "invalid"


def event_key(record: Record) -> tuple[Hashable, ...]:
    """Method book 1; a missing ICD and a missing side are values of their own (rulings B3, B4)."""
    whose = record.person, record.provider, record.pathway
    return *whose, record.event.date, record.icd, record.side


def supersede_records(records: list[Record]) -> None:
    """By a later record of the event key, or of the same Id however it changed (ruling B3)."""
    standing = sorted(accepted(records), key=lambda record: record.order)
    last = {event_key(record): record for record in standing}
    replaced = [record for record in standing if last[event_key(record)] is not record]
    numbered: dict[Hashable, list[Record]] = defaultdict(list)
    for record in standing:
        if record.record_id:
            sender = health_board(record.file) if record.version == "wales" else record.provider
            numbered[record.version == "wales", sender, record.record_id].append(record)
    for same_id in numbered.values():
        if len({record.person for record in same_id}) > 1:
            continue
        runs: dict[Hashable, list[Record]] = defaultdict(list)
        for record in same_id:
            runs[record.provider, record.pathway].append(record)
        for run in runs.values():
            replaced += run[:-1]
            for before, record in itertools.pairwise(run):
                if event_key(before) != event_key(record):
                    record.warnings.append("corrected_key")
    for record in replaced:
        record.fate = "superseded"


def judge_record(record: Record) -> None:
    """Out of scope, then quarantined, else accepted so far (ruling A7)."""
    if record.errors:  # a ragged row: nothing in it can be trusted
        record.fate = "quarantined"
        return
    if secondary_stands_for_missing(record):
        record.icd = ""
    if record.other_tumour_group or record.icd not in ("C50", "D05", ""):
        record.fate = "out_of_scope"
        return
    record.errors = [rule for rule, broken in record_errors(record).items() if broken]
    quarantine_if_errors(record)


def warn_of(record: Record, died: dict[Person, dt.date]) -> None:
    """What is odd, of records in scope, refused ones included; not of a row that is no row."""
    if record.fate != "out_of_scope" and "ragged_row" not in record.errors:
        found = record_warnings(record, died)
        record.warnings += [rule for rule, broken in found.items() if broken]


def secondary_stands_for_missing(record: Record) -> bool:
    """The ICD names the metastasis, not the cancer (ruling B2)."""
    pathways = {"progression", "recurrence"} if record.version == "wales" else {"progression"}
    return record.pathway in pathways and record.icd in SECONDARY


def record_errors(record: Record) -> dict[str, bool]:
    """Each rule of severity error, and whether the record breaks it (ruling A6)."""
    unknown = record.pathway not in PATHWAYS
    welsh = record.version == "wales"
    return {
        "no_person_identifier": record.person is None,
        "no_provider": not record.provider,
        "pathway_missing": unknown and not welsh,
        "pathway_unknown": unknown and welsh,
        **date_errors("event_date", record.event),
        "event_date_after_extract": later(record.event, record.extract),
        "birth_after_event": bool(record.event.date and later(record.birth, record.event.date)),
    }


def date_errors(name: str, day: Day) -> dict[str, bool]:
    """The rules that every required date has to meet."""
    return {
        f"{name}_missing": day.fault == "missing",
        f"{name}_unreadable": day.fault == "unreadable",
        f"{name}_before_1900": earlier(day, EARLIEST),
    }


def record_warnings(record: Record, died: dict[Person, dt.date]) -> dict[str, bool]:
    """Each rule of severity warning, and whether the record breaks it (rulings A6, D8)."""
    event = record.event.date
    death = died.get(record.person) if record.person else None
    starts = [treatment.start for treatment in record.treatments]
    progressions = [progression.date for progression in record.progressions]
    return {
        "nhs_number_invalid": record.nhs_status == "invalid" and record.person is not None,
        "birth_date_missing": record.birth.date is None,
        "sex_missing": not record.sex,
        "treatment_long_before_event": bool(
            event and any(earlier(start, event - LONG_BEFORE) for start in starts)
        ),
        "treatment_date_impossible": any(
            start.fault == "unreadable" or impossible(start, record.extract) for start in starts
        ),
        "death_before_diagnosis": bool(event and death and death < event),
        "progression_before_diagnosis": bool(
            event and any(earlier(day, event) for day in progressions)
        ),
        "progression_date_impossible": any(
            day.date is None or later(day, record.extract) for day in progressions
        ),
    }


def earlier(day: Day, limit: dt.date) -> bool:
    """Known, and before the limit."""
    return day.date is not None and day.date < limit


def later(day: Day, limit: dt.date) -> bool:
    """Known, and after the limit."""
    return day.date is not None and day.date > limit


def impossible(day: Day, extract: dt.date) -> bool:
    """Before 1900 or after the extract."""
    return earlier(day, EARLIEST) or later(day, extract)


# Deaths, SACT, Welsh treatments


def judge_death(death: Death) -> None:
    """Ruling B11; "after registration" is not judged for a partial date (ruling B12)."""
    rules = {
        "nhs_number_missing_or_invalid": death.nhs_status != "valid",
        **date_errors("death_date", death.death),
        "death_after_registration": death.death.fault != "partial"
        and death.registered.date is not None
        and later(death.death, death.registered.date),
    }
    if not death.errors:
        death.errors = [rule for rule, broken in rules.items() if broken]
    quarantine_if_errors(death)


def judge_administration(row: Administration, last: Quarter) -> None:
    """Rulings B13, B19."""
    if not row.errors and row.diagnosis and row.diagnosis not in {"C50", "D05", *SECONDARY}:
        row.fate = "out_of_scope"
        return
    rules = {
        "primary_diagnosis_missing": not row.diagnosis,
        "no_person_identifier": row.person is None,
        **date_errors("regimen_start", row.start),
        "regimen_start_after_run": later(row.start, last.last_day),
    }
    if not row.errors:
        row.errors = [rule for rule, broken in rules.items() if broken]
        if row.nhs_status == "invalid" and row.person is not None:
            row.warnings.append("nhs_number_invalid")
        if {*places.drug_groups(row.drug), *places.drug_groups(row.regimen)} == {"not_given"}:
            row.warnings.append("drug_not_given")  # ruling I3
    quarantine_if_errors(row)


def judge_report(report: Report) -> None:
    """Breast reports; the rules are those of records (ruling A6) on the date of the result."""
    if not report.is_breast and not {"C50", "D05", *SECONDARY} & set(report.icds):
        report.fate = "out_of_scope"
        return
    result = report.reported.date
    rules = {
        "no_person_identifier": report.person is None,
        "no_provider": not report.provider,
        **date_errors("report_date", report.reported),
        "report_date_after_extract": later(report.reported, report.extract),
        "birth_after_report": bool(result and later(report.birth, result)),
    }
    report.errors = [rule for rule, broken in rules.items() if broken]
    warnings = {
        "nhs_number_invalid": report.nhs_status == "invalid" and report.person is not None,
        "sample_after_report": bool(result and later(report.sampled, result)),
    }
    report.warnings = [rule for rule, broken in warnings.items() if broken]
    quarantine_if_errors(report)


def judge_welsh_treatments(
    rows: list[WelshTreatment], records: list[Record], shared: set[str]
) -> None:
    """Ruling B9: whose the row is, and which file's rows of a tumour row stand."""
    owners: dict[tuple[str, str], Person] = {}
    for record in sorted(records, key=lambda record: record.order):
        is_somebody = record.person and not (record.person[0] == "nhs" and record.nhs in shared)
        if record.version == "wales" and record.record_id and record.person and is_somebody:
            owners[health_board(record.file), record.record_id] = record.person
    for row in rows:
        row.owner = welsh_owner(row, owners)
        rules = {
            "treatment_without_person": row.owner is None,
            **date_errors("treatment_date", row.start),
        }
        if not row.errors:
            row.errors = [rule for rule, broken in rules.items() if broken]
        quarantine_if_errors(row)
    latest: dict[tuple[str, str], File] = {}
    for row in accepted(rows):
        key = health_board(row.file), row.record_id
        latest[key] = max(latest.get(key, row.file), row.file, key=lambda file: file.order)
    for row in accepted(rows):
        if row.record_id and latest[health_board(row.file), row.record_id] is not row.file:
            row.fate = "superseded"


def welsh_owner(row: WelshTreatment, owners: dict[tuple[str, str], Person]) -> Person | None:
    """Own NHS number, else the tumour row's person, else provider and local identifier."""
    if row.nhs_status == "valid":
        return row.person
    return owners.get((health_board(row.file), row.record_id), row.person)


# The tables


def quarantine(landing: Landing) -> list[dict[str, Any]]:
    """One row a record and rule broken."""
    return [
        {
            "file": row.file.path,
            "position": row.position,
            "rule": rule,
            "severity": severity,
            "quarter": str(row.file.quarter),
        }
        for row in landing.rows
        for severity, rules in (("error", row.errors), ("warning", row.told + row.warnings))
        for rule in rules
    ]


def ledger(landing: Landing) -> list[dict[str, Any]]:
    """One row a file; received is the sum of the four fates."""
    fates: dict[str, Counter[str]] = defaultdict(Counter)
    for row in landing.rows:
        fates[row.file.path][row.fate] += 1
    return [
        {
            "file": file.path,
            "sha256": file.sha256,
            "source": file.source,
            "quarter": str(file.quarter),
            "status": file.status,
            "received": fates[file.path].total(),
            **{
                fate: fates[file.path][fate]
                for fate in ("accepted", "superseded", "out_of_scope", "quarantined")
            },
            "reason": file.reason,
        }
        for file in landing.files
    ]
