"""The headline: which quarter and nation its figures are of, and what became of the files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from naome_assets.publication.headline import (
    every_file_was_refused,
    headline_page,
    show_headline,
)
from naome_assets.quarters import Quarter
from naome_assets.warehouse.duckdb import DuckDBWarehouse

FIRST, LAST = Quarter(2024, 1), Quarter(2024, 2)
PLACE = "'nation' as geography_type, 'England' as geography_name, 'all' as presentation"
TABLES = {
    "ledger": "select * from (values "
    "('2023-Q4', 'rejected', 900, 0, 0, 0, 0), ('2024-Q1', 'loaded', 1200, 1000, 100, 60, 40), "
    "('2024-Q2', 'rejected', 0, 0, 0, 0, 0)) "
    "as t (quarter, status, received, accepted, superseded, out_of_scope, quarantined)",
    "reporting_quarter": "select '2024-Q1' as quarter, true as is_england_reported, "
    "false as is_wales_reported",
    "generated_quarter": "select '2024-Q1' as quarter where false",
    "publication_vintage": "select 1 as number, '2024-Q1' as vintage, '2022-Q1' as first_quarter, "
    "'under_5' as profile, '1' as method_version, '0.1.0' as code_version",
    "published_prevalence": f"select '2024-Q1' as quarter, 'registry' as method, {PLACE}, "
    "'all' as sex, "
    "'all' as age_band, 'all' as years_since_mbc, 1234 as people, 2.04 as rate_per_100k, "
    "1.0 as rate_lower_95, null as rate_upper_95",
    "published_cns_access": f"select '2024-Q1' as quarter, 'rolling_12m' as period, {PLACE}, "
    "90 as patients, 81.0 as completeness_pct, 77.0 as seen_pct_of_recorded, 60.0 as lower_95, "
    "88.0 as upper_95",
    "published_time_to_treatment": f"select '2024-Q1' as quarter, 'rolling_12m' as period, "
    f"{PLACE}, 'any' as modality, 90 as patients, 80 as treated, 50.0 as within_31d_pct, "
    "70.0 as within_62d_pct, 31.0 as median_days",
}


@pytest.fixture
def warehouse() -> Iterator[DuckDBWarehouse]:
    connection = duckdb.connect(":memory:")
    for name, rows in TABLES.items():
        connection.execute(f"create table {name} as {rows}")
    held = DuckDBWarehouse(connection)
    yield held
    held.close()


def test_files_count_in_the_quarters_asked_for(warehouse: DuckDBWarehouse) -> None:
    assert not every_file_was_refused(warehouse, FIRST, LAST)
    assert every_file_was_refused(warehouse, LAST, LAST)
    # Nothing found is not everything refused.
    assert not every_file_was_refused(warehouse, Quarter(2025, 1), Quarter(2025, 2))


def test_the_page_says_what_is_missing_and_adds_up(warehouse: DuckDBWarehouse) -> None:
    page = headline_page(warehouse, FIRST, LAST)
    assert (
        "2024-Q2 is not reported: no tumour file was loaded for it. The figures are of 2024-Q1."
        in page
    )
    assert "Wales is not reported in 2024-Q1" in page
    assert "People living with metastatic breast cancer on 31 March 2024" in page
    assert "| England | 1,234 | 2.0 | 1.0 |  |" in page
    assert (
        "2 files (1 refused), 1,200 records: 1,000 accepted, 100 superseded, 60 out of scope, "
        "40 quarantined."
    ) in page
    assert "Data vintage 2024-Q1, data from 2022-Q1; disclosure profile under_5" in page
    assert "Generated data" not in page
    warehouse.connection.execute("insert into generated_quarter values ('2024-Q1')")
    assert "**Generated data" in headline_page(warehouse, FIRST, LAST)


def test_the_terminal_names_the_files_that_are_there(
    warehouse: DuckDBWarehouse, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "csv").mkdir()
    show_headline(warehouse, FIRST, FIRST, tmp_path)
    shown = capsys.readouterr().out
    assert "1,234" in shown
    assert "1 files (0 refused)" in shown
    assert "CSV files: " in shown
    assert "Workbook: " not in shown
    assert "The figures are of" not in shown
