"""Processes that die: whose a run or a temporary folder is, and that no child outlives its parent.

Where a process runs, its number, and when it began distinguish it from all others, past and
present; numbers alone come again. What a process of another place owns is never judged from here.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

#: Temporary folders of naome begin so; the process that owns one is in its name.
_FOLDER = "naome-"
_BETWEEN = "~"
_Result = TypeVar("_Result")
_PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    """A process.

    Attributes:
        place: machine, and on Linux the container on it (``here``).
        number: its process number there.
        began: when, in units of the operating system; another after each start of the machine.
    """

    place: str
    number: int
    began: str

    @classmethod
    def this(cls) -> Process:
        """The process that asks."""
        number = os.getpid()
        return cls(here(), number, _began(number) or "")

    @classmethod
    def parse(cls, text: str) -> Process | None:
        """The process that ``str`` named; None where the text names none."""
        found = re.fullmatch(rf"([\w.-]+){_BETWEEN}(\d+){_BETWEEN}([\w.-]+)", text)
        return None if found is None else cls(found[1], int(found[2]), found[3])

    def __str__(self) -> str:
        """One word, good in a file's name."""
        return _BETWEEN.join((self.place, str(self.number), self.began))

    def is_dead(self) -> bool:
        """Whether it surely runs no more: never of a process of another place."""
        if self.place != here():
            return False
        began = _began(self.number)
        return began is None or (began != "" and began != self.began)


@cache
def here() -> str:
    """The place of this process, good in a file's name.

    ``NAOME_PLACE`` where it is set: the operator's word that processes of that name see one
    another or are gone, as in a service that runs once. Else the machine and the container.
    """
    named = os.environ.get("NAOME_PLACE")
    if named is None:
        parts = [socket.gethostname()]
        machine = Path("/etc/machine-id")
        if machine.is_file():
            # Two machines may both be called localhost. The number itself is not to be told.
            parts.append(hashlib.sha256(machine.read_bytes()).hexdigest()[:8])
        namespace = _PROC / "self" / "ns" / "pid"
        if namespace.exists():
            parts.append(str(namespace.stat().st_ino))
        named = "-".join(parts)
    return re.sub(r"[^\w.-]", "_", named, flags=re.ASCII)


def _began(number: int) -> str | None:
    """When a process of this place began; None when there is none, empty where nobody may know."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass  # of another user
    if not (_PROC / "self" / "stat").exists():
        shown = subprocess.run(  # noqa: S603
            ["ps", "-o", "lstart=", "-p", str(number)],  # noqa: S607
            env=os.environ | {"LC_ALL": "C", "TZ": "UTC0"},
            capture_output=True,
            text=True,
            check=False,
        )
        return "-".join(re.findall(r"\w+", shown.stdout))
    try:
        # The name of the program, in brackets, may hold blanks and brackets.
        fields = (_PROC / str(number) / "stat").read_text().rpartition(")")[2].split()
        started = (_PROC / "sys/kernel/random/boot_id").read_text()[:8]
    except (OSError, UnicodeDecodeError):
        return ""
    state, ticks = fields[0], fields[19]
    # A zombie is dead, only its parent has not asked yet.
    return None if state in "ZX" else f"{started}-{ticks}"


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A temporary folder that only this user reads; gone afterwards, or with the next run.

    Raises:
        OSError: when it cannot be made.
    """
    with tempfile.TemporaryDirectory(prefix=f"{_FOLDER}{Process.this()}-") as folder:
        yield Path(folder)


def remove_temporary_folders_of_the_dead() -> list[Path]:
    """Remove the temporary folders of processes that died; returns them.

    Those of living processes, other users and other places stay.
    """
    removed = []
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*"):
        owner = Process.parse(folder.name.removeprefix(_FOLDER).rpartition("-")[0])
        if owner is None or folder.is_symlink() or not owner.is_dead():
            continue
        try:
            if folder.stat().st_uid != os.geteuid():
                continue
        except OSError:
            continue  # another run was quicker
        shutil.rmtree(folder, ignore_errors=True)
        removed.append(folder)
    return removed


class Pool(ProcessPoolExecutor):
    """Processes that work for this one, and end when it does, however that is.

    A parent that is killed cannot tell its pool to end, and the pool would wait for work for ever;
    one that is stopped does not wait for what nobody wants any more.
    """

    def __init__(
        self, workers: int, begin: Callable[..., object], arguments: tuple[Any, ...] = ()
    ) -> None:
        """Each process begins with a call of ``begin``."""
        super().__init__(
            workers,
            # Spawned, not forked: the caller holds threads and an open warehouse.
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(begin, arguments),
        )

    def submit(
        self, call: Callable[..., _Result], /, *arguments: Any, **named: Any
    ) -> Future[_Result]:
        """Have a call done; the processes begin with the first.

        They do not hear Ctrl-C, which a terminal sends to all: this process ends them.
        """
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return super().submit(call, *arguments, **named)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        """Wait for what was handed in, unless an error ends it all."""
        if kind is not None:
            for process in multiprocessing.active_children():
                process.kill()
        return super().__exit__(kind, error, trace)


def _begin(begin: Callable[..., object], arguments: tuple[Any, ...]) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), name="the parent", daemon=True).start()
    begin(*arguments)


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
