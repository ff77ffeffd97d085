"""Whether the tests notice: lines that matter, made wrong one after the other.

``python -m naome_tests.mutants [WORDS]`` makes each change of ``mutants.toml`` (those whose
description holds the words, when any are given) in a copy of the checkout, runs the tests named
beside it, and prints those that nobody noticed. Ends with 1 when there is one.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIST = Path(__file__).with_name("mutants.toml")
COPIED = ("naome_assets", "naome_tests", "dbt_like_sql", "deploy", "docs", "scripts")


@dataclass(frozen=True)
class Mutant:
    """A line made wrong.

    Attributes:
        what: what is wrong then.
        file: where, relative to the checkout.
        before: the text that is replaced; it is there once.
        after: what takes its place.
        tests: arguments of pytest that must fail.
    """

    what: str
    file: str
    before: str
    after: str
    tests: str


def mutants() -> list[Mutant]:
    """The list."""
    return [Mutant(**entry) for entry in tomllib.loads(LIST.read_text("utf-8"))["mutant"]]


def is_noticed(mutant: Mutant, copy: Path) -> bool:
    """Whether the tests of a mutant fail in the copy, which is as before afterwards."""
    path = copy / mutant.file
    sound = path.read_text("utf-8")
    path.write_text(sound.replace(mutant.before, mutant.after), "utf-8")
    try:
        return not _passes(mutant.tests, copy)
    finally:
        path.write_text(sound, "utf-8")


def _passes(tests: str, copy: Path) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    ended = subprocess.run(
        [*command, *shlex.split(tests)],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if ended.returncode not in (0, 1):  # Neither passed nor failed: no test ran.
        raise SystemExit(f"pytest {tests}: {ended.stdout.decode()[-500:]}")
    return ended.returncode == 0


def main(words: str) -> int:
    """Try each, and say which survived; the number of those."""
    tried = [mutant for mutant in mutants() if words in mutant.what]
    survived = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for file in ("pyproject.toml", "README.md", "workspace.yaml"):
            shutil.copy(ROOT / file, copy)
        for mutant in tried:
            noticed = is_noticed(mutant, copy)
            survived += not noticed
            print("noticed " if noticed else "SURVIVED", mutant.what, flush=True)
    print(f"{len(tried) - survived} of {len(tried)} noticed")
    return survived


if __name__ == "__main__":
    sys.exit(bool(main(" ".join(sys.argv[1:]))))
