"""A publication is read from the warehouse as it was stored there."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from naome_assets.publication.store import read_publication
from naome_assets.warehouse.duckdb import DuckDBWarehouse

VINTAGES = """
create table publication_vintage as select * from (values
    (1, '2023-Q4', '2023-Q4', '2022-Q1', 'under_5', 'words', '1', '0.1.0', cast(null as text)),
    (2, '2024-Q1', '2024-Q1', '2022-Q1', 'under_10', 'words', '1', '0.1.0', '2024-Q1 Wales'),
    (3, '2024-Q2', '2024-Q2', '2022-Q1', 'under_10', 'words', '1', '0.1.0', cast(null as text))
) as t (number, vintage, quarter, first_quarter, profile, profile_words, method_version,
    code_version, not_reported)
"""


#: A count of a nation that the third vintage changed, and one that it did not.
REVISIONS = """
create table revision as select '2023-Q4' as quarter, 'cns_access' as table_name,
    'rolling_12m|nation|W92000004|all' as row_key, measure, value, false as suppressed,
    vintage_number, case when vintage_number > 1 then 'late records' end as reason
from (values ('patients', 90, 1), ('patients', 92, 3), ('seen_pct_of_recorded', 70, 1)) as t
    (measure, value, vintage_number)
"""


@pytest.fixture
def warehouse() -> Iterator[DuckDBWarehouse]:
    held = DuckDBWarehouse(duckdb.connect(":memory:"))
    held.connection.execute(REVISIONS)
    yield held
    held.close()


def test_nothing_published_is_said(warehouse: DuckDBWarehouse) -> None:
    with pytest.raises(ValueError, match="nothing was published yet: run `naome run`"):
        read_publication(warehouse)


def test_the_latest_vintage_is_read_with_the_tables_that_are_there(
    warehouse: DuckDBWarehouse,
) -> None:
    warehouse.connection.execute(VINTAGES)
    warehouse.connection.execute("create table published_cns_access as select 5 as patients")
    warehouse.connection.execute("create table cns_access as select 4 as patients")
    warehouse.connection.execute("create table prevalence as select 3 as people")
    found = read_publication(warehouse)
    assert {name: table.to_dict("records") for name, table in found.tables.items()} == {
        "cns_access": [{"patients": 5}]
    }
    info = found.statement
    assert (info.vintage, info.quarter, info.profile) == ("2024-Q2", "2024-Q2", "under_10")
    # An older version wrote no `generated`, and nothing is missing from this vintage.
    assert (info.not_reported, info.generated) == ("", "")
    assert found.vintage_before == "2024-Q1"
    changed = found.changes[["measure", "value_before", "value", "geography_code", "reason"]]
    assert changed.to_dict("records") == [
        {
            "measure": "patients",
            "value_before": 90,
            "value": 92,
            "geography_code": "W92000004",
            "reason": "late records",
        }
    ]


def test_a_nation_that_is_missing_is_named_and_the_first_vintage_has_none_before(
    warehouse: DuckDBWarehouse,
) -> None:
    warehouse.connection.execute(VINTAGES)
    warehouse.connection.execute("delete from publication_vintage where number <> 2")
    found = read_publication(warehouse)
    assert found.statement.missing_nation() == "Wales"
    assert found.statement.missing_nation("2023-Q4") == ""
    assert found.vintage_before == ""
    assert found.tables == {}
