"""A run on top of what stands: nothing changed, a new quarter, one late file.

Each is a process of its own, as a user starts it, imports included. With another checkout of naome
(``--against``) each is measured in both, one after the other, on the same landing folder, and told
as a ratio.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from naome_assets.benchmark.measure import FIRST, Figure, generated

_HERE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class _Cost:
    """Of a process with its children: seconds of processor, and on the clock."""

    processor: float
    clock: float


@dataclass(frozen=True)
class _Build:
    """A checkout of naome, with a warehouse and a Dagster home of its own."""

    code: Path
    place: Path

    def run(self, landing: Path, first: int, last: int) -> _Cost:
        """Run quarters, counted from the first that is generated.

        Raises:
            SystemExit: when it failed; then no figure is right.
        """
        environment = os.environ | {
            "PYTHONPATH": str(self.code),
            "DAGSTER_HOME": str(self.place / "dagster"),
            "NAOME_LANDING": str(landing),
            "NAOME_WAREHOUSE": f"duckdb:///{self.place / 'warehouse.duckdb'}",
            "NAOME_OUTPUT": str(self.place / "output"),
        }
        asked = ("--from", str(FIRST + first), "--to", str(FIRST + last))
        return _cost(
            [sys.executable, "-W", "ignore", "-m", "naome_assets", "run", *asked], environment
        )


def again(place: Path, quarters: int, scale: float, against: Path | None) -> Iterator[Figure]:
    """Measure each kind of run.

    Args:
        place: folder for everything.
        quarters: how many there are in all, the new one included; at least three.
        scale: 1.0 is real size.
        against: another checkout.
    """
    whole = generated(place / "whole", quarters, scale)
    landing, kept = place / "landing", place / "kept"
    builds = [_Build(_HERE, place / "this")]
    if against is not None:
        builds.append(_Build(against.resolve(), place / "other"))
    for build in builds:
        build.place.mkdir()
    shutil.copytree(whole, landing)
    new = [path for month in (FIRST + (quarters - 1)).months for path in _of_month(landing, month)]
    new += list(landing.rglob(str(FIRST + (quarters - 1))))
    late = next(path for path in sorted((landing / "england/sact").rglob("*")) if path.is_file())
    for path in [*new, late]:
        (kept / path.relative_to(landing)).parent.mkdir(parents=True, exist_ok=True)
        path.rename(kept / path.relative_to(landing))
    last = quarters - 1
    imported = _cost([sys.executable, "-W", "ignore", "-c", "import dagster"], dict(os.environ))
    yield "import dagster, nothing else", f"{imported.processor:.1f} s of processor"
    words = f"({quarters} quarters at scale {scale:g})"
    yield from _told(f"from nothing {words}", [own.run(landing, 0, last - 1) for own in builds])
    for path in new:
        _land(kept, landing, path)
    yield from _told("a new quarter on top", [own.run(landing, last, last) for own in builds])
    yield from _told("nothing changed", [own.run(landing, last, last) for own in builds])
    _land(kept, landing, late)
    yield from _told("one late SACT file of the first", [own.run(landing, 0, 0) for own in builds])


def _of_month(landing: Path, month: str) -> list[Path]:
    return [path for path in landing.rglob(month) if path.is_dir()]


def _land(kept: Path, landing: Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    (kept / path.relative_to(landing)).rename(path)


def _told(what: str, costs: list[_Cost]) -> Iterator[Figure]:
    this, *others = costs
    told = f"{this.processor:,.1f} s of processor, {this.clock:,.1f} s"
    for other in others:
        told += (
            f"; the other build {other.processor:,.1f} s, {other.clock:,.1f} s: "
            f"{this.processor / other.processor:.2f}"
        )
    yield what, told


def _cost(command: list[str], environment: dict[str, str]) -> _Cost:
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(  # noqa: S603
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"the benchmark's run failed: {done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return _Cost(used, time.monotonic() - begun)
