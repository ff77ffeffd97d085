"""Files of the landing folder become rows of the submission tables.

COSD, Welsh registry, SACT and deaths share one pool of reading processes. What the quarters asked
for held before is replaced in one transaction, so that a run that is killed and started again ends
with the same rows.
"""

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from naome_assets.contract.submissions import TABLES
from naome_assets.loading.changed_files import compare, remember_files
from naome_assets.loading.extract_joins import refuse_strangers
from naome_assets.processes import remove_temporary_folders_of_the_dead, temporary_folder
from naome_assets.quarters import Quarter
from naome_assets.settings import default_key_path
from naome_assets.sources.catalogue import TUMOURS_OF
from naome_assets.sources.ingest import read_files
from naome_assets.sources.landing import LandingFile, discover, is_generated, lists, strays
from naome_assets.sources.landing_folder import LandingError
from naome_assets.sources.pseudonyms import Pseudonymiser, load_key
from naome_assets.storage import TEMPORARY_FILES, written_to
from naome_assets.versions.memory import SUBMISSION_TABLES, Memory
from naome_assets.warehouse.declared_tables import metadata
from naome_assets.warehouse.protocol import Warehouse, WarehouseError

_SUBMISSION = metadata.tables["submission"]


@dataclass(frozen=True)
class Loaded:
    """What became of the files of the quarters asked for, by the names that may be shown.

    Attributes:
        read: files and members that were read.
        refused: those of them that were refused, with the reason.
        kept: how many files were read before and are the same.
        gone: files that were read before and are no more.
        replaced: table and quarter (empty for a table without) of what holds other rows now.
        again: how many of the read were read before; their bytes or their reader changed.
    """

    read: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    kept: int = 0
    gone: tuple[str, ...] = ()
    replaced: frozenset[tuple[str, str]] = frozenset()
    again: int = 0


def load_quarters(
    warehouse: Warehouse,
    landing: Path,
    quarters: Sequence[Quarter],
    *,
    pseudonymiser: Pseudonymiser,
    workers: int,
    memory: Memory | None = None,
) -> Loaded:
    """Replace what the quarters hold by what lies in their folders, all or nothing.

    A file whose bytes are those of its last reading is not read again, and its rows stay. Rows are
    inserted while other files are still being read, each part as it comes; the reading processes
    hand over Parquet files, so that no file, however large, is in memory.

    Args:
        warehouse: where the rows go.
        landing: folder of the submissions.
        quarters: asked for.
        pseudonymiser: with the key of the warehouse.
        workers: reading processes.
        memory: what the warehouse holds; read from it unless given.

    Raises:
        LandingError: when quarters that are loaded have no file at all: an empty folder is more
            often a disk that is not mounted than a quarter that is to be forgotten.
    """
    memory = memory or Memory.of(warehouse)
    files = _landed(landing, quarters)
    names = [str(quarter) for quarter in quarters]
    if not files and _sent(warehouse, names):
        raise LandingError(
            f"nothing lies in {landing} for {', '.join(names)}, which are loaded: mount its disk, "
            "or name the folder that holds the files. To take a quarter back that was entered by "
            "mistake, run `naome withdraw`"
        )
    submissions_read: list[dict[str, Any]] = []
    versions_read: list[dict[str, Any]] = []
    with ExitStack() as held:
        with written_to(TEMPORARY_FILES, Path(tempfile.gettempdir())):
            remove_temporary_folders_of_the_dead()
            spill = held.enter_context(temporary_folder())
        held.enter_context(warehouse.transaction())
        before = _sent(warehouse, names) | _lost(warehouse, names)
        touched = set()
        if not pseudonymiser.keeps_link_keys and warehouse.rows("link_key"):
            # While linkage is off nothing made from names and postcodes is kept, of any quarter;
            # once it is on again every file has to be read again.
            touched |= _quarters_in(warehouse, "link_key")
            touched |= _quarters_in(warehouse, "file_version")
            _empty(warehouse, "link_key")
            _empty(warehouse, "file_version")
        found = compare(warehouse, files, names, pseudonymiser, memory, workers)
        gone = _forget(warehouse, names, found.kept)
        touched |= {file.quarter for file in found.changed} | {quarter for _, quarter in gone}
        for name in _OF_RUNS:
            warehouse.delete_quarters(metadata.tables[name], names)
        reading = read_files(found.changed, pseudonymiser, spill, workers)
        for part in held.enter_context(closing(reading)):
            for name, path in part.tables:
                warehouse.load_parquet(metadata.tables[name], path)
                path.unlink()
            submissions_read += part.submissions
            versions_read += part.versions
        refuse_strangers(warehouse, submissions_read)
        warehouse.insert(_SUBMISSION, submissions_read)
        lost = sorted(before - _sent(warehouse, names))
        warehouse.insert(
            metadata.tables["lost_quarter"], [{"quarter": own, "nation": of} for own, of in lost]
        )
        if is_generated(landing):
            warehouse.insert(
                metadata.tables["generated_quarter"], [{"quarter": own} for own in names]
            )
        _remember_run(warehouse, quarters)
        other = memory.note_submissions(sorted(touched | set(names)), _OF_RUNS)
        other |= memory.note_submissions([], ["audit_run"])
        if touched:
            other |= memory.note_submissions(sorted(touched), _OF_FILES)
        remember_files(warehouse, found, versions_read, pseudonymiser, memory)
    if touched:
        warehouse.analyze()
    read = {row["file"] for row in submissions_read}
    return Loaded(
        read=tuple(sorted(read)),
        refused=tuple(
            (row["file"], str(row["reason"]))
            for row in submissions_read
            if row["status"] == "rejected"
        ),
        kept=len(found.kept),
        gone=tuple(sorted(file for file, _ in gone if file not in read)),
        replaced=other,
        again=found.again,
    )


def why_load(
    warehouse: Warehouse,
    landing: Path,
    quarters: Sequence[Quarter],
    *,
    pseudonymiser: Pseudonymiser,
    workers: int,
    memory: Memory,
) -> str:
    """Why ``load_quarters`` would change anything, in words; empty when it would not."""
    names = [str(quarter) for quarter in quarters]
    found = compare(warehouse, _landed(landing, quarters), names, pseudonymiser, memory, workers)
    if found.changed:
        return f"{len(found.changed)} files to be read"
    if _gone(warehouse, names, found.kept):
        return "files are gone"
    if not pseudonymiser.keeps_link_keys and warehouse.rows("link_key"):
        return "linkage was turned off"
    latest = warehouse.query("select * from audit_run order by number desc limit 1")
    if latest[["from_quarter", "to_quarter"]].to_numpy().tolist() != [[names[0], names[-1]]]:
        return "other quarters were asked for last"
    if not _quarters_in(warehouse, "withdrawal").isdisjoint(names):
        return "a quarter had been withdrawn"
    if (set(names) <= _quarters_in(warehouse, "generated_quarter")) != is_generated(landing):
        return "files are generated, or are not any more"
    return ""


def _landed(landing: Path, quarters: Sequence[Quarter]) -> list[LandingFile]:
    files = [file for quarter in quarters for file in discover(landing, quarter)]
    files += lists(landing, quarters)
    return files + strays(landing, quarters, {file.name for file in files})


#: Of the runs, not of files: written by every run for its quarters.
_OF_RUNS = ("lost_quarter", "generated_quarter", "withdrawal")
_OF_FILES = tuple(
    name for name in SUBMISSION_TABLES if name not in _OF_RUNS and name != "audit_run"
)


def _forget(
    warehouse: Warehouse, quarters: Sequence[str], kept: Mapping[str, Sequence[Mapping[str, str]]]
) -> list[tuple[str, str]]:
    """Delete the rows of these quarters, and of no quarter, that come from no file that stays.

    Args:
        warehouse: whose rows.
        quarters: asked for.
        kept: rows of ``file_version`` of the files that stay, by place.

    Returns:
        The files and their quarters, as they were in ``submission``.
    """
    gone = _gone(warehouse, quarters, kept)
    if not gone:
        return []
    of_files = [metadata.tables[table.name] for table in TABLES if table.is_of_files]
    stays_in = {row["quarter"] for rows in kept.values() for row in rows}
    whole = sorted({quarter for _, quarter in gone if quarter in quarters} - stays_in)
    apart = [file for file, quarter in gone if quarter not in whole]
    for table in of_files:
        if whole:
            warehouse.delete_quarters(table, whole)
        if apart:
            warehouse.delete_files(table, apart)
    return gone


def _gone(
    warehouse: Warehouse, quarters: Sequence[str], kept: Mapping[str, Sequence[Mapping[str, str]]]
) -> list[tuple[str, str]]:
    """File and quarter of what the quarters, and no quarter, hold of files that do not stay."""
    staying = {row["file"] for rows in kept.values() for row in rows}
    held = warehouse.query("select file, quarter, folder from submission").to_numpy().tolist()
    return [
        (str(file), str(quarter))
        for file, quarter, folder in held
        if (quarter in quarters or folder == "") and file not in staying
    ]


def _quarters_in(warehouse: Warehouse, table: str) -> set[str]:
    held = warehouse.query(f"select distinct quarter from {table}")  # noqa: S608
    return set(held["quarter"].tolist())


def _sent(warehouse: Warehouse, quarters: Sequence[str]) -> set[tuple[str, str]]:
    """Quarter and nation of which a tumour file is loaded."""
    loaded = warehouse.query(
        "select distinct quarter, source from submission where status = 'loaded'"
    )
    return {
        (own, nation)
        for own, source in loaded.to_numpy().tolist()
        if own in quarters and (nation := TUMOURS_OF.get(source))
    }


def _lost(warehouse: Warehouse, quarters: Sequence[str]) -> set[tuple[str, str]]:
    held = warehouse.query("select quarter, nation from lost_quarter")
    return {(own, nation) for own, nation in held.to_numpy().tolist() if own in quarters}


def _empty(warehouse: Warehouse, table: str) -> None:
    """Delete the rows of every quarter."""
    warehouse.delete_quarters(metadata.tables[table], sorted(_quarters_in(warehouse, table)))


def shared_pseudonymiser(warehouse: Warehouse, *, keeps_link_keys: bool = False) -> Pseudonymiser:
    """The pseudonymiser of this warehouse: one key for its whole life.

    Raises:
        WarehouseError: when the warehouse was filled with another key; its people would not meet.
    """
    pseudonymiser = Pseudonymiser(load_key(default_key_path()), keeps_link_keys=keeps_link_keys)
    held = warehouse.query("select fingerprint from key_fingerprint")
    if held.empty:
        warehouse.insert(
            metadata.tables["key_fingerprint"], [{"fingerprint": pseudonymiser.fingerprint}]
        )
    elif held["fingerprint"].iloc[0] != pseudonymiser.fingerprint:
        raise WarehouseError(
            "the warehouse was filled with another pseudonym key: set NAOME_PSEUDONYM_KEY to that "
            "key, or start a new warehouse"
        )
    return pseudonymiser


def _remember_run(warehouse: Warehouse, quarters: Sequence[Quarter]) -> None:
    """Note the range as the latest one; asked for again, it moves to the end."""
    first, last = str(min(quarters)), str(max(quarters))
    audit_run = metadata.tables["audit_run"]
    warehouse.delete_where(audit_run, from_quarter=first, to_quarter=last)
    latest = warehouse.query("select coalesce(max(number), 0) as n from audit_run")
    warehouse.insert(
        audit_run,
        [{"number": int(latest["n"].iloc[0]) + 1, "from_quarter": first, "to_quarter": last}],
    )
