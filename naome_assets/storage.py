"""Folders that cannot be written: which one, why, what is left, and what to do.

Python, DuckDB, SQLite and PostgreSQL each say in their own way that a disk is full; an operator
reads one sentence. Whatever else goes wrong passes through unchanged.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: What a run that stops half-way leaves: every table and every published file is replaced whole.
AFTER_A_RUN = (
    "Every table and every published file is whole, as this run made it or as it was before. "
    "Make room or give the right to write there, and start the same run again: it ends with the "
    "same tables as an undisturbed run."
)
#: What is left when somebody stops a command.
AFTER_A_STOP = (
    "Every table and every published file is whole. Give the same command again: it ends with the "
    "same tables as an undisturbed run."
)
#: What a command leaves that only writes files.
AFTER_A_COMMAND = (
    "What it wrote is not complete. Make room or give the right to write there, and give the same "
    "command again."
)
#: What reading processes hand over, by its name in a message.
TEMPORARY_FILES = "What was read (temporary files, in the folder that TMPDIR names)"
#: Words of the engines, and what the operating system calls it.
_WORDS = {
    "no space left on device": errno.ENOSPC,
    "database or disk is full": errno.ENOSPC,
    "max_temp_directory_size": errno.ENOSPC,
    "disk quota exceeded": errno.EDQUOT,
    "file too large": errno.EFBIG,
    "disk i/o error": errno.EIO,
    "read-only file system": errno.EROFS,
    "readonly database": errno.EROFS,
}
_NUMBERS = frozenset({*_WORDS.values(), errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOTDIR})


class StorageError(Exception):
    """A folder cannot be written: the message says which and why, what is left, and what to do."""


@contextmanager
def written_to(what: str, folder: Path | None = None, *, left: str = AFTER_A_RUN) -> Iterator[None]:
    """Say plainly when what is done inside cannot be written.

    Args:
        what: is written, such as ``the warehouse``.
        folder: where; None where that is another machine.
        left: what is left when it fails, and what to do.

    Raises:
        StorageError: when there is no room, or no right to write.
    """
    try:
        yield
    except StorageError:
        raise
    except Exception as error:
        number = _number_of(error, folder)
        if number is None:
            raise
        where = "on its server" if folder is None else f"to {folder}"
        raise StorageError(
            f"{what} cannot be written {where}: {os.strerror(number)}. {left}"
        ) from error


def _number_of(error: Exception, folder: Path | None) -> int | None:
    """The operating system's number of a fault of storage there; None of any other fault."""
    if isinstance(error, OSError) and error.filename is not None:
        named = Path(os.fsdecode(error.filename))
        if folder is not None and not named.is_relative_to(folder):
            return None
    if isinstance(error, OSError) and error.errno in _NUMBERS:
        return error.errno
    text = str(error).lower()
    return next((number for words, number in _WORDS.items() if words in text), None)
