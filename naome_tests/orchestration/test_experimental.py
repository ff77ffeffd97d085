"""Experimental tables: they never hold the audit back, and gaps between quarters are normal."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import duckdb
import pandas as pd
import pyarrow as pa
import pytest

from naome_assets.checks.suites import RULES
from naome_assets.figures.prevalence_projection import projections
from naome_assets.orchestration.assets.computed import computed_asset
from naome_assets.orchestration.definitions import defs
from naome_assets.orchestration.resources import WarehouseResource
from naome_assets.quarters import Quarter
from naome_assets.transform.project import load_project
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_assets.warehouse.engines import open_warehouse
from naome_assets.warehouse.protocol import Warehouse

EXPERIMENTAL = ("prevalence_projection", "recurrence_capture")


@pytest.mark.parametrize("is_experimental", [True, False])
def test_what_cannot_be_computed_is_left_empty(tmp_path: Path, is_experimental: bool) -> None:
    @computed_asset([], "", is_experimental=is_experimental)
    def recurrence_capture(_: Warehouse) -> pa.Table:
        raise ArithmeticError("of a person")

    url = f"duckdb:///{tmp_path}/warehouse.duckdb"
    result = dg.materialize(
        [recurrence_capture],
        resources={"warehouse": WarehouseResource(url=url)},
        raise_on_error=False,
    )
    assert result.success is is_experimental
    if is_experimental:
        (check,) = result.get_asset_check_evaluations()
        assert (check.passed, check.blocking) == (False, False)
        assert check.severity is dg.AssetCheckSeverity.WARN
        assert check.description == "could not be computed (ArithmeticError): left empty"
        opened = open_warehouse(url, read_only=True)
        assert opened.rows("recurrence_capture") == 0
        opened.close()


def test_no_check_on_them_blocks() -> None:
    assert {rule.asset for rule in RULES if not rule.is_critical} >= set(EXPERIMENTAL)
    assert not {rule.key for rule in RULES if rule.is_critical and rule.asset in EXPERIMENTAL}
    graph = defs.resolve_asset_graph()
    for table in EXPERIMENTAL:
        assert dg.AssetCheckKey(dg.AssetKey(table), "computed") in graph.asset_check_keys


def test_a_gap_is_not_projected_over() -> None:
    """Eleven quarters, then two missing of England and three of Wales, then three or two."""
    first = Quarter(2020, 1)
    number = first.year * 4
    england = {*range(11), 13, 14, 15}
    wales = {*range(11), 14, 15}
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    people = pd.DataFrame(
        [
            {
                "nation": nation,
                "presentation": "recurrent",
                "mbc_date": pd.Timestamp((first + at).first_day),
                "death_date": pd.NaT,
            }
            for at in range(16)
            for nation in ("England", "Wales")
            for _ in range(5)
        ]
    )
    reported = pd.DataFrame(
        [
            {
                "quarter_number": number + at,
                "is_england_reported": at in england,
                "is_wales_reported": at in wales,
            }
            for at in sorted(england | wales)
        ]
    )
    for name, frame in (("registry_cohort", people), ("reporting_quarter", reported)):
        warehouse.connection.register("given", frame)
        warehouse.connection.execute(f"create table {name} as select * from given")
    few = {
        "projection_lag_quarters": 0,
        "projection_minimum_quarters": 3,
        "projection_draws": 20,
    }
    rows = projections(warehouse, {**load_project().variables, **few}).to_pandas()
    rows = rows[(rows["presentation"] == "all") & (rows["years_since_mbc"] == "all")]

    def starts(name: str) -> list[str]:
        return sorted(rows.loc[rows["geography_name"] == name, "from_quarter"].unique())

    whole = [str(first + at) for at in range(2, 11)]
    assert starts("England") == [*whole, str(first + 15)]
    assert starts("Wales") == starts("England and Wales") == whole
    # Counted where the nation, or both, are reported; a nation alone stands for itself.
    counted = {
        name: set(own.loc[own["counted"].notna(), "quarter"])
        for name, own in rows.groupby("geography_name")
    }
    later = {str(first + at) for at in (13, 14, 15)}
    assert counted["England"] & later == later
    assert counted["Wales"] & later == counted["England and Wales"] & later
    assert counted["Wales"] & later == {str(first + 14), str(first + 15)}
    assert not (counted["England"] & {str(first + 11), str(first + 12)})
