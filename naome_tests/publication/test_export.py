"""Exported tables: no cell starts a formula."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa

from naome_assets.publication.export import export_tables
from naome_assets.warehouse.duckdb import DuckDBWarehouse


def test_no_cell_of_a_csv_starts_a_formula(tmp_path: Path) -> None:
    warehouse = DuckDBWarehouse.connect(tmp_path / "w.duckdb")
    codes = ["=A1", "+A1", "-A1", "@A1", "\tA1", "RJ1", None]
    sent = pa.table({"geography_code": pa.array(codes, pa.string()), "value": [-1.5] * len(codes)})
    warehouse.replace_table("prevalence", sent)
    [(path, count)] = export_tables(warehouse, tmp_path / "out", "csv")
    warehouse.close()
    with path.open(newline="") as file:
        held = [(row["geography_code"], row["value"]) for row in csv.DictReader(file)]
    assert count == len(codes)
    assert sorted(code for code, _ in held) == sorted(
        ["'=A1", "'+A1", "'-A1", "'@A1", "'\tA1", "RJ1", ""]
    )
    assert {value for _, value in held} == {"-1.5"}, "numbers below zero stay numbers"
