"""What the COSD standard asks of a breast record, held against records as they are written.

``data/cosd-v9-0-1-breast-items.tsv`` has every item of v9.0.1 in schema order, with how often it
may be in its section, where its value stands, its format and its list; ``CHOICES`` has the
places where the schema asks for one of several. Facts from the schema definitions of the National
Disease Registration Service.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree

DATA = Path(__file__).parent / "data"
V9_ITEMS = DATA / "cosd-v9-0-1-breast-items.tsv"
V10_PATHS = DATA / "cosd-v10-breast-paths.txt"


@dataclass(frozen=True)
class Choice:
    """Elements of a section of which the schema wants one (``only_one``) or at least one."""

    section: str
    elements: tuple[str, ...]
    only_one: bool


CHOICES = (
    Choice("", ("PrimaryPathway", "NonPrimaryPathway"), True),
    Choice("LinkagePatientId", ("NhsNumber", "LocalPatientIdentifier"), False),
    Choice("NonPrimaryPathway", ("Recurrence", "Progression", "Transformation"), True),
    Choice(
        "NonPrimaryPathway/Transformation",
        ("MorphologyIcd-o-3Transformation", "MorphologySNOMEDTransformation"),
        False,
    ),
    Choice("Demographics/Address", ("UnstructuredAddress", "StructuredAddress"), True),
    Choice("Imaging", ("ImagingCodeNicip", "ImagingCodeSnomedCt", "ImagingDetails"), False),
    Choice(
        "DiagnosticProcedures", ("DiagnosticProcedureOpcs", "DiagnosticProcedureSnomedCt"), False
    ),
    # Not discussed, or the meeting's details: never both in one section.
    Choice(
        "MultidisciplinaryTeamMeetings",
        ("MultidisciplinaryTeamMeetingDiscussion", "MultidisciplinaryTeamMeetingDetail"),
        True,
    ),
)
#: Of what the standard describes in its text rather than by length.
_SHAPES = {
    "See DATE": r"\d{4}-\d\d-\d\d",
    "See ICD-10 CODE": r"[A-Z]\d\d(\.?[\dX])?",
    "See ICD-O CODE": r"\d{4}/\d|C\d\d\.\d",
    "See OPCS-4 CODE": r"[A-Z]\d\d\.?\d",
    "See SNOMED CT CODE": r"\d{6,18}",
    "See POSTCODE": r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}",
    "n10": r"\d{10}",
    "n2.n1": r"\d\d\.\d",
}


@dataclass(frozen=True)
class StandardItem:
    """One line of the item table; ``least`` and ``most`` count within its section."""

    path: str
    least: int
    most: float
    format: str
    value_in: str
    allowed: frozenset[str]

    def may_be(self, value: str) -> bool:
        """Whether the value is of the item's list, or of its format where it has none."""
        if self.allowed:  # Some lists have shorter codes than the format says (CR0150, an2).
            return value in self.allowed
        if self.format in _SHAPES:
            return re.fullmatch(_SHAPES[self.format], value) is not None
        if decimals := re.fullmatch(r"(?:max )?n(\d)\.(?:max )?n(\d)", self.format):
            whole, part = decimals.groups()
            return re.fullmatch(rf"\d{{1,{whole}}}(\.\d{{1,{part}}})?", value) is not None
        length = re.fullmatch(r"(?:min an(\d+))? ?(?:max)? ?an(\d+)", self.format)
        if length is None:
            return value != ""
        least, most = length.groups()
        fixed = "max" not in self.format
        return (int(most) if fixed else int(least or 1)) <= len(value) <= int(most)


@cache
def v9_items() -> dict[str, StandardItem]:
    """Every item of a v9.0.1 breast record by its path, in schema order."""
    lines = V9_ITEMS.read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader([line for line in lines if not line.startswith("#")], delimiter="\t")
    return {
        row["path"]: StandardItem(
            row["path"],
            int(row["least"]),
            float("inf") if row["most"] == "n" else int(row["most"]),
            row["format"],
            row["value_in"],
            frozenset(row["allowed"].split()),
        )
        for row in rows
    }


@cache
def v9_repeating() -> frozenset[str]:
    """Names of sections that may stand more than once."""
    lines = V9_ITEMS.read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader([line for line in lines if not line.startswith("#")], delimiter="\t")
    return frozenset(name for row in rows for name in row["repeating"].split())


def v10_paths() -> list[str]:
    """Every path of a v10 breast record."""
    lines = V10_PATHS.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def faults(record: etree._Element) -> Iterator[str]:
    """What a v9 breast record has against the item table: the path, and what is wrong there."""
    yield from _section_faults(record, "")


def choice_faults(record: etree._Element) -> Iterator[str]:
    """What a record has against ``CHOICES``."""
    yield from _choice_faults(record, "")


def _choice_faults(element: etree._Element, path: str) -> Iterator[str]:
    held = {_name(child) for child in element}
    for choice in CHOICES:
        given = held & set(choice.elements)
        if choice.section == path and (not given or (choice.only_one and len(given) > 1)):
            yield f"{path or 'record'}: {len(given)} of {', '.join(choice.elements)}"
    for child in element:
        yield from _choice_faults(child, f"{path}/{_name(child)}".removeprefix("/"))


def _section_faults(element: etree._Element, path: str) -> Iterator[str]:
    items, repeating = v9_items(), v9_repeating()
    counts = Counter(_name(child) for child in element)
    optional = {name for choice in CHOICES if choice.section == path for name in choice.elements}
    for item in items.values():
        section, _, name = item.path.rpartition("/")
        if section == path and name not in optional and counts[name] < item.least:
            yield f"{item.path}: missing"
    for name, count in counts.items():
        below = f"{path}/{name}".removeprefix("/")
        most = items[below].most if below in items else 1
        if count > most and name not in repeating:
            yield f"{below}: {count} times"
    for child in element:
        below = f"{path}/{_name(child)}".removeprefix("/")
        if below in items:
            item = items[below]
            value = child.text if item.value_in == "text" else child.get(item.value_in)
            if value is None or not item.may_be(value):
                yield f"{below}: {value!r} is no value of the item"
        elif any(known.startswith(below + "/") for known in items):
            yield from _section_faults(child, below)
        else:
            yield f"{below}: not in the standard"


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname
