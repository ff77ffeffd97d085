"""A folder that cannot be written is told in one sentence, whoever noticed."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import pytest

from naome_assets.storage import AFTER_A_COMMAND, AFTER_A_RUN, StorageError, written_to

FOLDER = Path("/data/warehouse")


@pytest.mark.parametrize(
    ("error", "number"),
    [
        (OSError(errno.ENOSPC, "x"), errno.ENOSPC),
        (OSError(errno.EROFS, "x", "/data/warehouse/a.duckdb"), errno.EROFS),
        (PermissionError(errno.EACCES, "x", b"/data/warehouse/a.duckdb"), errno.EACCES),
        (RuntimeError("IO Error: No space left on device (code 28)"), errno.ENOSPC),
        (RuntimeError("could not extend file: Disk quota exceeded"), errno.EDQUOT),
        (sqlite3.OperationalError("database or disk is full"), errno.ENOSPC),
        (sqlite3.OperationalError("attempt to write a readonly database"), errno.EROFS),
    ],
)
def test_a_fault_of_storage_names_what_and_where_and_why(error: Exception, number: int) -> None:
    with pytest.raises(StorageError) as raised, written_to("The warehouse", FOLDER):
        raise error
    assert str(raised.value) == (
        f"The warehouse cannot be written to {FOLDER}: {os.strerror(number)}. {AFTER_A_RUN}"
    )
    assert raised.value.__cause__ is error


@pytest.mark.parametrize(
    "error",
    [
        ValueError("no space between the words"),
        OSError(errno.ECONNREFUSED, "x"),
        # A file elsewhere: what is written here is not the reason.
        PermissionError(errno.EACCES, "x", "/data/landing/a.xml"),
    ],
)
def test_another_fault_passes_unchanged(error: Exception) -> None:
    with pytest.raises(type(error)) as raised, written_to("The warehouse", FOLDER):
        raise error
    assert raised.value is error


def test_a_server_has_no_folder_and_a_command_says_what_it_left() -> None:
    with (
        pytest.raises(StorageError) as raised,
        written_to("The warehouse", left=AFTER_A_COMMAND),
    ):
        raise RuntimeError("ERROR: No space left on device")
    assert str(raised.value) == (
        f"The warehouse cannot be written on its server: {os.strerror(errno.ENOSPC)}. "
        f"{AFTER_A_COMMAND}"
    )


def test_the_innermost_place_is_named_once() -> None:
    with (
        pytest.raises(StorageError) as raised,
        written_to("The warehouse", FOLDER),
        written_to("The report", Path("/out")),
    ):
        raise OSError(errno.ENOSPC, "x")
    assert str(raised.value).startswith("The report cannot be written to /out:")
