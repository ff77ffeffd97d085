"""How well key items are recorded (method book 5): the table ``data_quality``, from its pages.

An item of a record does not apply, or is missing, or is there and is possible or not. Whatever
breaks no rule of a list of codes in the version of the file is possible.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from . import places
from .figures import Rows, Window, geography_columns, percent, wilson
from .judge import Person
from .listed import CARRIED
from .read import Administration, Landing, Record, Report, Treatment, WelshTreatment
from .values import EARLIEST, Day, code, stage, tnm, without_prefix

#: Items and the code by which the table names each.
ITEMS = {
    "record": "all",
    "nhs_number": "CR0010",
    "birth_date": "CR0100",
    "sex": "CR3170",
    "ethnic_category": "CR0150",
    "diagnosis_date": "CR2030",
    "recurrence_date": "CR6500",
    "icd10": "CR0370",
    "laterality": "CR0380",
    "basis_of_diagnosis": "CR0390",
    "performance_status": "CR0510",
    "t_category": "CR0620",
    "n_category": "CR0630",
    "m_category": "CR0640",
    "stage": "CR0610",
    "stage_or_m": "CR0610",
    "metastasis": "CR6960",
    "metastatic_type": "CR6960",
    "metastatic_site": "CR6970",
    "cns_indication": "CR2050",
    "mdt": "CR3080",
    "treatment": "CR1370",
    **{item.column: item.code for item in CARRIED},
    "sact_row": "all",
    "sact_nhs_number": "NHS_Number",
    "sact_regimen_start": "Start_Date_Of_Regimen",
    "sact_administration_date": "Administration_Date",
    "sact_drug": "Drug_Name",
    "sact_intent": "Intent_Of_Treatment",
    "sact_performance_status": "Performance_Status_At_Start_Of_Regimen_Adult",
}
SACT_INTENTS = {"01", "02", "03", "04", "05", "98", *"CPAND"}
VERSIONS = {"v8": 8, "v9": 9, "v10": 10, "wales": 10}
PERIODS = ("quarter", "rolling_12m")

MISSING_ITEM, VALID, INVALID = "missing", "valid", "invalid"


def standing(is_given: object, is_possible: object) -> str:
    """Of an item that applies."""
    if not is_given:
        return MISSING_ITEM
    return VALID if is_possible else INVALID


# Lists of codes


def fault(item: str, sent: str, version: int) -> str:
    """``unknown_code``, ``retired_code`` or nothing, of a code in a version of the standard."""
    spans = places.code_list(item).get(sent)
    if not sent or spans is None:
        return "unknown_code" if sent else ""
    first, last = spans
    if version < first:
        return "unknown_code"
    return "retired_code" if version > last else ""


def codes_of(record: Record) -> Iterator[tuple[str, str]]:
    """Every item with a list that a record sends, and its code."""
    if record.version != "wales":
        yield "CR3170", record.sex
    yield "CR0150", record.ethnic
    yield "CR0380", record.laterality
    yield "CR0390", record.basis
    yield "CR0510", record.performance
    yield "CR2050", record.cns
    for item in CARRIED:
        if item.code_list:
            yield item.code_list, record.carried.get(item.column, "")
    for treatment in record.treatments:
        yield from codes_of_treatment(treatment)
    is_new = record.version != "wales" and record.pathway != "primary"
    types, sites = ("CR6520", "CR1590") if is_new else ("CR6960", "CR6970")
    yield from ((types, kind) for kind in record.metastatic_types)
    yield from ((sites, site) for site in record.metastatic_sites)


def codes_of_treatment(treatment: Treatment | WelshTreatment) -> Iterator[tuple[str, str]]:
    """Modality and intent, with their leading zero."""
    yield "CR2040", padded(treatment.modality)
    yield "CR0680", padded(treatment.intent)


def padded(text: str) -> str:
    """A single digit gets its zero (ruling F7)."""
    return code(text).zfill(2) if code(text) else ""


def codes_of_report(report: Report) -> Iterator[tuple[str, str]]:
    """Receptors; of v5 no list is to hand."""
    items = {"ErStatus": "pBR4220", "PrStatus": "pBR4290", "Her2Status": "pBR4280"}
    for name, item in (items | {"Her2IshStatus": "pBR4310"}).items():
        yield item, report.receptors.get(name, "")


def warn_of_codes(landing: Landing) -> None:
    """List what codes break, of rows in scope."""
    for record in landing.records:
        if record.fate != "out_of_scope" and "ragged_row" not in record.errors:
            _warn(record, codes_of(record), VERSIONS[record.version])
    for row in landing.welsh_treatments:
        if "ragged_row" not in row.errors:
            _warn(row, codes_of_treatment(row), VERSIONS["wales"])
    for report in landing.reports:
        if report.fate != "out_of_scope" and report.version == "4":
            _warn(report, codes_of_report(report), 4)


def _warn(row: Any, sent: Iterable[tuple[str, str]], version: int) -> None:
    found = {(item, fault(item, value, version)) for item, value in sent}
    row.code_faults = {(item, rule) for item, rule in found if rule}
    row.warnings += sorted({rule for _, rule in row.code_faults})


# Items of a record


@dataclass
class WelshCare:
    """Whether people have Welsh treatments, and one that cannot be."""

    treated: set[Person] = field(default_factory=set)
    impossible: set[Person] = field(default_factory=set)


def welsh_care(rows: Iterable[WelshTreatment]) -> WelshCare:
    """From rows that stand or were refused."""
    care = WelshCare()
    for row in rows:
        if row.owner is None or row.fate == "superseded" or "ragged_row" in row.errors:
            continue
        care.treated.add(row.owner)
        modality = padded(row.modality)
        if row.fate == "quarantined" or (modality and modality not in places.code_list("CR2040")):
            care.impossible.add(row.owner)
    return care


def record_items(record: Record, welsh: WelshCare) -> dict[str, str]:
    """Each item that applies to a record, and how it stands."""
    unknown = {item for item, rule in record.code_faults if rule == "unknown_code"}
    told = [rule for rule in record.warnings if rule != "corrected_key"]
    items = {
        "record": standing(record.fate == "accepted", not told),
        "nhs_number": standing(record.nhs_status != "missing", record.nhs_status == "valid"),
        "birth_date": standing(
            is_sent(record.birth),
            lies_between(record.birth, record.event.date or record.extract),
        ),
        "sex": standing(
            record.sex not in ("", "X", "Z"),
            record.sex in ("F", "M", "I") if record.version == "wales" else "CR3170" not in unknown,
        ),
        "ethnic_category": standing(record.ethnic not in ("", "Z", "99"), "CR0150" not in unknown),
        "cns_indication": standing(record.cns not in ("", "99"), "CR2050" not in unknown),
        "mdt": meeting(record),
        "treatment": treatment(record, welsh, unknown),
    }
    day = standing(is_sent(record.event), lies_between(record.event, record.extract))
    if record.pathway == "primary":
        items |= primary_items(record, unknown) | {"diagnosis_date": day}
    elif record.pathway in ("recurrence", "progression", "transformation"):
        items["recurrence_date"] = day
    for item in CARRIED:
        if item.is_asked_of(record.pathway):
            sent = record.carried.get(item.column, "")
            is_given = sent != "" and sent not in item.not_given
            items[item.column] = standing(is_given, item.code_list not in unknown)
    return items | metastasis_items(record, unknown)


def primary_items(record: Record, unknown: set[str]) -> dict[str, str]:
    """Items that describe the tumour of a primary record."""
    categories = {
        "t_category": tnm(record.t_integrated, record.t_pretreatment),
        "n_category": tnm(record.n_integrated, record.n_pretreatment),
        "m_category": tnm(record.m_integrated, record.m_pretreatment),
    }
    group = stage(record.stage_integrated, record.stage_pretreatment)
    m = categories["m_category"]
    is_possible = {name: is_category(name, value) for name, value in categories.items()}
    is_stage = group in places.item_values("stage")
    items = {
        "icd10": standing(record.icd_in_full, record.icd_in_full in places.item_values("icd10")),
        "laterality": standing(record.laterality not in ("", "9"), "CR0380" not in unknown),
        "basis_of_diagnosis": standing(record.basis not in ("", "9"), "CR0390" not in unknown),
        "performance_status": standing(
            record.performance not in ("", "9"), "CR0510" not in unknown
        ),
        "stage": standing(group, is_stage),
        **{name: standing(value, is_possible[name]) for name, value in categories.items()},
    }
    if record.icd == "C50":
        both = (is_stage or not group) and (is_possible["m_category"] or not m)
        items["stage_or_m"] = standing(group or m, both)
    return items


def is_category(item: str, value: str) -> bool:
    """Without its prefix and what is in brackets it is in the list."""
    return without_prefix(value).split("(")[0] in places.item_values(item)


def metastasis_items(record: Record, unknown: set[str]) -> dict[str, str]:
    """Types and sites of records that name a metastasis, or should."""
    types = [kind for kind in record.metastatic_types if kind != "99"]
    sites = [site for site in record.metastatic_sites if site != "99"]
    are_types = all(kind in places.code_list("CR6960") for kind in types)
    are_sites = all(site in places.code_list("CR6970") for site in sites)
    are_types = are_types and not unknown & {"CR6960", "CR6520"}
    are_sites = are_sites and not unknown & {"CR6970", "CR1590"}
    is_later = record.pathway in ("recurrence", "progression")
    items = {}
    if is_later or record.metastatic_types or record.metastatic_sites:
        items["metastatic_type"] = standing(types, are_types)
        items["metastatic_site"] = standing(sites, are_sites)
    if is_later:
        items["metastasis"] = standing(types or sites, are_types and are_sites)
    return items


def meeting(record: Record) -> str:
    """An MDT meeting or its date; a date that cannot be read, and no other, is none."""
    is_unreadable = not any(day.date for day in record.mdt_days) and any(
        day.fault == "unreadable" for day in record.mdt_days
    )
    return standing(record.is_discussed or is_unreadable, not is_unreadable)


def treatment(record: Record, welsh: WelshCare, unknown: set[str]) -> str:
    """Treatments in the COSD record; of Wales, those of the person."""
    if record.version == "wales":
        is_treated = record.person in welsh.treated
        return standing(is_treated, record.person not in welsh.impossible)
    possible = all(lies_between(each.start, record.extract) for each in record.treatments)
    return standing(record.treatments, possible and "CR2040" not in unknown)


def is_sent(day: Day) -> bool:
    """Something is there, readable or not."""
    return day.date is not None or day.fault == "unreadable"


def lies_between(day: Day, last: dt.date) -> bool:
    """From 1900 on, and not after a day."""
    return day.date is not None and EARLIEST <= day.date <= last


# Items of a SACT row


def sact_items(row: Administration) -> dict[str, str]:
    """Each item of a SACT row, and how it stands."""
    intent, performance = padded(row.intent), code(row.performance)
    drugs = set(places.drug_groups(row.drug))
    is_start_wrong = any(rule.startswith("regimen_start") for rule in row.errors)
    return {
        "sact_row": standing(row.fate == "accepted", not row.warnings),
        "sact_nhs_number": standing(row.nhs_status != "missing", row.nhs_status == "valid"),
        "sact_regimen_start": standing(is_sent(row.start), not is_start_wrong),
        "sact_administration_date": standing(
            is_sent(row.administered), lies_between(row.administered, dt.date.max)
        ),
        "sact_drug": standing(row.drug, not drugs & {"unrecognised", "note", "not_given"}),
        "sact_intent": standing(
            intent not in ("", "99"), {intent, intent.lstrip("0")} & SACT_INTENTS
        ),
        "sact_performance_status": standing(
            performance not in ("", "9"), performance in places.code_list("CR0510")
        ),
    }


# The table

#: Quarter, the sender's nation, geography, source, item: records, given, valid.
Counts = dict[tuple[Any, ...], Counter[str]]


def data_quality(landing: Landing, every_window: list[Window]) -> Rows:
    """By the quarter in which records were sent, and by who sent them."""
    counts = counted(landing)
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for window in every_window:
        if window.period not in PERIODS:
            continue
        sums: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
        for (quarter, nation, *cell), found in counts.items():
            if nation in window.nations and window.holds(quarter.first_day):
                sums[tuple(cell)].update(found)
        for cell, found in sums.items():
            rows[window.quarter, window.period, *cell] = figures(window, cell, found)
    return [
        row
        | {
            f"change_since_{name}_before": change(row, rows.get((quarter + -back, period, *cell)))
            for name, back in (("quarter", 1), ("year", 4))
        }
        for (quarter, period, *cell), row in rows.items()
    ]


def counted(landing: Landing) -> Counts:
    """Of records in scope that stand, accepted or refused, whose sender is known."""
    welsh = welsh_care(landing.welsh_treatments)
    counts: Counts = defaultdict(Counter)
    stand = [
        (row, "wales" if row.version == "wales" else "cosd", record_items(row, welsh))
        for row in landing.records
        if is_judged(row)
    ]
    sact = [(row, "sact", sact_items(row)) for row in landing.administrations if is_judged(row)]
    for row, source, items in (*stand, *sact):
        for item, stands in items.items():
            for geography in geographies(row.provider):
                for of in (source, "all"):
                    nation = places.nation_of(row.provider)
                    cell = counts[row.file.quarter, nation, geography, of, item]
                    cell["records"] += 1
                    cell["given"] += stands != MISSING_ITEM
                    cell["valid"] += stands == VALID
    return counts


def is_judged(row: Record | Administration) -> bool:
    """In scope, standing, a row at all, and sent by somebody."""
    is_row = "ragged_row" not in row.errors
    return is_row and row.fate in ("accepted", "quarantined") and bool(row.provider)


def geographies(provider: str) -> tuple[tuple[str, str, str], ...]:
    """Every place in which a sender counts."""
    nation = places.nation_of(provider)
    return places.geographies(nation, places.successor(provider))


def figures(window: Window, cell: tuple[Any, ...], found: Counter[str]) -> dict[str, Any]:
    """The columns of a row but the changes."""
    geography, source, item = cell
    records, given, valid = found["records"], found["given"], found["valid"]
    lower, upper = wilson(given, records)
    return {
        "quarter": str(window.quarter),
        "period": window.period,
        "complete": window.complete,
        **geography_columns(geography),
        "source": source,
        "item": item,
        "item_code": ITEMS[item],
        "records": records,
        "given": given,
        "valid": valid,
        "completeness_pct": percent(given, records),
        "lower_95": lower,
        "upper_95": upper,
        "validity_pct": percent(valid, given),
    }


def change(row: dict[str, Any], before: dict[str, Any] | None) -> float | None:
    """In percentage points, since a row that is there."""
    return row["completeness_pct"] - before["completeness_pct"] if before else None
