"""A quarter taken back leaves what stands as if it had never been read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
import sqlalchemy as sa

from naome_assets.loading.withdrawal import held_of, is_withdrawn, withdraw_quarters
from naome_assets.orchestration.assets.submissions import submissions
from naome_assets.orchestration.definitions import defs
from naome_assets.orchestration.resources import LandingResource, MethodResource, WarehouseResource
from naome_assets.quarters import Quarter
from naome_assets.sources.landing_folder import LandingError
from naome_assets.warehouse.declared_tables import metadata
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_assets.warehouse.engines import open_warehouse
from naome_tests.oracle.submissions import (
    NHS_NUMBERS,
    Administration,
    Death,
    WelshTreatment,
    cosd_v9,
    deaths,
    primary,
    recurrence,
    sact,
    wales_treatment,
    wales_tumour,
)
from naome_tests.pipeline.audit import PROJECT, audit, build, rows

BEFORE, MIDDLE, LAST = Quarter(2023, 4), Quarter(2024, 1), Quarter(2024, 2)
ANN, BEA, CAT = NHS_NUMBERS[:3]
BONE = [("03", "02")]


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    """Three quarters: each corrects, treats or ends what the ones before told of."""
    folder = tmp_path / "landing"
    cosd_v9(folder, "RHU", "2023-10", primary(ANN, date="2023-10-05", m="1", cns="NN"))
    cosd_v9(
        folder,
        "RHU",
        "2024-02",
        primary(ANN, date="2023-10-05", m="1", cns="Y1", treatments=[("2023-10-20", "01")]),
        recurrence(BEA, date="2024-01-10", mets=BONE),
    )
    wales_tumour(folder, "7A4", str(MIDDLE), primary(CAT, date="2024-01-02", m="1"))
    cosd_v9(folder, "R0A", "2024-05", primary(BEA, date="2023-12-30", m="1"))
    cosd_v9(folder, "R0A", "2024-06", "<BreastRecord>")
    wales_tumour(folder, "7A4", str(LAST))
    wales_treatment(folder, "7A4", str(LAST), WelshTreatment(CAT, "2024-02-01"))
    sact(folder, "2024-04", Administration(ANN, "2024-01-05"))
    deaths(folder, "2024-06", Death(ANN, "2024-05-05"))
    (folder / "lost.csv").write_text("of no quarter")
    return folder


def _warehouse() -> DuckDBWarehouse:
    return DuckDBWarehouse(duckdb.connect(":memory:"))


def _all(warehouse: DuckDBWarehouse) -> dict[str, list[str]]:
    """Every submission table and model, but who was withdrawn, and how the others came to be."""
    left = {"withdrawal", "file_version", "table_version", "check_outcome"}
    names = [*metadata.tables, *PROJECT.models]
    return {name: sorted(map(str, rows(warehouse, name))) for name in names if name not in left}


@pytest.mark.parametrize(
    ("runs", "withdrawn", "without"),
    [
        ([(BEFORE, MIDDLE), (LAST, LAST)], [LAST], [(BEFORE, MIDDLE)]),
        ([(BEFORE, MIDDLE), (MIDDLE, LAST)], [MIDDLE], [(BEFORE, BEFORE), (LAST, LAST)]),
        ([(LAST, LAST), (BEFORE, BEFORE)], [BEFORE], [(LAST, LAST)]),
    ],
)
def test_tables_are_those_of_never_having_read_it(
    landing: Path,
    runs: list[tuple[Quarter, Quarter]],
    withdrawn: list[Quarter],
    without: list[tuple[Quarter, Quarter]],
) -> None:
    taken_back, never_read = _warehouse(), _warehouse()
    for first, last in runs:
        audit(taken_back, landing, first, last)
    for first, last in without:
        audit(never_read, landing, first, last)
    assert _all(taken_back) != _all(never_read)
    # Started again after its end it changes nothing.
    for _ in range(2):
        withdraw_quarters(taken_back, withdrawn)
        build(taken_back)
        assert _all(taken_back) == _all(never_read)
    assert all(is_withdrawn(taken_back, quarter) for quarter in withdrawn)
    # Read again it is there again, and no longer taken back.
    for first, last in runs:
        audit(taken_back, landing, first, last)
        audit(never_read, landing, first, last)
    assert not any(is_withdrawn(taken_back, quarter) for quarter in withdrawn)
    assert _all(taken_back)["mbc_cohort"] == _all(never_read)["mbc_cohort"]


def test_stopped_in_the_middle_it_changes_nothing(
    landing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = _warehouse()
    audit(warehouse, landing, BEFORE, LAST)
    before = _all(warehouse)
    insert = DuckDBWarehouse.insert

    def breaks(self: DuckDBWarehouse, table: sa.Table, values: Any) -> None:
        if table.name == "withdrawal":
            raise KeyboardInterrupt
        insert(self, table, values)

    monkeypatch.setattr(DuckDBWarehouse, "insert", breaks)
    with pytest.raises(KeyboardInterrupt):
        withdraw_quarters(warehouse, [LAST])
    assert _all(warehouse) == before
    assert held_of(warehouse, LAST) == [
        ("cosd", 2, 1),
        ("deaths", 1, 1),
        ("sact", 1, 1),
        ("wales_treatment", 1, 1),
        ("wales_tumour", 1, 0),
    ]


def test_the_step_takes_back_by_its_setting(landing: Path, tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/warehouse.duckdb"
    resources = {
        "landing": LandingResource(folder=str(landing)),
        "method": MethodResource(),
        "warehouse": WarehouseResource(url=url),
    }
    for config in ({}, {"withdraw": True}):
        dg.materialize(
            [submissions],
            partition_key=LAST.partition_key,
            resources=resources,
            run_config={"ops": {"read_submissions": {"config": config}}},
        )
    opened = open_warehouse(url, read_only=True)
    assert (opened.rows("submission"), is_withdrawn(opened, LAST)) == (0, True)
    opened.close()
    # In the UI: a job of its own, its setting filled in.
    job = defs.resolve_job_def("withdraw_quarters")
    assert job.partitions_def == defs.resolve_job_def("quarterly_audit").partitions_def
    assert job.partitioned_config is not None
    filled_in = job.partitioned_config.get_run_config_for_partition_key(LAST.partition_key)
    assert filled_in == {"ops": {"read_submissions": {"config": {"withdraw": True}}}}


def _remove(*names: str) -> Callable[[Path], None]:
    def change(landing: Path) -> None:
        for name in names:
            for path in landing.glob(name):
                path.unlink()

    return change


def test_files_that_went_missing_are_distinguished_from_a_quarter_taken_back(landing: Path) -> None:
    warehouse = _warehouse()
    audit(warehouse, landing, BEFORE, LAST)
    # A nation's folder that is not there, and files that are all refused now.
    _remove("wales/registry/2024-Q1/*")(landing)
    for path in landing.glob("england/cosd/*/2023-10/*"):
        path.write_text("<cut")
    for _ in range(2):
        audit(warehouse, landing, BEFORE, LAST)
        lost = sorted((row["quarter"], row["nation"]) for row in rows(warehouse, "lost_quarter"))
        assert lost == [("2023-Q4", "England"), ("2024-Q1", "Wales")]
    withdraw_quarters(warehouse, [MIDDLE])
    assert [row["quarter"] for row in rows(warehouse, "lost_quarter")] == ["2023-Q4"]
    cosd_v9(landing, "RHU", "2023-12")
    audit(warehouse, landing, BEFORE, BEFORE)
    assert rows(warehouse, "lost_quarter") == []


def test_an_empty_landing_folder_takes_nothing_away(landing: Path, tmp_path: Path) -> None:
    warehouse = _warehouse()
    audit(warehouse, landing, BEFORE, LAST)
    held = _all(warehouse)
    unmounted = tmp_path / "unmounted"
    unmounted.mkdir()
    with pytest.raises(LandingError, match=r"nothing lies in .* 2024-Q2, which are loaded: mount"):
        audit(warehouse, unmounted, LAST, LAST)
    assert _all(warehouse) == held
