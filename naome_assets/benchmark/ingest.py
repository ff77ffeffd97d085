"""Reading COSD: speed against a bare parser, and memory."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from naome_assets.benchmark.measure import FIRST, Figure, load, peak_memory, seconds


def against_bare_pass(landing: Path, place: Path) -> Iterator[Figure]:
    """COSD to rows in the warehouse, against one core that only parses the same files."""
    files = sorted((landing / "england" / "cosd").glob("*/*/*.xml"))
    wanted = [file for file in files if file.parent.name in FIRST.months]
    size = sum(file.stat().st_size for file in wanted) / 1e6
    only_cosd = place / "only-cosd"
    for file in wanted:
        copy = only_cosd / file.relative_to(landing)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.hardlink_to(file)
    import naome_assets.loading.load  # noqa: F401 - imported once, no work on files

    bare = seconds(lambda: _bare_pass(wanted))
    ingest = seconds(lambda: load(only_cosd, [FIRST], place / "ingest.duckdb"))
    cores = os.cpu_count() or 1
    yield "COSD files", f"{len(wanted)} files, {size:,.0f} MB"
    yield "bare iterparse pass, one core", f"{size / bare:,.0f} MB/s"
    yield f"ingest to rows in the warehouse, {cores} cores", f"{size / ingest:,.0f} MB/s"
    yield "ingest : bare pass (at least 2)", f"{bare / ingest:.1f}"


def _bare_pass(files: list[Path]) -> None:
    for file in files:
        for _, element in etree.iterparse(str(file)):
            element.clear()


def memory(landing: Path, place: Path) -> Iterator[Figure]:
    """Peak memory of ingest for a file, and for one four times as large."""
    sample = max((landing / "england" / "cosd").glob("*/*/*.xml"), key=lambda f: f.stat().st_size)
    for copies in (20, 80):
        folder = place / f"large-{copies}"
        file = folder / "england" / "cosd" / "RTH" / FIRST.months[0] / "large.xml"
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
    process = context.Process(target=load, args=(landing, [FIRST], warehouse))
    process.start()
    return peak_memory(process)
