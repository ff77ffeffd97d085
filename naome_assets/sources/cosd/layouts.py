"""The layouts of COSD: where each item (``contract.cosd_items``) is in a record of a version.

A layout is a tree of element names, so that a record is read in one walk that never enters a
section without a wanted item. Its names are those that a parser gives, in no namespace or in the
root's own, so that no name is taken apart while reading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, cast

from naome_assets.contract.cosd_items import Item, items
from naome_assets.sources.conventions import Kind, Reading

Family = Literal["v8", "v9", "v10"]
_MESSAGE = re.compile(r"COSD-v(?P<version>\d{1,2}(?:-\d{1,2}){0,2})(?:-mbis)?", re.IGNORECASE)
_FAMILIES: dict[str, Family] = {"8": "v8", "9": "v9", "10": "v10"}
#: v8.1 as some systems write it names its sections with one of these in front, and wraps them in
#: elements of these names (ruling D15).
_V8_PREFIXES = ("BreastCore", "Breast", "Core")
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
        item: column, the attribute that holds the value (or ``text``), and how its values are
            read, for a leaf.
        group: table (``table:part``) of which each such element begins a row.
        pathway: pathway that such an element tells.
        wrappers: tags of elements around the sections that stand for the record itself (D15).
    """

    children: dict[str, Node] = field(default_factory=dict)
    item: tuple[str, str, Reading] | None = None
    group: str | None = None
    pathway: str | None = None
    wrappers: frozenset[str] = frozenset()


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


def parts_of(item: Item) -> tuple[str, ...]:
    """Parts of its table that hold an item, where other parts hold another one."""
    same = (item.item_code, item.column)
    parts = (other.part for other in items() if (other.item_code, other.column) == same)
    return tuple(dict.fromkeys(part for part in parts if part is not None))


@cache
def layout(family: Family, namespace: str, columns: frozenset[str] | None = None) -> Node:
    """The tree of a version family in the root's namespace, from the record element down.

    Args:
        family: of versions.
        namespace: of the root.
        columns: of ``cosd_record``, where no others are wanted.
    """
    root = Node()
    for item in items():
        path = getattr(item, family)
        if not path or not (
            columns is None or (item.table == "cosd_record" and item.column in columns)
        ):
            continue
        node = _node(root, path)
        reading = Reading(item.item_code, cast("Kind", item.kind), item.width, item.shape)
        node.item = (item.column, item.value_in, reading)
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
