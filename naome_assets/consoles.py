"""Consoles that know what to do when whoever reads them goes away, as ``| head -1`` does.

Rich ends the process with 1 then, whatever it was doing.
"""

from __future__ import annotations

import os

from rich.console import Console


class OutputConsole(Console):
    """Prints what a command is asked for: without a reader the command ends (``cli.main``)."""

    def on_broken_pipe(self) -> None:
        """Pass the error on."""
        self.quiet = True
        raise BrokenPipeError


class ProgressConsole(Console):
    """Prints beside the work: without a reader the work goes on, and says nothing more."""

    def on_broken_pipe(self) -> None:
        """Print into nothing from now on, as does whoever else has the stream."""
        self.quiet = True
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, self.file.fileno())
        os.close(nothing)
