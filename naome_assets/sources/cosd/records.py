"""A COSD breast record element becomes rows, by the contract of its version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from naome_assets.sources.conventions import Tally, comparable
from naome_assets.sources.cosd.contract import METASTASIS_PARTS, Family, Node, family_of
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.values import MISSING, ReadDate, read_code, read_date

Row = dict[str, Any]

_V8_PATHWAYS = {"01": "recurrence", "02": "progression", "03": "transformation"}


@dataclass
class Found:
    """What stands in a record element: single values by column, repeating groups in order."""

    values: dict[str, str] = field(default_factory=dict)
    groups: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    pathways: list[str] = field(default_factory=list)


def rows_of_record(
    element: etree._Element, tree: Node, version: str, pseudonymiser: Pseudonymiser, tally: Tally
) -> Iterator[tuple[str, Row]]:
    """Table and row (without provenance) of everything in a breast record.

    Args:
        element: the record.
        tree: layout of the version.
        version: as the table has it, ``9.0.1``.
        pseudonymiser: replaces the identifiers.
        tally: counts the values that were not written as in the standard.
    """
    family = family_of(version)
    found = Found()
    _visit(element, tree, found.values, found, tally)
    values = found.values
    pathway = _pathway_v8(values) if family == "v8" else _pathway_v9(found)
    event_date = read_date(
        values.get("primary_date" if pathway == "primary" else "non_primary_date")
    )
    birth_date = read_date(values.get("birth_date"))
    nhs_person_id, nhs_number_status = pseudonymiser.nhs_person(values.get("nhs_number"))
    meetings = [group.get("mdt_date") for table, group in found.groups if table == "mdt_meeting"]
    mdt_date = _mdt_date(meetings, values.get("care_plan_mdt_date"))
    yield (
        "cosd_record",
        {
            "version": version,
            "record_id": pseudonymiser.record(_record_id(element, tree) or values.get("record_id")),
            "nhs_person_id": nhs_person_id,
            "nhs_number_status": nhs_number_status,
            "local_person_id": pseudonymiser.local_person(
                values.get("provider"), values.get("local_patient_identifier")
            ),
            "birth_date": birth_date.value,
            "birth_date_fault": birth_date.fault,
            "pathway": pathway,
            "event_date": event_date.value,
            "event_date_fault": event_date.fault,
            "icd10": read_code(_icd10(values, pathway, family)),
            "mdt_meetings": len(meetings),
            "mdt_date": mdt_date.value,
            "mdt_date_fault": mdt_date.fault,
        }
        | {column: read_code(values.get(column)) for column in _COPIED},
    )
    if pseudonymiser.keeps_link_keys:
        yield (
            "link_key",
            {name: pseudonymiser.link_key(name, values.get(name)) for name in _LINK_KEYS},
        )
    yield from _repeating(found, family)


_LINK_KEYS = ("surname", "forename", "postcode")
#: Columns that hold a code as sent.
_COPIED = (
    "sex",
    "ethnic_category",
    "provider",
    "diagnosis_site",
    "laterality",
    "basis_of_diagnosis",
    "performance_status",
    "t_category_pretreatment",
    "n_category_pretreatment",
    "m_category_pretreatment",
    "stage_pretreatment",
    "t_category_integrated",
    "n_category_integrated",
    "m_category_integrated",
    "stage_integrated",
    "cns_indication",
    "palliative_specialist_seen",
)


def _visit(
    element: etree._Element, node: Node, row: dict[str, str], found: Found, tally: Tally
) -> None:
    """Collect what stands below an element; where an item comes twice, the first counts."""
    children = node.children
    for child in element:
        below = children.get(child.tag)
        if below is None:
            continue
        inner = row
        if below.group is not None:
            inner = {}
            found.groups.append((below.group, inner))
        if below.item is not None:
            column, value_in = below.item
            sent = _value(child, value_in)
            value = sent.strip()
            if value and column not in inner:
                inner[column] = value
                tally.add(*below.counted, sent, value)
        else:
            if below.pathway is not None:
                found.pathways.append(below.pathway)
            _visit(child, below, inner, found, tally)


def _record_id(element: etree._Element, tree: Node) -> str | None:
    """The outermost Id of a record that is wrapped in further elements (ruling B3, D15)."""
    level = [element] if tree.wrappers else []
    while level:
        for outer in level:
            for child in outer:
                below = tree.children.get(child.tag)
                if below is not None and below.item is not None and below.item[0] == "record_id":
                    value = _value(child, below.item[1]).strip()
                    if value:
                        return value
        level = [child for outer in level for child in outer if child.tag in tree.wrappers]
    return None


def _value(element: etree._Element, value_in: str) -> str:
    """The value as sent, from the attribute named by the standard, else from the text."""
    if value_in != "text":
        attribute: str | None = element.get(value_in)
        if attribute and not attribute.isspace():
            return attribute
    text: str = element.text or ""
    return text


def _mdt_date(meetings: list[str | None], care_plan: str | None) -> ReadDate:
    """The earliest date of a meeting that can be read, else that of the care plan."""
    dates = [read_date(meeting) for meeting in meetings]
    readable = [date for date in dates if date.value is not None]
    if readable:
        return min(readable, key=lambda date: date.value or dt.date.max)
    planned = read_date(care_plan)
    return planned if planned != MISSING else next((d for d in dates if d != MISSING), MISSING)


def _pathway_v9(found: Found) -> str | None:
    if "primary" in found.pathways:
        return "primary"
    if found.pathways:
        return found.pathways[0]
    # Of no stated kind, as in v8 (ruling D12); an empty one is no pathway (ruling B21).
    return "recurrence" if "non_primary_date" in found.values else None


def _pathway_v8(values: dict[str, str]) -> str | None:
    """By type, else by which date is there (ruling D12)."""
    type_ = comparable("pathway_type", values.get("non_primary_type"))
    if type_:
        return _V8_PATHWAYS.get(type_, "recurrence")
    if "primary_date" in values:
        return "primary"
    return "recurrence" if "non_primary_date" in values else None


def _icd10(values: dict[str, str], pathway: str | None, family: Family) -> str | None:
    """The record's ICD-10 code (ruling B1)."""
    if family == "v8":
        return values.get("primary_icd10") or values.get("progression_icd10")
    if pathway == "transformation":
        return None
    return values.get(f"{pathway or 'primary'}_icd10")


def _repeating(found: Found, family: Family) -> Iterator[tuple[str, Row]]:
    treatments = progressions = 0
    for table, group in found.groups:
        if table == "cosd_treatment":
            treatments += 1
            start_date = read_date(group.get("start_date"))
            yield (
                table,
                {
                    "number": treatments,
                    "start_date": start_date.value,
                    "start_date_fault": start_date.fault,
                    "modality": read_code(group.get("modality")),
                    "intent": read_code(group.get("intent")),
                },
            )
        elif table == "cosd_progression":
            progressions += 1
            date = read_date(group.get("progression_date"))
            yield (
                table,
                {
                    "number": progressions,
                    "progression_date": date.value,
                    "progression_date_fault": date.fault,
                },
            )
        elif table in METASTASIS_PARTS and group:
            part = METASTASIS_PARTS[table]
            yield (
                "cosd_metastasis",
                {
                    "part": part,
                    "progression_number": progressions if part == "progression" else None,
                    "paired": family != "v8",
                    "metastatic_type": read_code(group.get("metastatic_type")),
                    "metastatic_site": read_code(group.get("metastatic_site")),
                },
            )
