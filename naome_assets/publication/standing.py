"""Whether the files that readers have are those that would be written now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from naome_assets.publication.output import state_of
from naome_assets.publication.store import drawn_from, read_publication
from naome_assets.publication.team_files import version_of_team_files
from naome_assets.storage import written_to
from naome_assets.versions.code import digest
from naome_assets.versions.memory import Memory
from naome_assets.warehouse.protocol import Warehouse

#: Under which the memory of a warehouse has them.
NAME = "publication_files"


@dataclass(frozen=True)
class Due:
    """What of the files has to be written again, and why.

    Attributes:
        why: they are written again; empty when they stand.
        made_of: version of everything that they show.
        is_headline_alone: whether pages, workbook and CSV files would be those that stand.
    """

    why: str
    made_of: Mapping[str, str]
    is_headline_alone: bool


def renew_files(warehouse: Warehouse, memory: Memory, output: Path, headline: str) -> str:
    """Write the files that would be others than those that stand.

    They are noted in the warehouse once they stand: a process that dies between the two writes them
    again.

    Args:
        warehouse: with the published tables.
        memory: of the warehouse.
        output: folder in which the files stand.
        headline: the national figures as they are to be written.

    Returns:
        Why they were written, in words; empty where they stand.

    Raises:
        StorageError: when the folder cannot be written.
    """
    due = due_of(warehouse, memory, output, headline)
    if due.why:
        # Drawing takes long to import, and is seldom needed.
        from naome_assets.publication.files import write_headline, write_publication

        with written_to("The publication", output):
            if due.is_headline_alone:
                write_headline(output, headline)
            else:
                write_publication(read_publication(warehouse), output, headline)
        memory.remember(NAME, state_of(output), due.made_of)
    return due.why


def due_of(warehouse: Warehouse, memory: Memory, output: Path, headline: str) -> Due:
    """What has to be written again.

    Files are held against how they were left: one that somebody changed is written again.

    Args:
        warehouse: with the published tables.
        memory: of the warehouse.
        output: folder in which the files stand.
        headline: the national figures as they would be written.
    """
    pages = drawn_from(warehouse, memory) | {
        "files of the audit team": version_of_team_files(),
        "where they stand": digest(str(output)),
    }
    made_of = pages | {"national figures": digest(headline)}
    before = memory.version(NAME)
    is_as_written = before is not None and state_of(output) == before.data
    why = memory.why_outside(NAME, made_of)
    if not why and not is_as_written:
        why = "they are not as they were written"
    is_headline_alone = (
        before is not None
        and is_as_written
        and not memory.is_full
        and {name: before.made_of.get(name) for name in pages} == pages
    )
    return Due(why, made_of, is_headline_alone)
