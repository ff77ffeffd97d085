"""Stopped by Ctrl-C, SIGTERM or a reader who went away: with the exit code that shells expect."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

#: The exit code of a command whose reader went away, as shells give it: of ``| head`` for one.
READER_GONE = 128 + signal.SIGPIPE

_NAMES = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "the signal SIGTERM"}


class StoppedError(BaseException):
    """Somebody stopped this process; not an error of what it was doing.

    Attributes:
        number: of the signal.
    """

    def __init__(self, number: int) -> None:
        """Stopped by this signal."""
        self.number = number
        super().__init__(f"Stopped by {_NAMES[signal.Signals(number)]}.")

    @property
    def exit_code(self) -> int:
        """What shells give for a command that a signal ended: 130 and 143."""
        return 128 + self.number


class ReaderGoneError(BaseException):
    """Nobody reads what this process prints any more; not an error of what it was doing."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise ``StoppedError`` inside, wherever it is, at Ctrl-C and SIGTERM; main thread only."""

    def stop(number: int, _frame: FrameType | None) -> None:
        raise StoppedError(number)

    before = {number: signal.signal(number, stop) for number in _NAMES}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Received:
    """Which of the signals came, whoever handles them: Dagster does while a job runs.

    Used as a context; outside the main thread nothing is noted.
    """

    def __init__(self) -> None:
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)
        self._is_open = True
        self._number: int | None = None
        self._before: int | None = None

    def __enter__(self) -> Received:
        """Note from now on."""
        if threading.current_thread() is threading.main_thread():
            self._before = signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        return self

    def __exit__(self, *_error: object) -> None:
        """Note no more."""
        if self._before is not None:
            signal.set_wakeup_fd(self._before)
        self._look()
        self._is_open = False
        os.close(self._read)
        os.close(self._write)

    @property
    def number(self) -> int | None:
        """The first of them that came; None when none did."""
        if self._is_open:
            self._look()
        return self._number

    def _look(self) -> None:
        try:
            came = os.read(self._read, 64)
        except BlockingIOError:
            return
        self._number = next((one for one in (self._number, *came) if one in _NAMES), None)
