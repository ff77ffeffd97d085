"""Whether two builds of naome make the same: every table, published file, page and workbook.

    python scripts/compare_builds.py make CHECKOUT FOLDER   # run the worlds with a checkout
    python scripts/compare_builds.py show BEFORE AFTER      # what differs between two such folders

A change of the layout of the code must change nothing that it makes. The worlds are generated: the
demonstration, and three small ones, with the faults of real files, linkage, another profile, and a
quarter that is read again. Rows of a table are compared as a set, numbers to twelve
digits; what names a moment, a version or a folder is left out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple


class World(NamedTuple):
    """A generated audit: how it is generated, and the ranges that are run, one after the other."""

    scale: str
    seed: str
    first: str
    last: str
    runs: tuple[tuple[str, str], ...]
    settings: tuple[tuple[str, str], ...] = ()


WORLDS = {
    "demo": World("0.05", "1", "2022-Q1", "2024-Q4", (("2022-Q1", "2024-Q4"),)),
    "linked": World(
        "0.01", "11", "2023-Q1", "2024-Q2", (("2023-Q1", "2024-Q2"),), (("NAOME_LINKAGE", "on"),)
    ),
    "strict": World(
        "0.02",
        "12",
        "2021-Q3",
        "2023-Q4",
        (("2021-Q3", "2023-Q3"), ("2023-Q4", "2023-Q4")),
        (("NAOME_DISCLOSURE_PROFILE", "under_10"),),
    ),
    "twice": World(
        "0.02",
        "13",
        "2022-Q3",
        "2023-Q4",
        (("2022-Q3", "2023-Q2"), ("2022-Q4", "2023-Q4")),
        (("NAOME_DISCLOSURE_PROFILE", "under_5"),),
    ),
}
#: Columns that tell when and by which code, not what.
_LEFT_OUT = frozenset({"code_version", "published_at", "read_at", "file_hash", "made_at"})
#: Numbers with more digits than are compared.
_LONG = re.compile(r"\b\d+\.\d{8,}(?:e-?\d+)?\b")


def make(checkout: Path, folder: Path, names: list[str]) -> None:
    """Run worlds with the code of a checkout; a JSON file of digests is left for each."""
    for name in names:
        world = WORLDS[name]
        home = folder / name
        home.mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ,
            **dict(world.settings),
            "PYTHONPATH": str(checkout.resolve()),
            "DAGSTER_HOME": str(home / "dagster"),
            "NAOME_LANDING": str(home / "landing"),
            "NAOME_OUTPUT": str(home / "output"),
            "NAOME_WAREHOUSE": f"duckdb:///{home / 'warehouse.duckdb'}",
            "NAOME_PSEUDONYM_KEY": "00" * 32,
        }
        naome = [sys.executable, "-m", "naome_assets"]
        span = ["--from", world.first, "--to", world.last]
        spec = ["--scale", world.scale, "--seed", world.seed]
        subprocess.run([*naome, "synth", *span, *spec], cwd=home, env=environment, check=True)  # noqa: S603
        for first, last in world.runs:
            run = [*naome, "run", "--from", first, "--to", last]
            subprocess.run(run, cwd=home, env=environment, check=True)  # noqa: S603
        told = {"tables": _tables(home / "warehouse.duckdb"), "files": _files(home / "output")}
        (folder / f"{name}.json").write_text(json.dumps(told, indent=1))


def _tables(warehouse: Path) -> dict[str, str]:
    """Rows and a digest of each table and view."""
    import duckdb

    digests = {}
    with duckdb.connect(str(warehouse), read_only=True) as opened:
        for (table,) in opened.execute(
            "select table_name from information_schema.tables order by table_name"
        ).fetchall():
            columns = sorted(
                column
                for (column,) in opened.execute(
                    "select column_name from information_schema.columns where table_name = ?",
                    [table],
                ).fetchall()
                if column not in _LEFT_OUT
            )
            listed = ", ".join(f'"{column}"' for column in columns)
            held = opened.execute(f'select {listed} from "{table}"').fetchall()  # noqa: S608
            rows = sorted(repr([_number(value) for value in row]) for row in held)
            digest = hashlib.sha256("\n".join([listed, *rows]).encode()).hexdigest()[:16]
            digests[table] = f"{len(rows)} rows {digest}"
    return digests


def _number(value: object) -> object:
    """A value as it is compared: the last digits of a sum hang on the order of its parts."""
    return f"{value:.12g}" if isinstance(value, float) else value


def _content(path: Path) -> bytes:
    """A file as it is compared: of CSV files, numbers as those of tables."""
    if path.suffix != ".csv":
        return path.read_bytes()
    text = path.read_text(encoding="utf-8")
    return _LONG.sub(lambda found: f"{float(found[0]):.12g}", text).encode()


def _files(output: Path) -> dict[str, str]:
    """A digest of each file of the publication, by its place in the output folder."""
    # What is published lies behind links, which a search by pattern does not follow.
    found = (
        Path(folder, name)
        for folder, _, names in os.walk(output, followlinks=True)
        for name in names
        if not folder.removeprefix(str(output)).startswith("/.")
    )
    return {
        str(path.relative_to(output)): hashlib.sha256(_content(path)).hexdigest()[:16]
        for path in sorted(found)
    }


def show(before: Path, after: Path) -> int:
    """Print what differs; the number of differences."""
    differing = 0
    for path in sorted(before.glob("*.json")):
        one, other = (json.loads((folder / path.name).read_text()) for folder in (before, after))
        for kind in ("tables", "files"):
            named = sorted(one[kind].keys() | other[kind].keys())
            unequal = [name for name in named if one[kind].get(name) != other[kind].get(name)]
            differing += len(unequal)
            print(f"{path.stem}: {len(named) - len(unequal)} of {len(named)} {kind} equal")
            for name in unequal:
                print(f"  {name}: {one[kind].get(name)} -> {other[kind].get(name)}")
    return differing


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["make", "show"])
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("--world", action="append", choices=list(WORLDS))
    asked = parser.parse_args()
    if asked.what == "make":
        make(asked.first, asked.second.resolve(), asked.world or list(WORLDS))
    else:
        sys.exit(min(show(asked.first, asked.second), 1))
