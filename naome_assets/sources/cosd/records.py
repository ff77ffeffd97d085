"""A COSD breast record element becomes rows, by the contract of its version."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from naome_assets.contract.cosd_items import METASTASIS_PARTS, stored_items
from naome_assets.sources.conventions import Tally
from naome_assets.sources.cosd.layouts import Family, Node, family_of
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.values import MISSING, ReadDate, read_date

Row = dict[str, Any]

_V8_PATHWAYS = {"01": "recurrence", "02": "progression", "03": "transformation"}


@dataclass
class Found:
    """What is in a record element: single values by column, repeating groups in order."""

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
        tally: counts the values that were not written as in the standard, and keeps the refused.
    """
    family = family_of(version)
    found = Found()
    _visit(element, tree, found.values, found, tally)
    values = found.values
    pathway = _pathway_v8(values) if family == "v8" else _pathway_v9(found)
    event_date = read_date(
        values.get("primary_date" if pathway == "primary" else "non_primary_date")
    )
    meetings = [group.get("mdt_date") for table, group in found.groups if table == "mdt_meeting"]
    mdt_date = _mdt_date(meetings, values.get("care_plan_mdt_date"))
    yield (
        "cosd_record",
        {
            "version": version,
            "record_id": pseudonymiser.record(_record_id(element, tree) or values.get("record_id")),
            **_person(values, pseudonymiser),
            "pathway": pathway,
            "event_date": event_date.value,
            "event_date_fault": event_date.fault,
            "icd10": _icd10(values, pathway, family),
            "mdt_meetings": len(meetings),
            "mdt_date": mdt_date.value,
            "mdt_date_fault": mdt_date.fault,
        }
        | _stored("cosd_record", values),
    )
    if pseudonymiser.keeps_link_keys:
        yield (
            "link_key",
            {name: pseudonymiser.link_key(name, values.get(name)) for name in _LINK_KEYS},
        )
    yield from _repeating(found, family)


#: What is read of a record of another tumour group.
OTHER_PRIMARY = frozenset(
    {
        *("nhs_number", "local_patient_identifier", "provider", "birth_date"),
        *("primary_date", "non_primary_date", "non_primary_type"),
        *("primary_icd10", "progression_icd10"),
    }
)
_CANCER = re.compile("C[0-9]{2}")


def other_primary(
    element: etree._Element, tree: Node, family: Family, pseudonymiser: Pseudonymiser
) -> Row | None:
    """Person, date and code of a primary cancer of another tumour group (ruling H32).

    Args:
        element: the record.
        tree: layout of the version with the columns of ``OTHER_PRIMARY``.
        family: of versions.
        pseudonymiser: replaces the identifiers.

    Returns:
        The row without provenance; None where the record tells of no such cancer, of nobody, or has
        a date that cannot be.
    """
    found = Found()
    # How other groups write their values is nobody's concern here.
    _visit(element, tree, found.values, found, Tally())
    values = found.values
    if (_pathway_v8(values) if family == "v8" else _pathway_v9(found)) != "primary":
        return None
    icd3 = (_icd10(values, "primary", family) or "")[:3]
    day = read_date(values.get("primary_date")).value
    born = read_date(values.get("birth_date")).value
    if not _CANCER.fullmatch(icd3) or day is None or (born is not None and born > day):
        return None
    person = _person(values, pseudonymiser)
    del person["nhs_number_status"]
    if not any(person.values()):
        return None
    return {
        **person,
        "diagnosis_date": day,
        "icd3": icd3,
    }


def _person(values: Mapping[str, Any], pseudonymiser: Pseudonymiser) -> Row:
    """Pseudonyms of the person of a record, and what its NHS number is."""
    nhs_person_id, nhs_number_status = pseudonymiser.nhs_person(values.get("nhs_number"))
    return {
        "nhs_person_id": nhs_person_id,
        "nhs_number_status": nhs_number_status,
        "local_person_id": pseudonymiser.local_person(
            values.get("provider"), values.get("local_patient_identifier")
        ),
    }


_LINK_KEYS = ("surname", "forename", "postcode")


def _stored(table: str, values: Mapping[str, str]) -> Row:
    """Columns that hold an item as it is read, and what is wrong with a date."""
    row: Row = {}
    for item in stored_items(table):
        value = values.get(item.column)
        if item.kind == "date":
            date = read_date(value)
            row[item.column], row[f"{item.column}_fault"] = date.value, date.fault
        else:
            row[item.column] = value
    return row


def _visit(
    element: etree._Element, node: Node, row: dict[str, str], found: Found, tally: Tally
) -> None:
    """Collect what is below an element; where an item is given twice, the first counts."""
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
            column, value_in, reading = below.item
            if column not in inner:
                value = tally.read(reading, _value(child, value_in))
                if value is not None:
                    inner[column] = value
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
                    _, value_in, reading = below.item
                    # Counted when the record is visited.
                    value = reading.of(_value(child, value_in)).value
                    if value is not None:
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
    type_ = values.get("non_primary_type")
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
            yield table, {"number": treatments} | _stored(table, group)
        elif table == "cosd_progression":
            progressions += 1
            yield table, {"number": progressions} | _stored(table, group)
        elif table in METASTASIS_PARTS and group:
            part = METASTASIS_PARTS[table]
            yield (
                "cosd_metastasis",
                {
                    "part": part,
                    "progression_number": progressions if part == "progression" else None,
                    "paired": family != "v8",
                    "metastatic_type": group.get("metastatic_type"),
                    "metastatic_site": group.get("metastatic_site"),
                },
            )
