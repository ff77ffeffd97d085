"""Reading many files at once: a pool of processes that hand over Parquet parts.

A broken file never stops the others: whatever goes wrong in it becomes a reason in its own
submission row. Identifiers are pseudonymised before anything leaves the reading process.
"""

from __future__ import annotations

import gc
import io
import itertools
import os
import stat
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from naome_assets.processes import Pool
from naome_assets.sources.bytes_in import Member, members, sha256
from naome_assets.sources.catalogue import SOURCE
from naome_assets.sources.errors import RefusedFileError, RowFaults
from naome_assets.sources.landing import LandingFile
from naome_assets.sources.names import shown_organisation, shown_path
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.rows import RowBuffer, SubmissionRow
from naome_assets.storage import StorageError

#: Few enough parts to load, enough tasks that the workers end together.
_TASKS_A_WORKER = 8
_LARGEST_TASK = 48 << 20
#: Less is read before another process could start.
_SMALLEST_TASK = 8 << 20
#: A file that changed so long ago has another time of change when it is written to again. File
#: systems count in steps of up to two seconds, and a server's clock may differ from this one's.
_SETTLED_SECONDS = 60.0
#: Rows wait by the thousand and hold no circles: looking oftener takes 4 % of the time.
_OBJECTS_BETWEEN_COLLECTIONS = 100_000


@dataclass(frozen=True)
class Part:
    """What one task read.

    Attributes:
        tables: table name and Parquet file, for the caller to load and delete.
        submissions: rows of ``submission``, as dictionaries.
        versions: rows of ``file_version`` without ``read_as``.
    """

    tables: tuple[tuple[str, Path], ...]
    submissions: tuple[dict[str, Any], ...]
    versions: tuple[dict[str, Any], ...] = ()


def read_files(
    files: Sequence[LandingFile], pseudonymiser: Pseudonymiser, spill: Path, workers: int
) -> Generator[Part, None, None]:
    """Read files into Parquet parts under ``spill``; parts come as they are ready, in any order.

    The caller loads and deletes each part before it asks for the next.
    """
    tasks = _tasks(files, workers)
    if workers == 1 or len(tasks) < 2:
        for task in tasks:
            yield read_task(task, pseudonymiser, spill)
        return
    unread = yield from _read_in_pool(tasks, pseudonymiser, spill, workers)
    # A process died (out of memory, a fault in a C library): find the file, one process a file.
    for file in itertools.chain.from_iterable(unread):
        if (yield from _read_in_pool([[file]], pseudonymiser, spill, 1)):
            submission = _submission(file, _whole(file), pseudonymiser)
            submission.refuse("reader_error: the reading process died")
            yield Part((), (asdict(submission),))


def _read_in_pool(
    tasks: list[list[LandingFile]],
    pseudonymiser: Pseudonymiser,
    spill: Path,
    workers: int,
) -> Generator[Part, None, list[list[LandingFile]]]:
    """Parts as they are ready; returns the tasks that a dying process left unread."""
    remaining = deque(tasks)
    running: dict[Future[Part], list[LandingFile]] = {}
    unread: list[list[LandingFile]] = []
    with Pool(min(workers, len(tasks)), gc.set_threshold, (_OBJECTS_BETWEEN_COLLECTIONS,)) as pool:
        while remaining or running:
            try:
                while remaining and len(running) < 2 * workers:
                    future = pool.submit(read_task, remaining[0], pseudonymiser, spill)
                    running[future] = remaining.popleft()
            except BrokenProcessPool:
                unread += remaining
                remaining.clear()
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                task = running.pop(future)
                try:
                    yield future.result()
                except BrokenProcessPool:
                    unread.append(task)
    if unread:
        # Parts of which no process lived to tell; those that were told the caller has deleted.
        for part in spill.iterdir():
            part.unlink()
    return unread


def read_task(files: Sequence[LandingFile], pseudonymiser: Pseudonymiser, spill: Path) -> Part:
    """Read a few files in this process."""
    rows = RowBuffer(spill)
    submissions: list[SubmissionRow] = []
    versions: list[dict[str, Any]] = []
    for file in files:
        # Before it is read: whatever is written to it from now on makes it another file.
        seen_before = seen(file)
        packed = digest_of(file) if file.path.name.lower().endswith(".zip") else None
        read = list(_read_file(file, rows, pseudonymiser))
        submissions += read
        place = place_of(file, pseudonymiser)
        versions += [
            {
                "quarter": row.quarter,
                "file": row.file,
                "place": place,
                "sha256": "" if _may_do_better(row) else packed or row.sha256,
                "seen": seen_before,
            }
            for row in read
        ]
    return Part(
        rows.finish(), tuple(asdict(submission) for submission in submissions), tuple(versions)
    )


def place_of(file: LandingFile, pseudonymiser: Pseudonymiser) -> str:
    """Where a file lies, as ``submission`` names it, without a member of an archive."""
    return shown_path(file.name, pseudonymiser)


def digest_of(file: LandingFile) -> str:
    """SHA-256 of the bytes of a file that landed; empty when nothing can be read."""
    return _digest(file, _whole(file))


def seen(file: LandingFile) -> str:
    """What the file system says of a file: while it says the same, the bytes are the same.

    Every write to a file sets its time of change (``ctime``), which no program can set as it
    likes; so do copying, a new owner and a restore, after which the bytes are looked at. Two writes
    within one tick of that clock could not be told apart: a file that changed just now is not
    relied on. Empty where it may not be relied on.
    """
    try:
        now = file.path.stat()
    except OSError:
        return ""
    if not stat.S_ISREG(now.st_mode) or time.time() - now.st_ctime < _SETTLED_SECONDS:
        return ""
    told = (now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns)
    return ":".join(map(str, told))


def _may_do_better(row: SubmissionRow) -> bool:
    """Whether reading a file again may do better, though its bytes are the same."""
    rule = (row.reason or "").partition(":")[0]
    return row.status == "rejected" and rule in ("file_changed", "unreadable", "reader_error")


def _tasks(files: Sequence[LandingFile], workers: int) -> list[list[LandingFile]]:
    """Files in tasks of about equal size, the largest first, so that no worker ends late."""
    total = sum(file.size for file in files)
    share = total // (workers * _TASKS_A_WORKER)
    most = max(_SMALLEST_TASK, min(_LARGEST_TASK, share))
    tasks: list[list[LandingFile]] = []
    size = 0
    for file in sorted(files, key=lambda file: -file.size):
        if not tasks or size + file.size > most:
            tasks.append([])
            size = 0
        tasks[-1].append(file)
        size += file.size
    return tasks


def _read_file(
    file: LandingFile, rows: RowBuffer, pseudonymiser: Pseudonymiser
) -> Iterator[SubmissionRow]:
    """One submission a file, or a member of an archive."""
    found = False
    try:
        if file.refusal is not None:
            raise file.refusal
        for member in members(file.path, SOURCE[file.source].endings):
            found = True
            yield _read_member(file, member, rows, pseudonymiser)
        if not found:
            raise RefusedFileError("archive_empty", "the archive holds no file to read")
    except StorageError:
        raise
    except Exception as error:  # an archive can be broken in ways that its library does not know
        submission = _submission(file, _whole(file), pseudonymiser)
        submission.refuse(_why(error))
        yield submission


def _read_member(
    file: LandingFile, member: Member, rows: RowBuffer, pseudonymiser: Pseudonymiser
) -> SubmissionRow:
    before = _state(file)
    if not member.name and member.size > _LARGEST_TASK:
        # A large file is digested while it is read, each in a thread of its own.
        with ThreadPoolExecutor(max_workers=1) as beside:
            digest = beside.submit(_digest, file, member)
            submission = _submission(file, member, pseudonymiser, "")
            _read_into(submission, file, member, rows, pseudonymiser, before)
            submission.sha256 = digest.result()
        return submission
    submission = _submission(file, member, pseudonymiser)
    _read_into(submission, file, member, rows, pseudonymiser, before)
    return submission


def _read_into(
    submission: SubmissionRow,
    file: LandingFile,
    member: Member,
    rows: RowBuffer,
    pseudonymiser: Pseudonymiser,
    before: tuple[int, int, int] | None,
) -> None:
    try:
        if member.refusal is not None:
            raise member.refusal
        faults = SOURCE[file.source].read(member, submission, rows, pseudonymiser)
        if faults is None:
            faults = RowFaults()
        for refused in rows.tally.refused:
            # Where it stood, never what stood there.
            item = f"{refused.item}, hash {pseudonymiser.mark(refused.text)}"
            faults.warn(refused.fault, refused.positions, item)
        for told in faults.tables(submission.file, submission.quarter):
            rows.add_table("submission_fault", told)
        for counted in rows.tally.rows():
            rows.add(
                "submission_convention",
                {"file": submission.file, "quarter": submission.quarter} | counted,
            )
        if before is None or before != _state(file):
            raise RefusedFileError("file_changed", "the file changed while it was read: run again")
        rows.commit()
    except StorageError:
        raise  # No fault of the file: without room no other can be read either.
    except Exception as error:  # whatever a file does, the others go on
        rows.drop()
        submission.refuse(_why(error))


def _why(error: Exception) -> str:
    """Reason of a refusal. Another exception's text could quote the file: only its kind is told."""
    if isinstance(error, RefusedFileError):
        return str(error)
    if isinstance(error, OSError):
        return (
            f"unreadable: the file cannot be opened or read ({type(error).__name__}): send it again"
        )
    return f"reader_error: the reader failed ({type(error).__name__})"


def _state(file: LandingFile) -> tuple[int, int, int] | None:
    """What changes when a file is written to or replaced; None when it is gone."""
    try:
        now = file.path.stat()
    except OSError:
        return None
    return now.st_ino, now.st_size, now.st_mtime_ns


def _whole(file: LandingFile) -> Member:
    """The file as it lies there."""
    return Member("", file.size, partial(io.FileIO, file.path))


def _digest(file: LandingFile, member: Member) -> str:
    """Digest of what can be read; empty when nothing can be."""
    outside = file.refusal is not None and file.refusal.rule == "link_outside"
    if outside or not os.path.isfile(file.path):  # noqa: PTH113 - never raises
        return ""  # Nothing outside is opened, and opening a pipe would wait for ever.
    try:
        return sha256(file.path, member)
    except (RefusedFileError, OSError):
        # The member is damaged: its archive still tells what was sent.
        return _digest(file, replace(member, name="")) if member.name else ""


def _submission(
    file: LandingFile, member: Member, pseudonymiser: Pseudonymiser, digest: str | None = None
) -> SubmissionRow:
    """What is known of a file before it is read. From here on its name is that which is shown."""
    inside = f"!{shown_path(member.name[1:], pseudonymiser)}" if member.name else ""
    return SubmissionRow(
        file=shown_path(file.name, pseudonymiser) + inside,
        sha256=_digest(file, member) if digest is None else digest,
        source=file.source,
        quarter=file.quarter,
        folder=file.folder,
        provider=file.provider and shown_organisation(file.provider, pseudonymiser),
        bytes=member.size,
    )
