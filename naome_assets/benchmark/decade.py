"""Ten years of England and Wales, from landing files to published tables, in one process."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from naome_assets.benchmark.measure import Figure, peak_memory
from naome_assets.quarters import Quarter

#: The audit's first ten years.
FIRST, LAST = Quarter(2015, 1), Quarter(2024, 4)
#: How many of the slowest steps are named.
_SLOWEST = 8
_READING = "read_submissions"
_BLOCK = 1 << 20


@dataclass
class _Run:
    """Seconds of a run, and of each of its steps."""

    seconds: float = 0.0
    steps: dict[str, float] = field(default_factory=dict)


def generated_decade(landing: Path, scale: float) -> Path:
    """Write ten years of submissions; returns their landing folder."""
    from naome_assets.synthetic import generate

    generate(landing, FIRST, LAST, scale=scale, seed=1)
    return landing


def whole_decade(landing: Path, place: Path) -> Iterator[Figure]:
    """The backfill of every quarter, then the run of the last quarter on top of it.

    Args:
        landing: ten years of submissions.
        place: folder for the warehouse and the output.
    """
    files = [file for file in landing.rglob("*") if file.is_file()]
    size = sum(file.stat().st_size for file in files) / 1e6
    yield "ten years of landing files", f"{len(files):,} files, {size:,.0f} MB"
    disk = _read_all(files)
    run, peak = _measured(landing, place, FIRST)
    reading = run.steps[_READING]
    yield "ten years, landing files to report (under 15 min)", f"{run.seconds / 60:.1f} min"
    yield "peak memory of all processes (under 4,096 MB)", f"{peak:,.0f} MB"
    yield "reading", f"{reading:,.0f} s, {size / reading:,.0f} MB/s"
    yield "reading : only reading the bytes", f"{reading / disk:.1f} ({size / disk:,.0f} MB/s)"
    yield from _slowest(run)
    again, _ = _measured(landing, place, LAST)
    after = again.seconds - again.steps[_READING]
    yield "the last quarter again, after its reading", f"{after:,.0f} s"


def _slowest(run: _Run) -> Iterator[Figure]:
    others = [step for step in run.steps if step != _READING]
    for step in sorted(others, key=lambda step: -run.steps[step])[:_SLOWEST]:
        yield f"step {step}", f"{run.steps[step]:,.1f} s"


def _measured(landing: Path, place: Path, first: Quarter) -> tuple[_Run, float]:
    """A run up to the last quarter in a new process, and the most memory that it took.

    Raises:
        SystemExit: when it failed; then no figure of it is right.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_audit, args=(landing, place, first, there))
    process.start()
    there.close()
    peak = peak_memory(process)
    if process.exitcode or not here.poll():
        raise SystemExit("the benchmark's run of ten years failed")
    run: _Run = here.recv()
    return run, peak


def _audit(landing: Path, place: Path, first: Quarter, told: Connection) -> None:
    from naome_assets.orchestration.run import run_quarters

    run = _Run()
    begin = last = time.perf_counter()

    def follow(_done: int, _steps: int, step: str) -> None:
        nonlocal last
        now = time.perf_counter()
        run.steps[step] = now - last
        last = now

    outcome = run_quarters(
        first,
        LAST,
        landing=landing,
        warehouse=f"duckdb:///{place / 'decade.duckdb'}",
        output=place / "decade",
        progress=follow,
    )
    run.seconds = time.perf_counter() - begin
    if not outcome.success:
        raise SystemExit(f"{outcome.error} {outcome.failed_checks}")
    told.send(run)


def _read_all(files: list[Path]) -> float:
    """Seconds to read the bytes and do nothing with them."""
    begin = time.perf_counter()
    for file in files:
        with file.open("rb", buffering=0) as opened:
            while opened.read(_BLOCK):
                pass
    return time.perf_counter() - begin
