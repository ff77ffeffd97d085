"""Installed as a package, away from the checkout, naome runs an audit to its end.

Its landing folder is an odd one on purpose: what holds of odd names and planted identifiers holds
of a whole run, with all that it prints and remembers.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from naome_tests.sources.support import (
    COSD_FOLDER,
    LOCAL_IDENTIFIER,
    NHS_NUMBER,
    V9_BREAST,
    cosd,
    put,
)
from naome_tests.sources.test_hostile import zipped

CHECKOUT = Path(__file__).resolve().parents[2]
#: What a source distribution holds of the checkout.
SHIPPED = ("pyproject.toml", "setup.py", "README.md", "LICENSE", "MANIFEST.in", "workspace.yaml")
GOOD = cosd(V9_BREAST)
PLANTED = (NHS_NUMBER, "943 476 5919", LOCAL_IDENTIFIER, "Featherstonehaugh")
BY_NAME = [
    *(f"{NHS_NUMBER}.xml", "943 476 5919.xml", f"{LOCAL_IDENTIFIER}.xml"),
    *(
        "two\nlines.xml",
        "x.zip!a.xml",
        "[bold]a[blink].xml",
        "\x1b[31m.xml",
        "'; --.xml",
        "{{x}} %s.xml",
    ),
]


class Installed(NamedTuple):
    """An environment with the wheel alone, and an audit that was run with it."""

    wheel: Path
    python: Path
    folder: Path
    environment: dict[str, str]
    ran: subprocess.CompletedProcess[str]

    def naome(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.python.with_name("naome"), *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("installed")
    source = folder / "source"
    for name in ("naome_assets", "dbt_like_sql"):
        shutil.copytree(
            CHECKOUT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "target")
        )
    for name in SHIPPED:
        shutil.copyfile(CHECKOUT / name, source / name)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"]
    wheels = folder / "wheels"
    build = [*pip, "wheel", "--no-deps", "--no-index", "--no-build-isolation", "-w", str(wheels)]
    subprocess.run([*build, str(source)], check=True, cwd=folder)
    shutil.rmtree(source)
    (wheel,) = wheels.iterdir()
    venv.create(folder / "environment", with_pip=False)
    python = folder / "environment" / "bin" / "python"
    install = [*pip, "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, cwd=folder)
    # What naome needs is reached where it is; what is installed there in editable form is not.
    (packages,) = (folder / "environment" / "lib").glob("python*/site-packages")
    reached = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    (packages / "reached.pth").write_text("\n".join(reached))
    landing = folder / "landing"
    _lay_down(landing)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {
        "DAGSTER_HOME": str(folder / "dagster"),
        "NAOME_LANDING": str(landing),
        "NAOME_WAREHOUSE": f"duckdb:///{folder / 'warehouse.duckdb'}",
        "NAOME_OUTPUT": str(folder / "output"),
        "NAOME_PSEUDONYM_KEY": "a key of the tests",
    }
    done = Installed(wheel, python, folder, environment, subprocess.CompletedProcess([], 0))
    return done._replace(ran=done.naome("run", "--from", "2024-Q1", "--to", "2024-Q1"))


def _lay_down(landing: Path) -> None:
    """Nobody has metastatic breast cancer here, and hardly a name is what it should be."""
    for name in (*BY_NAME, "good.xml", "n" * 251 + ".xml", "\\xff.xml"):
        put(landing, f"{COSD_FOLDER}/{name}", GOOD)
    bytes_alone = os.fsencode(landing / COSD_FOLDER) + b"/\xff.xml"
    Path(os.fsdecode(bytes_alone)).write_text(GOOD)
    members = zipped(("a.xml", GOOD), (f"{NHS_NUMBER}/{LOCAL_IDENTIFIER}.xml", GOOD))
    put(landing, f"{COSD_FOLDER}/x.zip", members)
    put(landing, f"{COSD_FOLDER}/twice.zip", zipped(("a.xml", GOOD), ("a.xml", GOOD)))
    put(landing, f"{COSD_FOLDER}/nested.zip", zipped(("b.zip", "x")))
    put(landing, f"{COSD_FOLDER}/x.zip!sub/a.xml", GOOD)
    header = GOOD.replace('RecordCount value="1"', f'RecordCount value="{NHS_NUMBER}"')
    put(landing, f"{COSD_FOLDER}/header.xml", header.replace("2024-02-20T10:15:00", NHS_NUMBER))
    put(landing, f"england/cosd/{NHS_NUMBER}/2024-01/a.xml", GOOD)
    put(landing, "england/cosd/Jane Featherstonehaugh/2024-02/a.xml", GOOD)
    put(landing, f"{NHS_NUMBER}/notes.txt", "x")
    put(landing, f"deaths/2024-02/{NHS_NUMBER}.csv", "no deaths\n")
    put(landing, f"wales/registry/2024-Q1/{NHS_NUMBER}_tumour.csv", "record_id\n1\n")
    (landing / COSD_FOLDER / "folder.xml").mkdir()
    os.mkfifo(landing / COSD_FOLDER / "pipe.xml")


def test_the_wheel_holds_every_file(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as wheel:
        held = set(wheel.namelist())
    files = [path for path in (CHECKOUT / "naome_assets").rglob("*") if path.is_file()]
    wanted = {path.relative_to(CHECKOUT).as_posix() for path in files}
    for folder in ("macros", "models", "seeds"):
        files = [path for path in (CHECKOUT / "dbt_like_sql" / folder).rglob("*") if path.is_file()]
        wanted |= {f"naome_assets/{path.relative_to(CHECKOUT).as_posix()}" for path in files}
    wanted |= {"naome_assets/dbt_like_sql/dbt_project.yml", "naome_assets/workspace.yaml"}
    assert {name for name in wanted if "__pycache__" not in name} <= held


def test_it_runs_away_from_the_checkout(installed: Installed) -> None:
    where = "import naome_assets.reference as r; print(r.__file__, r.sql_project_path())"
    done = subprocess.run(
        [installed.python, "-c", where],
        cwd=installed.folder,
        env=installed.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert all(str(installed.folder) in path for path in done.stdout.split())
    assert installed.ran.returncode == 0, installed.ran.stderr
    assert (installed.folder / "output" / "report" / "index.html").is_file()


def test_odd_files_cost_themselves_alone(installed: Installed) -> None:
    status = json.loads(installed.naome("status", "--format", "json").stdout)
    ledger = {row["file"]: row for row in status["ledger"]}
    assert len(ledger) == len(status["ledger"])
    assert ledger[f"{COSD_FOLDER}/good.xml"]["received"] == 1
    told = {
        name.removeprefix(f"{COSD_FOLDER}/"): (row["status"], row["reason"] or "")
        for name, row in ledger.items()
    }
    for name in (
        "two\nlines.xml",
        "[bold]a[blink].xml",
        "x.zip!a.xml",
        "\\xff.xml",
        "n" * 251 + ".xml",
    ):
        assert told[name][0] == "loaded"
    for name, rule in (
        ("twice.zip", "archive_hostile"),
        ("nested.zip", "archive_nested"),
        ("pipe.xml", "not_a_file"),
    ):
        assert told[name][0] == "rejected"
        assert told[name][1].startswith(rule)
    assert "RecordCount is no count" in told["header.xml"][1]
    assert sum(name.startswith("x.zip!a.xml~") for name in told) == 1
    assert sum(name.startswith("\\xff.xml~") for name in told) == 1
    assert sum("withheld-" in name for name in ledger) == 9
    whole = installed.naome("status").stdout.splitlines()
    assert any("n" * 251 in line and "2024-Q1" in line for line in whole)
    rows = list(csv.DictReader(io.StringIO(installed.naome("status", "--format", "csv").stdout)))
    assert {row["file"] for row in rows if row["table"] == "ledger"} == set(ledger)


def test_no_planted_identifier_leaves_the_landing_folder(installed: Installed) -> None:
    """Neither printed, nor in what Dagster remembers, nor in the warehouse or what is published."""
    printed = installed.ran.stdout + installed.ran.stderr + installed.naome("status").stdout
    exported = installed.folder / "tables"
    dump = (
        "import duckdb, sys; duckdb.connect(sys.argv[1], read_only=True)"
        ".execute(f\"export database '{sys.argv[2]}'\")"
    )
    database = str(installed.folder / "warehouse.duckdb")
    subprocess.run([sys.executable, "-c", dump, database, str(exported)], check=True)
    for planted in PLANTED:
        assert planted not in printed
        for folder in ("dagster", "output", "tables"):
            for path in (installed.folder / folder).rglob("*"):
                if path.is_file():
                    assert planted.encode() not in path.read_bytes(), path
                assert planted not in str(path)
