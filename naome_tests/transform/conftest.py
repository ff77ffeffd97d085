"""What the tests of the SQL project share: the project, and a warehouse with nothing in it."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from naome_assets.transform.project import Project, load_project
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_assets.warehouse.engines import open_warehouse
from naome_assets.warehouse.protocol import Warehouse
from naome_tests.transform.few import Few


@pytest.fixture(scope="session")
def project() -> Project:
    return load_project()


@pytest.fixture(scope="session")
def empty_warehouse(
    project: Project, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    """Every seed and model built, on submissions that hold no row."""
    folder = tmp_path_factory.mktemp("warehouse")
    warehouse = open_warehouse(f"duckdb:///{folder}/empty.duckdb")
    warehouse.create_submission_tables()
    for seed in project.seeds.values():
        warehouse.build_seed(seed)
    for model in project.ordered_models():
        warehouse.build_model(model, project.render(model, warehouse.target))
    yield warehouse
    warehouse.close()


@pytest.fixture
def few() -> Iterator[Few]:
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    yield Few(warehouse)
    warehouse.close()
