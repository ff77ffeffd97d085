"""Which processes are dead, what they left, and that none outlives its parent."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from naome_assets import processes
from naome_assets.processes import (
    Process,
    here,
    remove_temporary_folders_of_the_dead,
    temporary_folder,
)


@pytest.fixture
def ended() -> Process:
    """A process that lived and was killed; nobody else has its number yet."""
    child = subprocess.Popen(
        [sys.executable, "-c", "from naome_assets.processes import Process; print(Process.this())"],
        stdout=subprocess.PIPE,
        text=True,
    )
    said, _ = child.communicate()
    process = Process.parse(said.strip())
    assert process is not None
    assert process.number == child.pid
    return process


def test_only_what_surely_is_dead_is_dead(ended: Process) -> None:
    this = Process.this()
    assert Process.parse(str(this)) == this
    assert not this.is_dead()
    assert ended.is_dead()
    # Its number has been given to another process since.
    assert replace(this, began=ended.began).is_dead()
    assert replace(this, began="another start of the machine").is_dead()
    # Of another machine or container nothing is known here.
    assert not replace(ended, place="elsewhere").is_dead()
    assert not Process("elsewhere", os.getpid(), "x").is_dead()
    for text in ("", "place", "a~b~c", "place~1", "../..~1~2", "place~1~2/3"):
        assert Process.parse(text) is None


def test_a_killed_process_whose_parent_has_not_asked_is_dead() -> None:
    child = subprocess.Popen(["sleep", "60"])
    began = processes._began(child.pid)
    assert began
    process = Process(here(), child.pid, began)
    assert not process.is_dead()
    child.kill()
    give_up = time.monotonic() + 10
    while not process.is_dead():
        assert time.monotonic() < give_up
        time.sleep(0.01)
    child.wait()


def test_where_nobody_may_look_nothing_is_dead(
    ended: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    def may_not(number: int, _signal: int) -> None:
        raise PermissionError(number)

    monkeypatch.setattr(os, "kill", may_not)
    assert not ended.is_dead()


def test_without_proc_the_time_is_asked_of_ps(
    ended: Process, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "ps"
    program.write_text("#!/bin/sh\necho 'Sun Nov 29 10:00:00 2026'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(processes, "_PROC", tmp_path)
    this = Process.this()
    assert this.began == "Sun-Nov-29-10-00-00-2026"
    assert not this.is_dead()
    assert replace(this, began="Sun-Nov-29-09-00-00-2026").is_dead()
    assert ended.is_dead()


def test_the_operator_may_name_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    here.cache_clear()
    monkeypatch.setenv("NAOME_PLACE", "code/1")
    try:
        assert Process.this().place == "code_1"
        assert Process.parse(str(Process.this())) == Process.this()
    finally:
        here.cache_clear()


def test_what_the_dead_left_is_removed_and_nothing_else(
    ended: Process, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = tmp_path / f"naome-{ended}-abcdefgh"
    left.mkdir()
    (left / "part.parquet").write_text("rows of people")
    (tmp_path / "other").mkdir()
    stay = [
        tmp_path / f"naome-{replace(ended, place='elsewhere')}-abcdefgh",
        tmp_path / "naome-abcdefgh",
        tmp_path / "naome-pg-1",
    ]
    for folder in stay:
        folder.mkdir()
    link = tmp_path / f"naome-{ended}-ijklmnop"
    link.symlink_to(tmp_path / "other")
    with temporary_folder() as mine:
        assert stat.S_IMODE(mine.stat().st_mode) == 0o700
        assert remove_temporary_folders_of_the_dead() == [left]
        assert mine.is_dir()
    assert not mine.exists()
    assert all(path.exists() for path in (*stay, link, tmp_path / "other"))
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    left.mkdir()
    assert remove_temporary_folders_of_the_dead() == []


POOL = """
import os, sys, time
from naome_assets.processes import Pool
def main():
    with Pool(2, int) as pool:
        print(*{pool.submit(os.getpid).result() for _ in range(2)}, flush=True)
        waiting = pool.submit(time.sleep, 60)
        time.sleep(0.2)
        if sys.argv[1:] == ["error"]:
            raise SystemExit(3)
        time.sleep(60)
if __name__ == "__main__":
    main()
"""


@pytest.mark.parametrize("end", ["killed", "error", "Ctrl-C"])
def test_no_process_of_a_pool_outlives_its_parent(tmp_path: Path, end: str) -> None:
    program = tmp_path / "program.py"
    program.write_text(POOL)
    parent = subprocess.Popen(
        [sys.executable, str(program), end],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A shell that runs the tests in its background ignores Ctrl-C, and children inherit that.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    assert parent.stdout is not None
    children = [int(number) for number in parent.stdout.readline().split()]
    assert children
    begun = time.monotonic()
    if end == "killed":
        parent.kill()
    elif end == "Ctrl-C":
        os.killpg(parent.pid, signal.SIGINT)
    _, errors = parent.communicate(timeout=20)
    while any(processes._began(child) is not None for child in children):
        assert time.monotonic() < begun + 10
        time.sleep(0.02)
    # Only the parent says anything.
    assert errors.count("Traceback") == (end == "Ctrl-C")
