"""Which files have to be read: those whose bytes, or whose reader, are not those of last time.

Bytes decide, by their SHA-256, never a time. What the file system says of a file (``ingest.seen``)
only saves looking at bytes that cannot have changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from naome_assets.contract.submissions import TABLES
from naome_assets.sources.catalogue import SOURCE
from naome_assets.sources.ingest import digest_of, place_of, seen
from naome_assets.sources.landing import LandingFile
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.versions.code import code_of, digest, libraries
from naome_assets.versions.memory import Memory
from naome_assets.warehouse.declared_tables import metadata
from naome_assets.warehouse.protocol import Warehouse

_FILE_VERSION = metadata.tables["file_version"]
#: Tables of an extract are held against one another: they are read together or not at all.
_REGISTRY = "registry_"
_REGISTRY_TABLES = tuple(
    table.name for table in TABLES if table.name.startswith(_REGISTRY) and table.is_quarterly
)
#: What every file passes, whatever its reader; the list of readers is none of its own.
_ALWAYS = "naome_assets.sources.ingest"
_READERS = ("naome_assets.sources.catalogue",)


@dataclass(frozen=True)
class Compared:
    """Files that landed, held against those that were read.

    Attributes:
        changed: to be read.
        again: how many of them were read before.
        kept: the rows of ``file_version`` of the others, by place.
        resettled: of the kept, those of which the file system says something else now.
    """

    changed: tuple[LandingFile, ...]
    again: int
    kept: Mapping[str, list[dict[str, Any]]]
    resettled: Mapping[str, str]


def compare(
    warehouse: Warehouse,
    files: Sequence[LandingFile],
    quarters: Sequence[str],
    pseudonymiser: Pseudonymiser,
    memory: Memory,
    workers: int,
) -> Compared:
    """Find the files that have to be read.

    Args:
        warehouse: with what was read.
        files: that lie in the folders of the quarters, and of no quarter.
        quarters: asked for.
        pseudonymiser: that will read them.
        memory: of the warehouse.
        workers: how many are looked at at once.
    """
    known: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in warehouse.arrow("select * from file_version").to_pylist():
        known[row["place"]].append(row)
    places = [place_of(file, pseudonymiser) for file in files]
    by_source = _ReadAs(pseudonymiser, memory)

    def now_of(file: LandingFile, place: str) -> str | None:
        """What its file system says of a file that was read as it is; None of any other."""
        rows = known.get(place, [])
        read_as = by_source.of(file)
        if not rows or memory.is_full:
            return None
        if any(row["read_as"] != read_as or row["quarter"] != file.quarter for row in rows):
            return None
        if file.refusal is not None and not any(row["sha256"] for row in rows):
            return ""
        now = seen(file)
        if now and all(row["seen"] == now for row in rows):
            return now
        sent = digest_of(file)
        return now if sent and all(row["sha256"] == sent for row in rows) else None

    with ThreadPoolExecutor(workers) as threads:
        states = dict(zip(places, threads.map(now_of, files, places), strict=True))
    kept = {place for place, now in states.items() if now is not None}
    of_registry = {
        place
        for file, place in zip(files, places, strict=True)
        if file.source.startswith(_REGISTRY)
    }
    standing = {row["file"] for place in kept & of_registry for row in known[place]}
    if not of_registry <= kept or _registry_files(warehouse, quarters) != standing:
        kept -= of_registry
    changed = [
        (file, place) for file, place in zip(files, places, strict=True) if place not in kept
    ]
    return Compared(
        changed=tuple(file for file, _ in changed),
        again=sum(place in known for _, place in changed),
        kept={place: known[place] for place in kept},
        resettled={
            place: now
            for place in kept
            if (now := states[place]) and any(row["seen"] != now for row in known[place])
        },
    )


def remember_files(
    warehouse: Warehouse,
    compared: Compared,
    versions: Sequence[dict[str, Any]],
    pseudonymiser: Pseudonymiser,
    memory: Memory,
) -> None:
    """Note how the files were read; inside the transaction that holds their rows.

    Args:
        warehouse: with the rows.
        compared: which files were read, and which stay.
        versions: of those that were read, as ``ingest`` has them.
        pseudonymiser: that read them.
        memory: of the warehouse, with the submissions as they are now.
    """
    by_source = _ReadAs(pseudonymiser, memory)
    read_as = {place_of(file, pseudonymiser): by_source.of(file) for file in compared.changed}
    settled = [
        {**row, "seen": now}
        for place, now in compared.resettled.items()
        for row in compared.kept[place]
    ]
    if settled:
        warehouse.delete_files(_FILE_VERSION, [row["file"] for row in settled])
    read = [{**row, "read_as": read_as[row["place"]]} for row in versions]
    warehouse.insert(_FILE_VERSION, settled + read)


class _ReadAs:
    """Besides its bytes, all that decides what is read of a file."""

    def __init__(self, pseudonymiser: Pseudonymiser, memory: Memory) -> None:
        self._registry = digest(*(memory.data_version(table) for table in _REGISTRY_TABLES))
        self._always = digest(
            code_of(_ALWAYS, without=_READERS),
            libraries(),
            pseudonymiser.fingerprint,
            "with link keys" if pseudonymiser.keeps_link_keys else "",
        )

    def of(self, file: LandingFile) -> str:
        """One text for it."""
        source = SOURCE.get(file.source)
        reader = "" if source is None else code_of(source.read.__module__, without=_READERS)
        return digest(
            self._always,
            reader,
            file.source,
            file.folder,
            file.provider or "",
            file.refusal.rule if file.refusal else "",
            self._registry if file.source.startswith(_REGISTRY) else "",
        )


def _registry_files(warehouse: Warehouse, quarters: Sequence[str]) -> set[str]:
    held = warehouse.query("select file, quarter, source from submission").to_numpy().tolist()
    return {
        str(file)
        for file, quarter, source in held
        if quarter in quarters and str(source).startswith(_REGISTRY)
    }
