"""The pipeline without Dagster, for tests that run it many times: load, then build every model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from naome_assets.linkage.people import link_people, unlink_people
from naome_assets.loading.load import load_quarters
from naome_assets.quarters import Quarter, quarter_range
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.transform.project import load_project
from naome_assets.warehouse.protocol import Warehouse

PROJECT = load_project()
PSEUDONYMISER = Pseudonymiser(b"test")
LINKING = Pseudonymiser(b"test", keeps_link_keys=True)


def audit(
    warehouse: Warehouse, landing: Path, first: Quarter, last: Quarter, *, linkage: bool = False
) -> None:
    """Bring the warehouse to what a run for these quarters leaves."""
    warehouse.create_submission_tables()
    load_quarters(
        warehouse,
        landing,
        list(quarter_range(first, last)),
        pseudonymiser=LINKING if linkage else PSEUDONYMISER,
        workers=1,
    )
    build(warehouse, linkage=linkage)


def build(warehouse: Warehouse, *, linkage: bool = False) -> None:
    """Build every model from the submissions that stand."""
    if not warehouse.has_table("provider"):
        for seed in PROJECT.seeds.values():
            warehouse.build_seed(seed)
    if linkage:
        build_with_parents(warehouse, "shared_number")
        link_people(warehouse)
    else:
        unlink_people(warehouse)
    for model in PROJECT.ordered_models():
        warehouse.build_model(model, PROJECT.render(model, warehouse.target))


def build_with_parents(warehouse: Warehouse, name: str) -> None:
    """Build a model after those that it refers to."""
    model = PROJECT.models[name]
    for parent in sorted(model.refs & set(PROJECT.models)):
        build_with_parents(warehouse, parent)
    warehouse.build_model(model, PROJECT.render(model, warehouse.target))


def rows(
    warehouse: Warehouse, table: str, columns: Sequence[str] | None = None
) -> list[dict[str, Any]]:
    """Rows of a table as plain Python values."""
    names = ", ".join(columns) if columns else "*"
    return warehouse.arrow(f"select {names} from {table}").to_pylist()
