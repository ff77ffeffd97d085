"""PostgreSQL as the warehouse, on a real server: one writer, all or nothing, lost connections."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from naome_assets.orchestration.resources import WarehouseResource
from naome_assets.storage import StorageError
from naome_assets.synthetic import generate
from naome_assets.transform.project import load_project
from naome_assets.warehouse.declared_tables import metadata
from naome_assets.warehouse.engines import open_warehouse
from naome_assets.warehouse.postgres import PostgresWarehouse
from naome_assets.warehouse.protocol import WarehouseError, WarehouseLostError
from naome_tests.warehouse.started_run import QUARTER, start_run

FAULTS = metadata.tables["submission_fault"]

PROJECT = load_project()
FAULT = {
    "file": 'a, "b".csv',
    "position": 1,
    "quarter": "2024-Q1",
    "rule": "ragged_row",
    "severity": "error",
    "message": "",
}


@pytest.fixture
def warehouse(postgres_url: str) -> Iterator[PostgresWarehouse]:
    opened = open_warehouse(postgres_url)
    assert isinstance(opened, PostgresWarehouse)
    opened.create_submission_tables()
    yield opened
    opened.close()


def drop_connections(url: str) -> None:
    """What a restart of the server does to those connected."""
    with psycopg.connect(sa.make_url(url).set(drivername="postgresql").render_as_string()) as other:
        other.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid()"
        )


def test_values_come_back_as_they_were(warehouse: PostgresWarehouse, tmp_path: Path) -> None:
    row = {
        "file": "päth \\ 'x'.csv",
        "position": 2,
        "quarter": "2024-Q1",
        "nhs_person_id": None,
        "nhs_number_status": "",
        "registration_date": dt.date(2024, 2, 29),
        "registration_date_fault": None,
        "death_date": None,
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


def test_a_quarter_is_replaced_and_the_others_stand(warehouse: PostgresWarehouse) -> None:
    warehouse.insert(FAULTS, [FAULT, FAULT | {"quarter": "2024-Q2"}])
    warehouse.delete_quarters(FAULTS, ["2024-Q1"])
    kept = warehouse.query("select quarter from submission_fault where rule like '%row'")
    assert kept["quarter"].tolist() == ["2024-Q2"]


def test_what_fails_inside_a_transaction_leaves_nothing(warehouse: PostgresWarehouse) -> None:
    with pytest.raises(RuntimeError), warehouse.transaction():
        warehouse.insert(FAULTS, [FAULT])
        raise RuntimeError
    assert warehouse.rows("submission_fault") == 0


def test_readers_see_the_standing_table_while_it_is_replaced(
    warehouse: PostgresWarehouse, postgres_url: str
) -> None:
    for seed in PROJECT.seeds.values():
        assert warehouse.build_seed(seed) > 0
    model = PROJECT.models["organisation"]
    built = warehouse.build_model(model, PROJECT.render(model, warehouse.target))
    reader = open_warehouse(postgres_url, read_only=True)
    with pytest.raises(psycopg.Error):
        warehouse.build_model(model, "select 1 / 0 as code")
    assert reader.rows("organisation") == built
    assert warehouse.build_model(model, "select 'R1A' as code") == 1
    assert reader.columns("organisation") == [("code", "text")]
    reader.close()


def test_a_reader_cannot_write(warehouse: PostgresWarehouse, postgres_url: str) -> None:
    reader = open_warehouse(postgres_url, read_only=True)
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        reader.insert(FAULTS, [FAULT])
    reader.close()


def test_a_second_writer_waits_for_the_first(
    warehouse: PostgresWarehouse, postgres_url: str
) -> None:
    url = sa.make_url(postgres_url)
    with pytest.raises(WarehouseError, match="another run has written"):
        PostgresWarehouse.connect(url, patience=1)
    opened: list[PostgresWarehouse] = []
    waiting = threading.Thread(target=lambda: opened.append(PostgresWarehouse.connect(url)))
    waiting.start()
    waiting.join(0.5)
    assert not opened
    warehouse.close()
    waiting.join(10)
    opened[0].close()


def test_a_server_without_room_is_no_lost_connection(postgres_url: str) -> None:
    resource = WarehouseResource(url=postgres_url)
    full = (
        "raise exception 'could not extend file: No space left on device' using errcode = '53100'"
    )
    with pytest.raises(StorageError) as told, resource.connect() as warehouse:
        warehouse.query(f"do $$ begin {full}; end $$")
    assert str(told.value).startswith(
        "The warehouse cannot be written on its server: No space left on device. Every table"
    )
    resource.teardown_after_execution(None)


def test_a_lost_connection_is_named_and_undoes_the_transaction(
    warehouse: PostgresWarehouse, postgres_url: str
) -> None:
    with pytest.raises(WarehouseLostError), warehouse.transaction():
        warehouse.insert(FAULTS, [FAULT])
        drop_connections(postgres_url)
        warehouse.rows("submission_fault")
    again = open_warehouse(postgres_url)
    assert again.rows("submission_fault") == 0
    again.close()


def test_a_database_that_sorts_by_language_is_refused(postgres_url: str) -> None:
    url = sa.make_url(postgres_url)
    plain = url.set(drivername="postgresql").render_as_string()
    with psycopg.connect(plain, autocommit=True) as connection:
        try:
            connection.execute(
                "create database by_language template template0 locale 'en_GB.UTF-8'"
            )
        except psycopg.errors.WrongObjectType:
            pytest.skip("this machine knows no language to sort by")
        with pytest.raises(WarehouseError, match="locale 'C'"):
            PostgresWarehouse.connect(url.set(database="by_language"))
        connection.execute("drop database by_language")


def test_what_is_wrong_is_told_without_the_password() -> None:
    with pytest.raises(WarehouseError) as error:
        PostgresWarehouse.connect(
            sa.make_url("postgresql+psycopg://naome:secret@127.0.0.1:9/naome"), connect_patience=0
        )
    assert "secret" not in str(error.value)


def test_a_run_goes_on_when_the_server_drops_its_connection(
    postgres_url: str, tmp_path: Path
) -> None:
    generate(tmp_path / "landing", QUARTER, QUARTER, scale=0.01, seed=2)
    run = start_run(postgres_url, tmp_path)
    reader = open_warehouse(postgres_url, read_only=True)
    # In the middle: submissions stand and the registry is being built.
    while run.poll() is None and not reader.has_table("judged_record"):
        time.sleep(0.02)
    drop_connections(postgres_url)
    assert run.wait(timeout=120) == 0, (tmp_path / "errors.txt").read_text()
    again = open_warehouse(postgres_url, read_only=True)
    assert again.rows("prevalence") > 0
    assert again.query("select count(*) as n from ledger where received > 0")["n"].iloc[0] > 0
    again.close()
