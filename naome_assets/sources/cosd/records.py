"""A COSD breast record element becomes rows, by the contract of its version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from naome_assets.sources.cosd.contract import Family, Node, layout
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.values import read_code, read_date

Row = dict[str, Any]

#: v8.1 as some systems write it names its sections with one of these in front (ruling D15).
_V8_PREFIXES = ("BreastCore", "Breast", "Core")
_V8_PATHWAYS = {"01": "recurrence", "02": "progression", "03": "transformation"}
_NON_PRIMARY = {
    "Recurrence": "recurrence",
    "Progression": "progression",
    "Transformation": "transformation",
}
#: Where each repeating metastasis belongs: the part of ``cosd_metastasis``.
_METASTASIS_PARTS = {
    "cosd_metastasis:diagnosis": "diagnosis",
    "cosd_metastasis:progression": "progression",
    "cosd_metastasis:recurrence": "non_primary",
    "cosd_metastasis:non_primary_progression": "non_primary",
}


@dataclass
class Found:
    """What stands in a record element: single values by column, repeating groups in order."""

    values: dict[str, str] = field(default_factory=dict)
    groups: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    sections: set[str] = field(default_factory=set)


def local_name(tag: str) -> str:
    """Element name without its namespace."""
    return tag.rpartition("}")[2]


def rows_of_record(
    element: etree._Element, version: str, family: Family, pseudonymiser: Pseudonymiser
) -> Iterator[tuple[str, Row]]:
    """Table and row (without provenance) of everything in a breast record."""
    found = _find(element, family)
    values = found.values
    pathway = _pathway_v8(found) if family == "v8" else _pathway_v9(found)
    event_date = read_date(values.get("primary_date" if pathway == "primary" else "non_primary_date"))
    birth_date = read_date(values.get("birth_date"))
    nhs_person_id, nhs_number_status = pseudonymiser.nhs_person(values.get("nhs_number"))
    meetings = [group for table, group in found.groups if table == "mdt_meeting"]
    mdt_date = read_date(
        min((g["mdt_date"] for g in meetings if g.get("mdt_date")), default=None)
        or values.get("care_plan_mdt_date")
    )
    yield (
        "cosd_record",
        {
            "version": version,
            "record_id": pseudonymiser.record(values.get("record_id")),
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
    yield from _repeating(found, family)


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


def _find(element: etree._Element, family: Family) -> Found:
    found = Found()
    tree = layout(family)
    if local_name(element.tag) == "COSDRecord":
        for section in _wrapped_sections(element):
            _walk_section(section, tree, found, family)
    else:
        for section in element:
            _walk_section(section, tree, found, family)
    return found


def _wrapped_sections(element: etree._Element) -> Iterator[etree._Element]:
    """Sections of ``COSDRecord/Breast/BreastCore/...``; some may stand beside BreastCore."""
    for breast in element:
        for section in breast:
            if local_name(section.tag) == "BreastCore":
                yield from section
            else:
                yield section


def _walk_section(section: etree._Element, tree: Node, found: Found, family: Family) -> None:
    name = local_name(section.tag)
    if family == "v8":
        name = _without_prefix(name, tree)
    node = tree.children.get(name)
    if node is None:
        return
    if name == "PrimaryPathway":
        found.sections.add(name)
    elif name == "NonPrimaryPathway":
        found.sections.update(local_name(child.tag) for child in section)
    _visit(section, node, found.values, found)


def _without_prefix(name: str, tree: Node) -> str:
    for prefix in _V8_PREFIXES:
        if name.startswith(prefix) and name.removeprefix(prefix) in tree.children:
            return name.removeprefix(prefix)
    return name


def _visit(element: etree._Element, node: Node, row: dict[str, str], found: Found) -> None:
    if node.group is not None:
        row = {}
        found.groups.append((node.group, row))
    if node.item is not None:
        column, value_in = node.item
        value = _value(element, value_in)
        if value:
            row.setdefault(column, value)
    if node.children:
        for child in element:
            below = node.children.get(local_name(child.tag))
            if below is not None:
                _visit(child, below, row, found)


def _value(element: etree._Element, value_in: str) -> str:
    """The value, from the attribute named by the standard, else from the text."""
    if value_in != "text":
        attribute = element.get(value_in)
        if attribute is not None and attribute.strip():
            return attribute.strip()
    return (element.text or "").strip()


def _pathway_v9(found: Found) -> str | None:
    if "PrimaryPathway" in found.sections:
        return "primary"
    return next((word for name, word in _NON_PRIMARY.items() if name in found.sections), None)


def _pathway_v8(found: Found) -> str | None:
    """By type, else by which date is there (ruling D12)."""
    type_ = (found.values.get("non_primary_type") or "").strip()
    if type_:
        return _V8_PATHWAYS.get(type_.zfill(2), "recurrence")
    if "primary_date" in found.values:
        return "primary"
    return "recurrence" if "non_primary_date" in found.values else None


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
        elif table in _METASTASIS_PARTS and group:
            part = _METASTASIS_PARTS[table]
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
