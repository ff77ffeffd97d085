"""The COSD contract: every item that naome reads, where it stands and what is expected of it.

``items.tsv`` is the one place: reading goes by its paths, checks by its code lists
(``dbt_like_sql/macros/cosd_items.sql``), and the page of the items is written from it; the last two
by ``python -m naome_assets.sources.cosd.documents``.

A layout is a tree of element names, so that a record is read in one walk that never enters a
section without a wanted item. Its names are those that a parser gives, in no namespace or in the
root's own, so that no name is taken apart while reading.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from naome_assets.sources.conventions import SQL_COUNTED, CodedColumn, Kind, coded_columns

Family = Literal["v8", "v9", "v10"]
_MESSAGE = re.compile(r"COSD-v(?P<version>\d{1,2}(?:-\d{1,2}){0,2})(?:-mbis)?", re.IGNORECASE)
_FAMILIES: dict[str, Family] = {"8": "v8", "9": "v9", "10": "v10"}
#: v8.1 as some systems write it names its sections with one of these in front, and wraps them in
#: elements of these names (ruling D15).
_V8_PREFIXES = ("BreastCore", "Breast", "Core")
#: Where each repeating metastasis belongs: the part of ``cosd_metastasis``.
METASTASIS_PARTS = {
    "cosd_metastasis:diagnosis": "diagnosis",
    "cosd_metastasis:progression": "progression",
    "cosd_metastasis:recurrence": "non_primary",
    "cosd_metastasis:non_primary_progression": "non_primary",
}
#: Elements of v9 and v10 whose being there tells the pathway.
_PATHWAYS = {
    "PrimaryPathway": "primary",
    "NonPrimaryPathway/Recurrence": "recurrence",
    "NonPrimaryPathway/Progression": "progression",
    "NonPrimaryPathway/Transformation": "transformation",
}


@dataclass
class Node:
    """An element on the way to an item.

    Attributes:
        children: elements inside it that matter, by tag.
        item: column and the attribute that holds the value (or ``text``), for a leaf.
        counted: item code that its values are counted under, and their kind.
        group: table (``table:part``) of which each such element begins a row.
        pathway: pathway that such an element tells.
        wrappers: tags of elements around the sections that stand for the record itself (D15).
    """

    children: dict[str, Node] = field(default_factory=dict)
    item: tuple[str, str] | None = None
    counted: tuple[str, Kind] = ("", "code")
    group: str | None = None
    pathway: str | None = None
    wrappers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Item:
    """One line of ``items.tsv``: an item of the standard and the column it fills.

    Attributes:
        table: submission table (``table:part`` where parts of a record share one).
        column: column that holds the value as sent.
        item_code: code of the item in COSD.
        item_name: its name there.
        kind: how its values are made comparable, see ``conventions.KINDS``.
        code_list: item in the seed ``cosd_code`` whose list its codes are held against, or empty.
        requirement: in the v9.0.1 standard.
        used_by: what naome does with it.
        wales: column of the Welsh registry with the same values, or empty.
        value_in: attribute that holds the value, or ``text``.
        v8, v9, v10: path within a record, empty where the version has no such item.
    """

    table: str
    column: str
    item_code: str
    item_name: str
    kind: Kind
    code_list: str
    requirement: str
    used_by: str
    wales: str
    value_in: str
    v8: str
    v9: str
    v10: str

    @property
    def part(self) -> str | None:
        """Part of its table in which the value is stored, where the table has parts."""
        return METASTASIS_PARTS.get(self.table)


def version_of(message: str) -> str | None:
    """``9.0.1`` of the message ``COSD-v9-0-1``; None when it is no known version."""
    match = _MESSAGE.fullmatch(message)
    if match is None:
        return None
    version = match["version"].replace("-", ".")
    return version if version.split(".")[0] in _FAMILIES else None


def family_of(version: str) -> Family:
    """The layout that a version follows."""
    return _FAMILIES[version.split(".")[0]]


def items() -> Iterator[Item]:
    """Every item that naome reads."""
    with Path(__file__).with_name("items.tsv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file, delimiter="\t"):
            yield Item(**line)  # type: ignore[arg-type]


def parts_of(item: Item) -> tuple[str, ...]:
    """Parts of its table that hold an item, where other parts hold another one."""
    same = (item.item_code, item.column)
    parts = (other.part for other in items() if (other.item_code, other.column) == same)
    return tuple(dict.fromkeys(part for part in parts if part is not None))


def every_coded_column() -> Iterator[CodedColumn]:
    """Columns of all sources whose values the models make comparable.

    But the ICD codes of COSD, of which a record keeps one (ruling B1).
    """
    columns: dict[tuple[str, str], CodedColumn] = {}
    for item in items():
        if item.kind not in SQL_COUNTED:
            continue
        coded = CodedColumn(
            item.table.split(":")[0], item.column, item.item_code, item.kind, parts_of(item)
        )
        columns.setdefault((item.item_code, item.column), coded)
    yield from columns.values()
    yield from coded_columns()


@cache
def layout(family: Family, namespace: str) -> Node:
    """The tree of a version family in the root's namespace, from the record element down."""
    root = Node()
    for item in items():
        path = getattr(item, family)
        if not path:
            continue
        node = _node(root, path)
        node.item = (item.column, item.value_in)
        node.counted = (item.item_code, item.kind)
        if item.table not in ("cosd_record", "link_key"):
            # v8 repeats metastatic types and sites apart (ruling D2): each is a row of its own.
            is_apart = family == "v8" and item.table.startswith("cosd_metastasis")
            group = node if is_apart else _node(root, path.rpartition("/")[0])
            group.group = item.table
    if family != "v8":
        for path, pathway in _PATHWAYS.items():
            _node(root, path).pathway = pathway
    _add_spellings(root, family, namespace)
    if family == "v8":
        for name in _V8_PREFIXES:
            root.children[name] = root.children[f"{{{namespace}}}{name}"] = root
        root.wrappers = frozenset(tag for tag, child in root.children.items() if child is root)
    return root


def _node(root: Node, path: str) -> Node:
    node = root
    for name in path.split("/"):
        node = node.children.setdefault(name, Node())
    return node


def _add_spellings(node: Node, family: Family, namespace: str) -> None:
    """The same children under every name that they can have."""
    prefixes = ("", *_V8_PREFIXES) if family == "v8" else ("",)
    for name, child in list(node.children.items()):
        _add_spellings(child, family, namespace)
        for prefix in prefixes:
            node.children[prefix + name] = child
            node.children[f"{{{namespace}}}{prefix}{name}"] = child
