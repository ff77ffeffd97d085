"""An audit of generated submissions and its publication, for the tests of several rooms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from naome_assets.disclosure.suppression import load_profile
from naome_assets.figures.case_mix import adjust
from naome_assets.figures.prevalence_projection import projections
from naome_assets.figures.recurrence_capture import captures
from naome_assets.figures.survival import curves
from naome_assets.figures.treatment_curve import incidence_curves
from naome_assets.publication.published import Publication
from naome_assets.publication.store import read_publication, store_publication
from naome_assets.quarters import Quarter
from naome_assets.synthetic import generate
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.pipeline.audit import audit

FIRST, LAST = Quarter(2020, 1), Quarter(2022, 4)


@pytest.fixture(scope="session")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("landing")
    generate(folder, FIRST, LAST, scale=0.01, seed=3)
    return folder


@pytest.fixture(scope="session")
def audited(landing: Path) -> Iterator[DuckDBWarehouse]:
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    audit(warehouse, landing, FIRST, LAST)
    warehouse.replace_table("case_mix_value", adjust(warehouse)[1])
    warehouse.replace_table("survival_curve", curves(warehouse))
    warehouse.replace_table("treatment_curve", incidence_curves(warehouse))
    warehouse.replace_table("prevalence_projection", projections(warehouse))
    warehouse.replace_table("recurrence_capture", captures(warehouse))
    yield warehouse
    warehouse.close()


@pytest.fixture(scope="session")
def publication(audited: DuckDBWarehouse) -> Publication:
    for _ in store_publication(audited, load_profile("nhs_england_hes")):
        pass
    return read_publication(audited)
