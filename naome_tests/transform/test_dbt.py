"""The folder is a dbt project: dbt itself builds the same tables from it, and its tests hold.

dbt is not among the requirements: ``make dbt`` runs these tests with a ``dbt`` of its own on the
path. They are skipped elsewhere, and for PostgreSQL where it lacks the adapter.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from naome_assets.transform.project import Project
from naome_assets.warehouse.declared_tables import metadata
from naome_assets.warehouse.engines import open_warehouse
from naome_assets.warehouse.protocol import Warehouse
from naome_tests.conftest import empty_database

DBT = shutil.which("dbt")

pytestmark = pytest.mark.skipif(
    DBT is None, reason="dbt is not installed: see dbt_like_sql/README.md"
)

FILE = "england/cosd/RJ1/2024-01/breast.xml"
DEATHS = "deaths/2024-03/deaths.csv"


def insert(warehouse: Warehouse, table: str, *rows: dict[str, Any]) -> None:
    warehouse.insert(metadata.tables[table], rows)


def fill_submissions(warehouse: Warehouse) -> None:
    """Four people: treated, died untreated, recurrent, and one whose record is refused."""
    counts = {"other_tumour_groups": 0, "unreadable_records": 0, "ignored_elements": 0, "bytes": 1}
    loaded = {"sha256": "0" * 64, "quarter": "2024-Q1", "status": "loaded", **counts}
    insert(
        warehouse,
        "submission",
        {**loaded, "file": FILE, "source": "cosd", "folder": "2024-01", "received": 4}
        | {"created_at": datetime(2024, 4, 1), "extract_date": date(2024, 4, 1)},
        {**loaded, "file": DEATHS, "source": "deaths", "folder": "2024-03", "received": 1},
    )

    def record(position: int, **values: Any) -> dict[str, Any]:
        return {
            "file": FILE,
            "position": position,
            "quarter": "2024-Q1",
            "version": "9.0.1",
            "nhs_person_id": f"person-{position}",
            "nhs_number_status": "valid",
            "birth_date": date(1950, 1, position),
            "sex": "2",
            "provider": "RJ1",
            "pathway": "primary",
            "event_date": date(2024, 1, 10),
            "icd10": "C509",
            "stage_integrated": "4",
            **values,
        }

    insert(
        warehouse,
        "cosd_record",
        record(1, cns_indication="Y1"),
        record(2, cns_indication="NN"),
        record(3, pathway="recurrence", stage_integrated=None),
        record(4, event_date=None),
    )
    place = {"file": FILE, "quarter": "2024-Q1"}
    insert(
        warehouse,
        "cosd_metastasis",
        {**place, "position": 3, "part": "non_primary", "paired": True, "metastatic_type": "03"},
    )
    insert(
        warehouse,
        "cosd_treatment",
        {**place, "position": 1, "number": 1, "start_date": date(2024, 2, 1), "modality": "02"},
    )
    insert(
        warehouse,
        "death_registration",
        {"file": DEATHS, "position": 1, "quarter": "2024-Q1", "nhs_person_id": "person-2"}
        | {"nhs_number_status": "valid", "registration_date": date(2024, 3, 5)}
        | {"death_date": date(2024, 3, 1)},
    )
    insert(
        warehouse,
        "audit_run",
        {"number": 1, "from_quarter": "2024-Q1", "to_quarter": "2024-Q2"},
    )


@dataclass(frozen=True)
class Built:
    """The same submissions built by naome and by dbt, and what dbt said of its steps."""

    naome: Warehouse
    dbt: Warehouse
    results: list[dict[str, Any]]

    def content(self, side: Warehouse, table: str) -> tuple[list[tuple[str, str]], list[str]]:
        """Columns and rows of a table, whatever their order."""
        rows = side.arrow(f"select * from {table}").to_pylist()
        return side.columns(table), sorted(map(repr, rows))


def run_dbt(project: Project, folder: Path, target: str, place: dict[str, str]) -> None:
    """Run ``dbt build`` on a warehouse; what it writes beside goes to the folder."""
    assert DBT is not None
    finished = subprocess.run(
        [
            *(DBT, "--no-use-colors", "build", "--target", target),
            *("--project-dir", project.path, "--profiles-dir", project.path),
            *("--target-path", folder / "target", "--log-path", folder / "logs"),
        ],
        env={**os.environ, "DO_NOT_TRACK": "1", **place},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout[-4000:]


def adapters() -> str:
    """The adapters that the dbt on the path has, as it lists them."""
    assert DBT is not None
    return subprocess.run([DBT, "--version"], capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def built(
    request: pytest.FixtureRequest, project: Project, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Built]:
    """Two warehouses of one engine with the same submissions; naome and dbt build one each."""
    folder = tmp_path_factory.mktemp("dbt")
    if request.param == "postgres":
        if "- postgres:" not in adapters():
            pytest.skip("dbt has no adapter for PostgreSQL: see dbt_like_sql/README.md")
        server = request.getfixturevalue("postgres_server")
        urls = {side: empty_database(server, f"{side}_of_dbt") for side in ("naome", "dbt")}
        place = {"PGHOST": str(sa.make_url(urls["dbt"]).query["host"]), "PGUSER": "postgres"}
        place["PGDATABASE"] = "dbt_of_dbt"
    else:
        urls = {side: f"duckdb:///{folder}/{side}.duckdb" for side in ("naome", "dbt")}
        place = {"NAOME_DUCKDB": f"{folder}/dbt.duckdb"}
    for url in urls.values():
        warehouse = open_warehouse(url)
        warehouse.create_submission_tables()
        fill_submissions(warehouse)
        warehouse.close()
    run_dbt(project, folder, request.param, place)
    naome = open_warehouse(urls["naome"])
    for seed in project.seeds.values():
        naome.build_seed(seed)
    for model in project.ordered_models():
        naome.build_model(model, project.render(model, naome.target))
    results = json.loads((folder / "target" / "run_results.json").read_text())["results"]
    built = Built(naome, open_warehouse(urls["dbt"], read_only=True), results)
    yield built
    built.naome.close()
    built.dbt.close()


def test_dbt_builds_and_tests_everything(project: Project, built: Built) -> None:
    assert {result["status"] for result in built.results} == {"success", "pass"}
    kinds = [result["unique_id"].split(".")[0] for result in built.results]
    assert kinds.count("model") == len(project.models)
    assert kinds.count("seed") == len(project.seeds)
    assert kinds.count("test") > 300


def test_dbt_and_naome_build_the_same_tables(project: Project, built: Built) -> None:
    different = [
        table
        for table in [*project.seeds, *project.models]
        if built.content(built.naome, table) != built.content(built.dbt, table)
    ]
    filled = [table for table in project.models if built.naome.rows(table)]
    assert different == []
    assert {"prevalence", "cns_access", "time_to_treatment", "quarantine", "death"} <= set(filled)
