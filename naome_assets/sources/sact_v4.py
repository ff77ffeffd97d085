"""SACT XML of version 4, as far as it is described in public: by the names of its items.

The NHS Data Dictionary describes the items of the data set (DCB1533 Amd 22/2025, conformance from
July 2026), and its other schemas name an element for its item; the schema of v4.0 itself, and so
its sections and their order, is not public. So an item is known by its name alone, whatever section
it is in, and a drug is the section that holds a drug's name. What a section says holds for the
drugs within it and behind it. A file without the names of the items that are needed is refused with
what is missing, and the ledger says of every file what was not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from naome_assets.sources.errors import RefusedFileError

Values = dict[str, str]

#: Column of the CSV (lower case): the item's names in the dictionary, in v2.0 and in the CSV.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "nhs_number": ("NHS NUMBER",),
    "local_patient_identifier": (
        "LOCAL PATIENT IDENTIFIER",
        "LOCAL PATIENT IDENTIFIER (EXTENDED)",
    ),
    "organisation_identifier_code_of_provider": (
        "ORGANISATION IDENTIFIER (CODE OF PROVIDER)",
        "ORG CODE OF PROVIDER",
    ),
    "primary_diagnosis": (
        "PRIMARY DIAGNOSIS (ICD AT START SYSTEMIC ANTI-CANCER THERAPY)",
        "PRIMARY DIAGNOSIS (ICD)",
        "START PRIMARY DIAGNOSIS",
        "PRIMARY DIAGNOSIS",
    ),
    "intent_of_treatment": ("DRUG TREATMENT INTENT", "INTENT OF TREATMENT"),
    "regimen": ("DRUG REGIMEN ACRONYM", "REGIMEN"),
    "performance_status_at_start_of_regimen_adult": (
        "PERFORMANCE STATUS AT START OF REGIMEN (ADULT)",
        "PERFORMANCE STATUS (ADULT)",
    ),
    "start_date_of_regimen": (
        "START DATE (ANTI-CANCER DRUG REGIMEN)",
        "START DATE (SYSTEMIC ANTI-CANCER THERAPY DRUG REGIMEN)",
        "START DATE AC DRUG REGIMEN",
        "START DATE OF REGIMEN",
    ),
    "cycle_number": (
        "ANTI-CANCER DRUG CYCLE IDENTIFIER",
        "AC DRUG CYCLE ID",
        "CYCLE NUMBER",
    ),
    "start_date_of_cycle": (
        "START DATE (SYSTEMIC ANTI-CANCER DRUG CYCLE)",
        "START DATE (SYSTEMIC ANTI-CANCER THERAPY DRUG CYCLE)",
        "CYCLE START DATE",
        "START DATE OF CYCLE",
    ),
    "drug_name": ("SYSTEMIC ANTI-CANCER THERAPY DRUG NAME", "SACT DRUG NAME", "DRUG NAME"),
    "administration_date": (
        "SYSTEMIC ANTI-CANCER THERAPY ADMINISTRATION DATE",
        "SACT ADMIN DATE",
        "ADMINISTRATION DATE",
    ),
}
#: Without one of each, nothing in the file can be counted (ruling B19).
_NEEDED = (
    ("nhs_number", "local_patient_identifier"),
    ("primary_diagnosis",),
    ("start_date_of_regimen",),
    ("drug_name", "regimen"),
)
_DRUG = frozenset({"drug_name", "administration_date"})
_PERSON = frozenset({"nhs_number", "local_patient_identifier"})


def _plain(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())


_COLUMN = {_plain(name): column for column, names in _NAMES.items() for name in names}


def column_of(element: etree._Element) -> str | None:
    """The column that an element fills; None for a section, or an item that nobody reads."""
    if not isinstance(element.tag, str) or len(element):
        return None
    return _COLUMN.get(_plain(etree.QName(element).localname))


def is_record(element: etree._Element) -> bool:
    """Whether it holds a person; the other children of the root are a header."""
    return any(column_of(item) in _PERSON for item in element.iter(etree.Element))


def administrations(record: etree._Element) -> list[Values]:
    """The drugs of a record, each with what is said of it; a record without one is one row."""
    return list(_drugs(record, {})) or [_items(record)]


def _drugs(section: etree._Element, outside: Values) -> Iterator[Values]:
    """Rows of the drugs in a section."""
    own: Values = {}
    for child in section:
        column = column_of(child)
        if column == "drug_name" and column in own:
            raise RefusedFileError(
                "sact_v4_layout",
                "a section holds two drug names: which dates are whose only the schema of v4.0 "
                "says, which is not public",
            )
        if column is not None and (value := _value(child)):
            own.setdefault(column, value)
    if _DRUG & own.keys():
        yield outside | own
        return
    said = outside | own
    parts = [(child, _has_drug(child)) for child in section if column_of(child) is None]
    for child, has_drug in parts:
        if not has_drug:
            said = _items(child) | said  # where nothing is said before, what is said behind
    for child, has_drug in parts:
        if has_drug:
            yield from _drugs(child, said)
        else:
            said = said | _items(child)


def _has_drug(section: etree._Element) -> bool:
    return any(column_of(item) in _DRUG for item in section.iter(etree.Element))


def _items(section: etree._Element) -> Values:
    """Every item in a section, the first of each name."""
    found: Values = {}
    for item in section.iter(etree.Element):
        column = column_of(item)
        if column is not None and (value := _value(item)):
            found.setdefault(column, value)
    return found


def _value(item: etree._Element) -> str:
    for sent in (item.get("extension"), item.get("code"), item.get("value"), item.text):
        if sent and sent.strip():
            return str(sent)
    return ""


def not_found(found: frozenset[str] | set[str]) -> str:
    """Names of the items that no record of a file holds, for its row of the ledger.

    Args:
        found: the columns that some record filled.

    Raises:
        RefusedFileError: when one that is needed is among them.
    """
    needed = [columns for columns in _NEEDED if not found.intersection(columns)]
    if needed:
        names = "; ".join(" or ".join(_NAMES[column][0] for column in part) for part in needed)
        raise RefusedFileError(
            "sact_v4_items",
            f"no element has the name of these items: {names}. The schema of SACT v4.0 is not "
            "public: naome knows its items by their names in the NHS Data Dictionary alone. Send "
            "the CSV, or whoever has the schema adds its names (docs/landing-folder.md)",
        )
    return ", ".join(_NAMES[column][0] for column in _NAMES if column not in found)
