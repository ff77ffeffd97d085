"""Kill a running audit again and again, and count what it leaves behind.

Makes its own landing folder and warehouse under a temporary folder, and prints a table (the one in
``docs/operation.md``); about a quarter of an hour on two cores:

    python scripts/kill_table.py --kills 25

The run that follows each kill is the one that is killed next; after the last a run goes on to its
end and is compared with one that nobody disturbed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

QUARTER = ("--from", "2024-Q1", "--to", "2024-Q1")
RUN = ("run", *QUARTER)
#: How a run is ended, whether its processes are all told or the first alone, and its exit code.
KINDS = {
    "`kill -9` of all its processes": (signal.SIGKILL, True, -signal.SIGKILL),
    "`kill -9` of the first process alone": (signal.SIGKILL, False, -signal.SIGKILL),
    "Ctrl-C": (signal.SIGINT, True, 130),
    "SIGTERM": (signal.SIGTERM, False, 143),
}
#: Seconds in which processes that lost their parent must have ended.
PATIENCE = 5


@dataclass
class Count:
    """What the kills of one kind came to."""

    kills: int = 0
    processes: int = 0
    folders: int = 0
    torn: int = 0
    other_exits: list[str] = field(default_factory=list)


class Place:
    """One landing folder, and a warehouse, an output folder and a Dagster home of its own."""

    def __init__(self, folder: Path, landing: Path) -> None:
        self.folder = folder
        self.temporary = folder / "tmp"
        self.temporary.mkdir(parents=True)
        self.environment = os.environ | {
            "DAGSTER_HOME": str(folder / "dagster"),
            "NAOME_LANDING": str(landing),
            "NAOME_WAREHOUSE": f"duckdb:///{folder / 'warehouse.duckdb'}",
            "NAOME_OUTPUT": str(folder / "output"),
            "NAOME_PSEUDONYM_KEY": "a key of the kills",
            "TMPDIR": str(self.temporary),
            "NAOME_WORKERS": "2",
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """A command, in a group of processes of its own."""
        return subprocess.Popen(  # noqa: S603
            [sys.executable, "-W", "ignore", "-m", "naome_assets", *arguments],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def whole(self, *arguments: str) -> float:
        """A command to its end; returns its seconds."""
        begun = time.monotonic()
        process = self.start(*arguments)
        _, said = process.communicate()
        if process.returncode:
            raise SystemExit(said)
        return time.monotonic() - begun

    def tables(self) -> dict[str, str]:
        """A digest of the rows of each table."""
        path = self.folder / "warehouse.duckdb"
        with duckdb.connect(str(path), read_only=True) as connection:
            names = [row[0] for row in connection.execute("show tables").fetchall()]
            return {
                name: hashlib.sha256(
                    repr(
                        sorted(connection.execute(f"select * from {name}").fetchall(), key=repr)  # noqa: S608
                    ).encode()
                ).hexdigest()
                for name in names
            }

    def published(self) -> dict[str, str]:
        """A digest of every file, by the path that readers use."""
        return {
            name: hashlib.sha256(path.read_bytes()).hexdigest()
            for name, path in _files(self.folder / "output")
        }

    def statuses(self) -> list[str]:
        """Of every run, as Dagster has it."""
        code = (
            "from naome_assets.orchestration.home import open_instance\n"
            "with open_instance() as i: print(*(r.status.value for r in i.get_runs()))"
        )
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-W", "ignore", "-c", code],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.split()


def _files(output: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(output.iterdir()) if output.exists() else ():
        if path.name.startswith("."):
            continue
        if path.is_file():
            yield path.name, path
        elif path.is_dir():
            there = path.resolve()
            for inner in sorted(file for file in there.rglob("*") if file.is_file()):
                yield f"{path.name}/{inner.relative_to(there)}", inner


def _living(group: int) -> int:
    """Processes of a group that still live, zombies left out."""
    living = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        living += int(fields[2]) == group and fields[0] not in "ZX"
    return living


def kill(place: Place, kind: str, after: float, undisturbed: dict[str, str], count: Count) -> None:
    """Start a run and end it after some seconds; count what stays."""
    number, everybody, expected = KINDS[kind]
    process = place.start(*RUN)
    try:
        process.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        count.kills += 1
        (os.killpg if everybody else os.kill)(process.pid, number)
        _, said = process.communicate()
        if process.returncode not in (expected, 0):
            count.other_exits.append(f"{process.returncode}: {said.strip()[-300:]}")
        lines = [line for line in said.splitlines() if line.startswith("Stopped by")]
        if process.returncode == expected and expected > 0 and len(lines) != 1:
            count.other_exits.append(f"{len(lines)} sentences: {said.strip()[-300:]}")
    give_up = time.monotonic() + PATIENCE
    while _living(process.pid) and time.monotonic() < give_up:
        time.sleep(0.1)
    count.processes += _living(process.pid)
    count.folders += sum(1 for _ in place.temporary.glob("naome-*"))
    if (now := place.published()) and now != undisturbed:
        count.torn += 1


def main() -> None:
    """Kill as often as asked in each way, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--scale", default="0.005")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=range(len(KINDS)), type=int, action="append")
    asked = parser.parse_args()
    chance = random.Random(asked.seed)  # noqa: S311
    print(
        "| Ended by | times | processes left | temporary folders after it | publications torn | "
        "runs under way, temporary folders after the next run | tables and files equal |\n"
        "| --- | --- | --- | --- | --- | --- | --- |",
        flush=True,
    )
    with tempfile.TemporaryDirectory(prefix="kills-") as name:
        folder = Path(name)
        whole = Place(folder / "whole", folder / "landing")
        whole.whole("synth", *QUARTER, "--scale", asked.scale, "--seed", "3")
        seconds = whole.whole(*RUN)
        published = whole.published()
        for index, kind in enumerate(KINDS):
            if asked.kind and index not in asked.kind:
                continue
            place, count = Place(folder / str(index), folder / "landing"), Count()
            for _ in range(asked.kills):
                kill(place, kind, chance.uniform(0.05, 1) * seconds, published, count)
            place.whole(*RUN)
            statuses = place.statuses()
            left = sum(status not in ("SUCCESS", "FAILURE", "CANCELED") for status in statuses)
            folders = sum(1 for _ in place.temporary.glob("naome-*"))
            is_equal = place.tables() == whole.tables() and place.published() == published
            print(
                f"| {kind} | {count.kills} | {count.processes} | {count.folders} | {count.torn} | "
                f"{left}, {folders} | {'yes' if is_equal else 'NO'} |",
                flush=True,
            )
            for told in count.other_exits:
                print(told, file=sys.stderr)
            ends = {status: statuses.count(status) for status in sorted(set(statuses))}
            print(kind, ends, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
