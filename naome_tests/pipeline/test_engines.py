"""Every engine gives the same tables."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import psycopg
from hypothesis import HealthCheck, Phase, given, settings

from naome_assets.assets.case_mix import adjust
from naome_assets.assets.prevalence_projection import projections
from naome_assets.assets.recurrence_capture import captures
from naome_assets.assets.survival import curves
from naome_assets.assets.treatment_curve import incidence_curves
from naome_assets.quarters import Quarter
from naome_assets.statistics.tables import COMPUTED
from naome_assets.synthetic import generate
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_assets.warehouse.protocol import Warehouse, open_warehouse
from naome_tests.oracle.strategies import World, landings
from naome_tests.pipeline.audit import PROJECT, audit, rows
from naome_tests.pipeline.comparison import same


def differing(one: Warehouse, other: Warehouse) -> list[str]:
    """Tables that are not the same, whatever the order of their rows."""
    return [
        model.name
        for model in PROJECT.ordered_models()
        if not same_rows(rows(one, model.name), rows(other, model.name))
    ]


def differing_computed(one: Warehouse, other: Warehouse) -> list[str]:
    """Tables that Python computes and stores: the same, computed from and stored in each."""
    for warehouse in (one, other):
        models, values = adjust(warehouse)
        warehouse.replace_table("case_mix_model", models)
        warehouse.replace_table("case_mix_value", values)
        warehouse.replace_table("survival_curve", curves(warehouse))
        warehouse.replace_table("treatment_curve", incidence_curves(warehouse))
        # Four quarters are too few for the settings of the method.
        few = {"projection_lag_quarters": 1, "projection_minimum_quarters": 2}
        projected = projections(warehouse, {**PROJECT.variables, **few})
        warehouse.replace_table("prevalence_projection", projected)
        warehouse.replace_table("recurrence_capture", captures(warehouse))
        # A second time over what stands.
        warehouse.replace_table("case_mix_value", values)
    return [
        table
        for table in COMPUTED
        if not rows(one, table) or not same_rows(rows(one, table), rows(other, table))
    ]


def same_rows(left: Sequence[dict[str, Any]], right: Sequence[dict[str, Any]]) -> bool:
    pairs = zip(sorted(left, key=_order), sorted(right, key=_order), strict=False)
    return len(left) == len(right) and all(
        one.keys() == other.keys() and all(same(one[c], other[c]) for c in one)
        for one, other in pairs
    )


def _order(row: dict[str, Any]) -> list[str]:
    """Numbers last and rounded: two engines may differ in the last digit."""
    exact = [str(value) for value in row.values() if not isinstance(value, float)]
    return exact + [f"{value:.6e}" for value in row.values() if isinstance(value, float)]


def compare(
    landing: Path, first: Quarter, last: Quarter, postgres_url: str, *, computed: bool = False
) -> list[str]:
    embedded = DuckDBWarehouse(duckdb.connect(":memory:"))
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        connection.execute("drop schema public cascade; create schema public")
    server = open_warehouse(postgres_url)
    try:
        for warehouse in (embedded, server):
            audit(warehouse, landing, first, last)
        found = differing(embedded, server)
        return found + (differing_computed(embedded, server) if computed else [])
    finally:
        embedded.close()
        server.close()


def test_generated_submissions(postgres_url: str, tmp_path: Path) -> None:
    first, last = Quarter(2023, 1), Quarter(2023, 4)
    generate(tmp_path, first, last, scale=0.01, seed=5)
    assert compare(tmp_path, first, last, postgres_url, computed=True) == []


def test_random_submissions(postgres_url: str) -> None:
    @settings(
        max_examples=10,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(landings())
    def every_world(world: World) -> None:
        with tempfile.TemporaryDirectory() as folder:
            world.write(Path(folder))
            found = compare(Path(folder), world.first, world.last, postgres_url)
        assert found == []

    every_world()
