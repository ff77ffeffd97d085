"""Whether the tests notice, by chance: mutants that a tool makes, some of each module.

``make mutants`` has mutmut make every mutant of the functions named in ``pyproject.toml``
(some 8,000), draws some of each module by a fixed seed, and runs the tests that reach each. It
prints what became of them by module, and those that nobody noticed. Those listed in
``equivalent_mutants.toml`` change nothing that anybody could see, and neither does a thing in a
drawing that moves by one unit. Ends with 1 when more than a tenth of the others survive.

Module constants and decorated functions (properties, cached ones) are not changed by the tool: the
list of ``naome_tests.mutants`` has those that matter.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")
#: Drawn of each of these, in all; at least so many of each module.
FOLDERS = {
    "naome_assets/statistics": 90,
    "naome_assets/publication/charts": 160,
    "naome_assets/checks": 60,
    "naome_assets/disclosure": 120,
}
LEAST = 4
SEED = 13
#: Where numbers are lengths in a drawing, from so many units on: smaller ones count things.
DRAWINGS = "naome_assets.publication.charts."
LEAST_LENGTH = 4
#: More of them surviving is too many.
MOST_SURVIVING = 0.1

#: Makes the mutants and tries none: the tool has no command for that.
_MAKE = """
from mutmut.__main__ import copy_also_copy_files, copy_src_dir, create_mutants
from mutmut.mutation.trampoline import set_mutant_under_test
set_mutant_under_test("mutant_generation")
copy_src_dir()
copy_also_copy_files()
create_mutants(1)
"""


def drawn(checkout: Path, folder: str, size: int, seed: int) -> list[str]:
    """Names of mutants of a folder, in proportion to its modules."""
    modules = {
        path: list(json.loads(path.read_text("utf-8"))["exit_code_by_key"])
        for path in sorted((checkout / "mutants" / folder).rglob("*.meta"))
    }
    total = sum(map(len, modules.values()))
    names: list[str] = []
    for path, own in modules.items():
        wanted = min(len(own), max(LEAST, round(size * len(own) / total)))
        # Each module by a chance of its own: one that is added does not change the others.
        names += sorted(random.Random(f"{seed}:{path.name}").sample(own, wanted))  # noqa: S311
    return names


def results(checkout: Path) -> dict[str, str]:
    """What became of each mutant that was tried."""
    text = _mutmut(checkout, "results", "--all", "true")
    pairs = (line.strip().rsplit(": ", 1) for line in text.splitlines() if "__mutmut_" in line)
    return {name: status for name, status in pairs if status != "not checked"}


def change_of(checkout: Path, name: str) -> str:
    """The lines that a mutant changes, before and after."""
    diff = _mutmut(checkout, "show", name).splitlines()
    lines = [line for line in diff if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    return "\n".join(f"{line[0]} {line[1:].strip()}" for line in lines)


def equivalents() -> dict[tuple[str, str], str]:
    """Why a change of a module makes no difference."""
    listed = tomllib.loads(EQUIVALENT.read_text("utf-8")).get("equivalent", [])
    return {(own["module"], own["change"]): own["why"] for own in listed}


def is_one_unit(module: str, change: str) -> bool:
    """Whether a thing in a drawing moves or grows by one unit of its 520: nobody sees that."""
    if not module.startswith(DRAWINGS):
        return False
    numbers = [re.findall(r"\d+(?:\.\d+)?", line) for line in change.splitlines()]
    words = [re.sub(r"\d+(?:\.\d+)?", "0", line[1:]) for line in change.splitlines()]
    if len(numbers) != 2 or words[0] != words[1]:
        return False
    moved = [(float(a), float(b)) for a, b in zip(*numbers, strict=True) if a != b]
    return len(moved) == 1 and moved[0][1] - moved[0][0] == 1 and moved[0][0] >= LEAST_LENGTH


def _mutmut(checkout: Path, *arguments: str) -> str:
    command = [str(Path(sys.executable).with_name("mutmut")), *arguments]
    # Without machine code, so that the functions that have one can be changed as well.
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("PYTHONPATH", None)
    ended = subprocess.run(
        command, cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise SystemExit(f"mutmut {arguments[0]}: {(ended.stdout + ended.stderr)[-2000:]}")
    return ended.stdout


def _copy(checkout: Path) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]
    for name in (*settings["source_paths"], *settings["also_copy"], "pyproject.toml"):
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, checkout / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, checkout / name)


def report(found: dict[str, str], changes: dict[str, str]) -> Iterator[str]:
    """A line a module, then a survivor that no list explains; the last line is the share."""
    known = equivalents()
    counts: dict[str, Counter[str]] = {}
    survivors: list[str] = []
    for name, status in sorted(found.items()):
        module = name.rsplit(".", 1)[0]
        own = counts.setdefault(module, Counter())
        own["tried"] += 1
        if status not in ("survived", "no tests"):
            own["killed"] += 1
        elif (module, changes[name]) in known or is_one_unit(module, changes[name]):
            own["equivalent"] += 1
        else:
            own["survived"] += 1
            survivors.append(f"{name} ({status})\n{changes[name]}")
    yield f"{'module':60}{'tried':>7}{'killed':>8}{'equivalent':>12}{'survived':>10}"
    for module, own in counts.items():
        numbers = f"{own['tried']:7}{own['killed']:8}{own['equivalent']:12}{own['survived']:10}"
        yield f"{module.removeprefix('naome_assets.'):60}{numbers}"
    yield from survivors
    tried = sum(own["tried"] - own["equivalent"] for own in counts.values())
    yield f"{len(survivors)} of {tried} survived"


def main(arguments: Sequence[str]) -> int:
    """Make, draw, try and tell; 1 when too many survive."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folders", nargs="*", default=list(FOLDERS))
    parser.add_argument("--size", type=int, help="mutants a folder")
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        checkout = Path(name)
        _copy(checkout)
        (checkout / "mutants").mkdir()
        subprocess.run([sys.executable, "-c", _MAKE], cwd=checkout, check=True, capture_output=True)
        for folder in asked.folders:
            size = asked.size or FOLDERS[folder]
            _mutmut(
                checkout, "run", "--max-children", "1", *drawn(checkout, folder, size, asked.seed)
            )
        found = results(checkout)
        changes = {
            name: change_of(checkout, name)
            for name, status in found.items()
            if status in ("survived", "no tests")
        }
        lines = list(report(found, changes))
    print("\n".join(lines))
    survived, tried = (int(word) for word in lines[-1].split() if word.isdigit())
    return int(survived > MOST_SURVIVING * tried)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
