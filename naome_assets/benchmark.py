"""``python -m naome_assets.benchmark``: speed and memory, as ratios measured in one run.

Ratios travel between machines, seconds do not. What is measured, on generated submissions:

1. COSD ingest, to rows in the warehouse, against a bare one-core ``lxml.etree.iterparse`` pass over
   the same files.
2. Peak memory of ingest (this process and its readers) for a file and for one four times as large.
3. Dagster's own share of a quarter's run: the job against the same work called directly.
4. How the time grows with the number of quarters.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import os
import resource
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree
from rich.console import Console
from rich.table import Table

from naome_assets.quarters import Quarter

_QUARTER = Quarter(2023, 1)


def main() -> None:
    """Run every measurement and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--scale", type=float, default=1.0, help="1.0 is real size (the default)")
    parser.add_argument("--quarters", type=int, default=4, help="most quarters of measurement 4")
    options = parser.parse_args()
    table = Table("measurement", "figure", title=f"Benchmark at scale {options.scale:g}")
    with tempfile.TemporaryDirectory(prefix="naome-benchmark-") as folder:
        place = Path(folder)
        os.environ["DAGSTER_HOME"] = str(place / "dagster")
        os.environ["NAOME_PSEUDONYM_KEY"] = "benchmark"
        landing = place / "landing"
        _generate(landing, _QUARTER, _QUARTER + (options.quarters - 1), options.scale)
        for name, figure in itertools.chain(
            _ingest_against_bare_pass(landing, place),
            _memory(landing, place),
            _dagster_share(landing, place),
            _growth(landing, place, options.quarters),
        ):
            table.add_row(name, figure)
            Console(stderr=True).print(f"{name}: {figure}")
    Console(width=100).print(table)


def _generate(landing: Path, first: Quarter, last: Quarter, scale: float) -> None:
    from naome_assets.synthetic import generate

    generate(landing, first, last, scale=scale, seed=1, defects=False)


def _ingest_against_bare_pass(landing: Path, place: Path) -> Iterator[tuple[str, str]]:
    files = sorted((landing / "england" / "cosd").glob("*/*/*.xml"))
    wanted = [file for file in files if file.parent.name in _QUARTER.months]
    size = sum(file.stat().st_size for file in wanted) / 1e6
    only_cosd = place / "only-cosd"
    for file in wanted:
        copy = only_cosd / file.relative_to(landing)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.hardlink_to(file)
    import naome_assets.assets.submissions  # noqa: F401 - imported once, no work on files

    bare = _seconds(lambda: _bare_pass(wanted))
    ingest = _seconds(lambda: _load(only_cosd, [_QUARTER], place / "ingest.duckdb"))
    cores = os.cpu_count() or 1
    yield "COSD files", f"{len(wanted)} files, {size:,.0f} MB"
    yield "bare iterparse pass, one core", f"{size / bare:,.0f} MB/s"
    yield f"ingest to rows in the warehouse, {cores} cores", f"{size / ingest:,.0f} MB/s"
    yield "ingest : bare pass (at least 2)", f"{bare / ingest:.1f}"


def _bare_pass(files: list[Path]) -> None:
    for file in files:
        for _, element in etree.iterparse(str(file)):
            element.clear()


def _memory(landing: Path, place: Path) -> Iterator[tuple[str, str]]:
    sample = max((landing / "england" / "cosd").glob("*/*/*.xml"), key=lambda f: f.stat().st_size)
    for copies in (20, 80):
        folder = place / f"large-{copies}"
        file = folder / "england" / "cosd" / "RTH" / _QUARTER.months[0] / "large.xml"
        file.parent.mkdir(parents=True)
        _repeat_records(sample, file, copies)
        peak = _peak_memory(folder, place / f"large-{copies}.duckdb")
        megabytes = file.stat().st_size / 1e6
        yield f"peak memory, one file of {megabytes:,.0f} MB (under 1,024)", f"{peak:,.0f} MB"
        shutil.rmtree(folder)


def _repeat_records(sample: Path, file: Path, copies: int) -> None:
    """The sample's records so many times over, under one header."""
    content = sample.read_bytes()
    first = content.index(b"<", content.index(b"</FileCreationDateTime>") + 2)
    last = content.rindex(b"</COSD")
    with file.open("wb") as out:
        out.write(content[:first])
        for _ in range(copies):
            out.write(content[first:last])
        out.write(content[last:])


def _peak_memory(landing: Path, warehouse: Path) -> float:
    """Megabytes of a fresh process that loads a landing folder, and of its reading processes."""
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_load, args=(landing, [_QUARTER], warehouse))
    process.start()
    peak = 0.0
    done = threading.Event()
    while not done.wait(0.05):
        peak = max(peak, _resident(process.pid or 0))
        if not process.is_alive():
            done.set()
    process.join()
    return peak


def _resident(pid: int) -> float:
    """Resident megabytes of a process and its children (Linux); its own peak elsewhere."""
    total = 0.0
    tasks = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        total += pages * resource.getpagesize() / 1e6
        for child in tasks.read_text().split():
            total += _resident(int(child))
    except (OSError, IndexError):
        pass
    return total


def _dagster_share(landing: Path, place: Path) -> Iterator[tuple[str, str]]:
    import great_expectations  # noqa: F401 - once a process, for both: neither pays here
    import matplotlib.figure  # noqa: F401

    from naome_assets.assets.sql_models import traced_lineage

    traced_lineage()
    empty = place / "empty"
    empty.mkdir()
    _run(empty, _QUARTER, _QUARTER, place / "empty.duckdb")  # Makes Dagster's own databases.
    direct = _seconds(lambda: _direct(landing, place / "direct.duckdb"))
    run = _seconds(lambda: _run(landing, _QUARTER, _QUARTER, place / "run.duckdb"))
    yield "a quarter without Dagster", f"{direct:,.1f} s"
    yield "the same as the Dagster job", f"{run:,.1f} s"
    yield "Dagster's own share (under 20 %)", f"{100 * (run - direct) / run:.0f} %"


def _growth(landing: Path, place: Path, most: int) -> Iterator[tuple[str, str]]:
    quarters = 1
    base = None
    while quarters <= most:
        warehouse = place / f"growth-{quarters}.duckdb"
        last = _QUARTER + (quarters - 1)
        seconds = _seconds(lambda last=last, path=warehouse: _run(landing, _QUARTER, last, path))  # type: ignore[misc]
        base = base or seconds
        yield (
            f"{quarters} quarter{'s' * (quarters > 1)}, a quarter",
            (f"{seconds / quarters:,.1f} s ({seconds / quarters / base:.2f} of one alone)"),
        )
        quarters *= 2


def _load(landing: Path, quarters: list[Quarter], path: Path) -> None:
    from naome_assets.assets.submissions import load_quarters
    from naome_assets.sources.pseudonyms import Pseudonymiser
    from naome_assets.warehouse.protocol import open_warehouse

    warehouse = open_warehouse(f"duckdb:///{path}")
    warehouse.create_submission_tables()
    load_quarters(
        warehouse,
        landing,
        quarters,
        pseudonymiser=Pseudonymiser(b"benchmark"),
        workers=os.cpu_count() or 1,
    )
    warehouse.close()


def _direct(landing: Path, path: Path) -> None:
    """All that the job does, without Dagster: load, build, draw, check."""
    from naome_assets.assets.presentation import picture_metadata, table_metadata
    from naome_assets.checks.great_expectations_adapter import evaluate
    from naome_assets.checks.suites import RULES
    from naome_assets.transform.project import load_project
    from naome_assets.warehouse.protocol import open_warehouse

    _load(landing, [_QUARTER], path)
    project = load_project()
    warehouse = open_warehouse(f"duckdb:///{path}")
    for seed in project.seeds.values():
        warehouse.build_seed(seed)
    for model in project.ordered_models():
        rows = warehouse.build_model(model, project.render(model, warehouse.target))
        table_metadata(warehouse, model.name, model.columns, rows)
        picture_metadata(warehouse, model.name)
    evaluate(RULES, warehouse.query)
    warehouse.close()


def _run(landing: Path, first: Quarter, last: Quarter, path: Path) -> None:
    from naome_assets.automation.run import run_quarters

    outcome = run_quarters(first, last, landing=landing, warehouse=f"duckdb:///{path}")
    if not outcome.success:
        raise SystemExit(f"the benchmark's run failed: {outcome.error} {outcome.failed_checks}")


def _seconds(work: Callable[[], None]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
