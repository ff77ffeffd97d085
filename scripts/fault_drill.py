"""Break a running audit on purpose, and print what its operator sees.

Makes its own landing folder and warehouse under a temporary folder. Takes about two minutes:

    python scripts/fault_drill.py
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

RUN = ("run", "--from", "2024-Q1", "--to", "2024-Q1")
#: Room for the generated quarter, too little for its warehouse.
DISK_BYTES = 4_000_000


def main() -> None:
    """Every fault, each followed by the run that mends it."""
    with tempfile.TemporaryDirectory(prefix="naome-drill-") as folder:
        drill = Drill(Path(folder))
        drill.say(
            "synth", "--from", "2024-Q1", "--to", "2024-Q1", "--scale", "0.005", "--seed", "3"
        )
        drill.disk_full()
        drill.killed()
        drill.poisoned_file()


class Drill:
    """One landing folder and one warehouse."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.landing = folder / "landing"
        self.environment = os.environ | {
            "DAGSTER_HOME": str(folder / "dagster"),
            "NAOME_LANDING": str(self.landing),
            "NAOME_WAREHOUSE": f"duckdb:///{folder / 'warehouse.duckdb'}",
            "NAOME_OUTPUT": str(folder / "output"),
            "NAOME_PSEUDONYM_KEY": "a key of the drill",
        }

    def disk_full(self) -> None:
        """No file may grow beyond a few megabytes."""
        print("\n== The disk is full", flush=True)

        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (DISK_BYTES, DISK_BYTES))

        self.say(*RUN, before=limit)
        print("-- Room is made; the same run again", flush=True)
        self.say(*RUN)

    def killed(self) -> None:
        """The process and its readers are killed in the middle."""
        print("\n== The server is killed", flush=True)
        process = subprocess.Popen(  # noqa: S603
            self._command(*RUN),
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(8)
        os.killpg(process.pid, signal.SIGKILL)
        print(f"exit code {process.wait()}", flush=True)
        print("-- The tables of the run before", flush=True)
        self.say("status", lines=6)
        print("-- The server is back; the same run again", flush=True)
        self.say(*RUN)

    def poisoned_file(self) -> None:
        """A COSD file is cut short, and one holds an entity bomb."""
        print("\n== Two files are poisoned", flush=True)
        first, second = sorted((self.landing / "england" / "cosd").rglob("*.xml"))[:2]
        first.write_bytes(first.read_bytes()[: first.stat().st_size // 2])
        second.write_text('<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>')
        self.say(*RUN)

    def say(
        self, *arguments: str, before: Callable[[], None] | None = None, lines: int = 8
    ) -> None:
        """Run a command and print the end of what it says."""
        result = self._run(*arguments, before=before)
        said = [line for line in (result.stdout + result.stderr).splitlines() if line.strip()]
        print(f"$ naome {' '.join(arguments)}")
        print(*(line.replace(str(self.folder), "") for line in said[-lines:]), sep="\n")
        print(f"exit code {result.returncode}", flush=True)

    def _run(
        self, *arguments: str, before: Callable[[], None] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603
            self._command(*arguments),
            env=self.environment | {"COLUMNS": "160"},
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=before,
        )

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-W", "ignore", "-m", "naome_assets", *arguments]


if __name__ == "__main__":
    main()
