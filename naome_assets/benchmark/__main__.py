"""``python -m naome_assets.benchmark``: speed and memory, as ratios measured in one run.

Ratios travel between machines, seconds do not. What is measured, on generated submissions:

ingest   COSD to rows in the warehouse against a bare one-core ``lxml.etree.iterparse`` pass over
         the same files; peak memory for a file, and for one four times as large
share    Dagster's own share of a quarter's run: the job against the same work called directly
quarters how the time grows with the number of quarters in one run
models   every SQL model against the same SQL by hand in DuckDB; the tables that Python computes
publication  disclosure control; report, workbook and CSV files against writing their bytes
people   how the time of a quarter grows with the people in it, x1 to x8
again    a run on top of what stands: nothing changed, a new quarter, one late file; with
         --against DIR the same in another checkout, one after the other, as a ratio
loading  the definitions in a new process, as the UI and every command load them
decade   ten years from landing files to report, with the memory that it takes; only when asked for
         (--only decade): 25 GB of files are generated first, unless --landing has them
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from naome_assets.benchmark import decade, ingest, loading, models, runs
from naome_assets.benchmark.again import again
from naome_assets.benchmark.measure import Figure, audit, generated
from naome_assets.benchmark.publication import publication

_PARTS = (
    *("ingest", "share", "quarters", "models", "publication", "people", "again", "loading"),
    "decade",
)
#: What is measured unless parts are named.
_USUAL = tuple(part for part in _PARTS if part != "decade")
#: Parts that need no quarters generated beforehand.
_OWN_FILES = {"people", "again", "loading", "decade"}


def main() -> None:
    """Run the measurements and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--scale", type=float, default=1.0, help="1.0 is real size (the default)")
    parser.add_argument("--quarters", type=int, default=4, help="most quarters in one run")
    parser.add_argument("--people", type=int, default=8, help="most times the people")
    parser.add_argument("--only", choices=_PARTS, action="append", help="one part, or several")
    parser.add_argument("--landing", type=Path, help="ten years of submissions, for decade")
    parser.add_argument("--against", type=Path, help="another checkout of naome, for again")
    options = parser.parse_args()
    parts = options.only or _USUAL
    table = Table("measurement", "figure", title=f"Benchmark at scale {options.scale:g}")
    with tempfile.TemporaryDirectory(prefix="naome-benchmark-") as folder:
        place = Path(folder)
        os.environ["DAGSTER_HOME"] = str(place / "dagster")
        os.environ["NAOME_PSEUDONYM_KEY"] = "benchmark"
        for name, figure in _measure(parts, place, options):
            table.add_row(name, figure)
            Console(stderr=True).print(f"{name}: {figure}")
    Console(width=100).print(table)


def _measure(parts: Sequence[str], place: Path, options: argparse.Namespace) -> Iterator[Figure]:
    if not _OWN_FILES.issuperset(parts):
        yield from _of_quarters(parts, place, options)
    if "people" in parts:
        yield from runs.growth_with_people(place, options.scale, options.people)
    if "again" in parts:
        yield from again(place / "again", options.quarters, options.scale, options.against)
    if "loading" in parts:
        yield from loading.cold_load()
    if "decade" in parts:
        landing = options.landing or decade.generated_decade(place / "decades", options.scale)
        yield from decade.whole_decade(landing, place)


def _of_quarters(
    parts: Sequence[str], place: Path, options: argparse.Namespace
) -> Iterator[Figure]:
    landing = generated(place / "landing", options.quarters, options.scale)
    if "ingest" in parts:
        yield from ingest.against_bare_pass(landing, place)
        yield from ingest.memory(landing, place)
    if "share" in parts:
        yield from runs.dagster_share(landing, place)
    if "quarters" in parts:
        yield from runs.growth_with_quarters(landing, place, options.quarters)
    audited = place / "audited.duckdb"
    if "models" in parts or "publication" in parts:
        audit(landing, options.quarters, audited)
    if "models" in parts:
        yield from models.against_sql_by_hand(audited, place)
        yield from models.computed_tables(audited)
    if "publication" in parts:
        yield from publication(audited, place)


if __name__ == "__main__":
    main()
