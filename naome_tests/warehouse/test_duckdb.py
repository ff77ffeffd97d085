"""The embedded warehouse, while another process has it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_assets.warehouse.engines import open_warehouse
from naome_assets.warehouse.protocol import WarehouseError

_HOLDER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""


def test_a_second_process_is_told_who_has_it_and_gets_it_afterwards(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "warehouse.duckdb"
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(WarehouseError, match="another process has held the warehouse"):
            DuckDBWarehouse.connect(path, patience=0.7)
        (told,) = caplog.messages
        assert told == f"process {holder.pid} has the warehouse {path}: waiting, at most 1 seconds"
    finally:
        holder.communicate()
    DuckDBWarehouse.connect(path, patience=0).close()


def test_a_warehouse_of_an_earlier_naome_is_refused_for_writing_and_can_be_read(
    tmp_path: Path,
) -> None:
    url = f"duckdb:///{tmp_path}/warehouse.duckdb"
    opened = open_warehouse(url)
    opened.create_submission_tables()
    opened.close()
    open_warehouse(url).close()
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("alter table submission_fault drop column item")
    with pytest.raises(WarehouseError, match="submission_fault has no column item"):
        open_warehouse(url)
    # Nothing keeps the file open: who wants to read it can.
    reader = open_warehouse(url, read_only=True)
    assert reader.has_table("submission")
    reader.close()
