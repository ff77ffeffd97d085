"""Spark as the warehouse, on a real server: values, errors, a killed run and a killed server."""

from __future__ import annotations

import datetime as dt
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from naome_assets.synthetic import generate
from naome_assets.transform.project import load_project
from naome_assets.warehouse.declared_tables import metadata
from naome_assets.warehouse.engines import open_warehouse
from naome_assets.warehouse.protocol import Warehouse, WarehouseError
from naome_tests.pipeline.audit import audit
from naome_tests.spark_server import HAS_SPARK, WHY_NOT, SparkServer
from naome_tests.warehouse.started_run import QUARTER, start_run

FAULTS = metadata.tables["submission_fault"]

pytestmark = pytest.mark.skipif(not HAS_SPARK, reason=WHY_NOT)

PROJECT = load_project()


@pytest.fixture
def warehouse(spark_server: SparkServer, tmp_path: Path) -> Iterator[Warehouse]:
    opened = open_warehouse(spark_server.url(tmp_path / "warehouse"))
    opened.create_submission_tables()
    yield opened
    opened.close()


def test_values_come_back_as_they_were(warehouse: Warehouse, tmp_path: Path) -> None:
    row = {
        "file": "päth \\ 'x'.csv",
        "position": 2,
        "quarter": "2024-Q1",
        "nhs_person_id": None,
        "nhs_number_status": "",
        "registration_date": dt.date(2024, 2, 29),
        "registration_date_fault": None,
        "death_date": dt.date(1, 1, 1),
        "death_date_fault": "unreadable",
        "underlying_cause": "C50;\nC79",
        "causes": "NULL",
    }
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "part.parquet")
    assert (
        warehouse.load_parquet(metadata.tables["death_registration"], tmp_path / "part.parquet")
        == 1
    )
    assert warehouse.arrow("select * from death_registration").to_pylist() == [row]
    found = warehouse.query("select position from death_registration where file = ?", [row["file"]])
    assert found["position"].tolist() == [2]


def test_whole_numbers_stay_whole(warehouse: Warehouse) -> None:
    frame = warehouse.query(
        "select cast(null as integer) as n, 1 as whole, 0.5 as share "
        "union all select 2, 3, 1.5 order by whole"
    )
    assert [str(type_) for type_ in frame.dtypes] == ["Int32", "int32", "float64"]


def test_a_view_follows_the_tables_it_reads(warehouse: Warehouse) -> None:
    view = PROJECT.models["stg_sact__administration"]
    warehouse.build_model(view, "select rule from main.submission_fault")
    assert (warehouse.rows(view.name), warehouse.columns(view.name)) == (0, [("rule", "string")])
    fault = {"file": "a", "position": 1, "quarter": "2024-Q1", "rule": "x", "severity": "error"}
    warehouse.insert(FAULTS, [fault, fault | {"quarter": "2024-Q2"}])
    assert warehouse.rows(view.name) == 2
    warehouse.delete_quarters(FAULTS, ["2024-Q1"])
    assert warehouse.rows(view.name) == 1


def test_a_table_stands_until_the_next_is_whole(warehouse: Warehouse) -> None:
    for seed in PROJECT.seeds.values():
        assert warehouse.build_seed(seed) > 0
    model = PROJECT.models["organisation"]
    built = warehouse.build_model(model, PROJECT.render(model, warehouse.target))
    with pytest.raises(WarehouseError, match="could not compute organisation: DIVIDE_BY_ZERO"):
        warehouse.build_model(model, "select 1 / 0 as code")
    assert warehouse.rows("organisation") == built


def test_no_value_of_a_row_is_told(warehouse: Warehouse, capfd: pytest.CaptureFixture[str]) -> None:
    fault = {"file": "Jane Roe", "position": 1, "quarter": "2024-Q1", "rule": "x"}
    warehouse.insert(FAULTS, [fault | {"severity": "error"}])
    with pytest.raises(WarehouseError) as error:
        warehouse.query(
            "select cast(file as integer) from submission_fault where rule = 'secret' or true"
        )
    assert error.value.__suppress_context__
    told = str(error.value) + "".join(capfd.readouterr())
    assert "CAST_INVALID_INPUT" in told
    assert "Jane" not in told
    assert "secret" not in told


def test_a_table_that_is_not_there_is_told(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseError, match="no table nowhere"):
        warehouse.query("select 1 from nowhere")


def test_a_url_without_its_parts_is_told(tmp_path: Path) -> None:
    for url in ("spark+connect:///folder", "spark+connect://host:1"):
        with pytest.raises(WarehouseError, match="spark\\+connect://host:15002/shared/folder"):
            open_warehouse(url)


def wait_for_table(run: subprocess.Popen[bytes], warehouse: Path, table: str) -> None:
    manifest = warehouse / "manifest.json"
    while run.poll() is None and not (manifest.exists() and f'"{table}"' in manifest.read_text()):
        time.sleep(0.05)


def test_a_run_goes_on_after_its_process_and_the_server_were_killed(
    spark_server: SparkServer, tmp_path: Path
) -> None:
    generate(tmp_path / "landing", QUARTER, QUARTER, scale=0.01, seed=2)
    folder = tmp_path / "warehouse"
    url = spark_server.url(folder)
    # In the middle: submissions stand and the registry is being built.
    run = start_run(url, tmp_path)
    wait_for_table(run, folder, "received_record")
    run.send_signal(signal.SIGKILL)
    run.wait()
    run = start_run(url, tmp_path)
    wait_for_table(run, folder, "mbc_cohort")
    spark_server.stop()
    spark_server.start()
    assert run.wait(timeout=560) == 0, (tmp_path / "errors.txt").read_text()[-3000:]

    again = open_warehouse(url, read_only=True)
    undisturbed = open_warehouse(f"duckdb:///{tmp_path}/undisturbed.duckdb")
    audit(undisturbed, tmp_path / "landing", QUARTER, QUARTER)
    counted = "select sum(received) as n from ledger"
    assert again.arrow(counted).to_pylist() == undisturbed.arrow(counted).to_pylist()
    for table in ("prevalence", "indicator", "published_indicator"):
        assert again.rows(table) > 0
    again.close()
    undisturbed.close()
