"""``python -m naome_assets.benchmark``: speed and memory, as ratios measured in one run.

Ratios travel between machines, seconds do not. What is measured, on generated submissions:

ingest   COSD to rows in the warehouse against a bare one-core ``lxml.etree.iterparse`` pass over
         the same files; peak memory for a file, and for one four times as large
share    Dagster's own share of a quarter's run: the job against the same work called directly
quarters how the time grows with the number of quarters in one run
models   every SQL model against the same SQL by hand in DuckDB; the tables that Python computes
people   how the time of a quarter grows with the people in it, x1 to x8
loading  the definitions in a new process, as the UI and every command load them
"""

from __future__ import annotations

import argparse
import itertools
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from naome_assets.benchmark import ingest, loading, models, runs
from naome_assets.benchmark.measure import Figure, audit, generated

_PARTS = ("ingest", "share", "quarters", "models", "people", "loading")


def main() -> None:
    """Run the measurements and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--scale", type=float, default=1.0, help="1.0 is real size (the default)")
    parser.add_argument("--quarters", type=int, default=4, help="most quarters in one run")
    parser.add_argument("--people", type=int, default=8, help="most times the people")
    parser.add_argument("--only", choices=_PARTS, action="append", help="one part, or several")
    options = parser.parse_args()
    parts = options.only or _PARTS
    table = Table("measurement", "figure", title=f"Benchmark at scale {options.scale:g}")
    with tempfile.TemporaryDirectory(prefix="naome-benchmark-") as folder:
        place = Path(folder)
        os.environ["DAGSTER_HOME"] = str(place / "dagster")
        os.environ["NAOME_PSEUDONYM_KEY"] = "benchmark"
        for name, figure in _measure(parts, place, options.scale, options.quarters, options.people):
            table.add_row(name, figure)
            Console(stderr=True).print(f"{name}: {figure}")
    Console(width=100).print(table)


def _measure(
    parts: tuple[str, ...] | list[str], place: Path, scale: float, quarters: int, people: int
) -> Iterator[Figure]:
    landing = place / "landing"
    if set(parts) - {"people", "loading"}:
        generated(landing, quarters, scale)
    if "ingest" in parts:
        yield from itertools.chain(
            ingest.against_bare_pass(landing, place), ingest.memory(landing, place)
        )
    if "share" in parts:
        yield from runs.dagster_share(landing, place)
    if "quarters" in parts:
        yield from runs.growth_with_quarters(landing, place, quarters)
    if "models" in parts:
        audited = place / "audited.duckdb"
        audit(landing, quarters, audited)
        yield from models.against_sql_by_hand(audited, place)
        yield from models.computed_tables(audited)
    if "people" in parts:
        yield from runs.growth_with_people(place, scale, people)
    if "loading" in parts:
        yield from loading.cold_load()


if __name__ == "__main__":
    main()
