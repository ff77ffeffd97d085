"""The embedded warehouse, while another process has it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from naome_assets.warehouse.duckdb import DuckDBWarehouse
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
