"""The folder is a dbt project: dbt itself builds the same tables from it, and its tests hold.

dbt is not among the project's requirements. These tests run where a ``dbt`` with the DuckDB adapter
is on the path (dbt_like_sql/README.md says how to install it), and are skipped elsewhere.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from naome_assets.transform.project import Project
from naome_assets.warehouse.protocol import Warehouse, open_warehouse
from naome_assets.warehouse.tables import metadata

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
            "icd10": "C50.9",
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


def run_dbt(project: Project, folder: Path, path: Path, *arguments: str) -> str:
    """Run dbt on the project and a warehouse file; what it writes beside goes to the folder."""
    assert DBT is not None
    finished = subprocess.run(
        [
            *(DBT, "--no-use-colors", *arguments),
            *("--project-dir", project.path, "--profiles-dir", project.path),
            *("--target-path", folder / "target", "--log-path", folder / "logs"),
        ],
        env={**os.environ, "NAOME_DUCKDB": str(path), "DO_NOT_TRACK": "1"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout[-4000:]
    return finished.stdout


@pytest.fixture(scope="module")
def built(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``naome.duckdb``, built by naome, and ``dbt.duckdb``, by dbt."""
    folder = tmp_path_factory.mktemp("dbt")
    warehouse = open_warehouse(f"duckdb:///{folder}/naome.duckdb")
    warehouse.create_submission_tables()
    fill_submissions(warehouse)
    warehouse.close()
    shutil.copy(folder / "naome.duckdb", folder / "dbt.duckdb")

    warehouse = open_warehouse(f"duckdb:///{folder}/naome.duckdb")
    for seed in project.seeds.values():
        warehouse.build_seed(seed)
    for model in project.ordered_models():
        warehouse.build_model(model, project.render(model, warehouse.target))
    warehouse.close()
    run_dbt(project, folder, folder / "dbt.duckdb", "build")
    return folder


def test_dbt_builds_and_tests_everything(project: Project, built: Path) -> None:
    results = json.loads((built / "target" / "run_results.json").read_text())["results"]
    assert {result["status"] for result in results} == {"success", "pass"}
    kinds = [result["unique_id"].split(".")[0] for result in results]
    assert kinds.count("model") == len(project.models)
    assert kinds.count("seed") == len(project.seeds)
    assert kinds.count("test") > 300


def test_dbt_and_naome_build_the_same_tables(project: Project, built: Path) -> None:
    connection = duckdb.connect()
    for name in ("naome", "dbt"):
        connection.execute(f"attach '{built / name}.duckdb' as {name} (read_only)")

    def content(side: str, table: str) -> tuple[list[Any], list[Any]]:
        result = connection.execute(f"select * from {side}.main.{table} order by all")
        return [(column[0], str(column[1])) for column in result.description], result.fetchall()

    different = [
        table
        for table in [*project.seeds, *project.models]
        if content("naome", table) != content("dbt", table)
    ]
    filled = [table for table in project.models if content("naome", table)[1]]
    connection.close()
    assert different == []
    assert {"prevalence", "cns_access", "time_to_treatment", "quarantine", "death"} <= set(filled)
