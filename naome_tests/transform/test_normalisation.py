"""Values that were not written as in the standard: counted by convention, and read all the same."""

from __future__ import annotations

from pathlib import Path

import duckdb

from naome_assets.quarters import Quarter
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.pipeline.audit import audit, rows
from naome_tests.sources.support import V9_BREAST, cosd, put

QUARTER = Quarter(2024, 1)
TYPED = (
    V9_BREAST.replace('"C50.4"', '" c50.4"')
    .replace('"L"', '"l"')
    .replace("</PrimaryPathway>", "{stage}</PrimaryPathway>")
    .replace("</BreastRecord>", "{treatment}</BreastRecord>")
    .format(
        stage=(
            "<Staging><TnmStageGroupingIntegrated>stage 4 b</TnmStageGroupingIntegrated></Staging>"
        ),
        treatment=(
            "<Treatment><TreatmentStartDateCancer>2024-01-12</TreatmentStartDateCancer>"
            '<CancerTreatmentModalityRegistration code="1"/></Treatment>'
        ),
    )
)


def test_by_hand(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    other = V9_BREAST.replace("22222222", "44444444").replace("2024-01-10", "2024-01-11")
    put(landing, "england/cosd/R0A/2024-01/a.xml", cosd(TYPED, other))
    put(landing, "england/cosd/R0A/2024-02/b.xml", cosd(other))
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    audit(warehouse, landing, QUARTER, QUARTER)
    found = {
        (row["provider"], row["item_code"], row["convention"]): (row["given"], row["changed"])
        for row in rows(warehouse, "normalisation")
    }
    assert found == {
        # Blanks at the ends are gone before; C50.4 has its dot in all three records.
        ("R0A", "CR0370", "dots"): (3, 3),
        ("R0A", "CR0370", "lower_case"): (3, 1),
        ("R0A", "CR0380", "lower_case"): (3, 1),
        ("R0A", "CR0610", "blanks"): (1, 1),
        ("R0A", "CR0610", "lower_case"): (1, 1),
        ("R0A", "CR0610", "stage_word"): (1, 1),
        ("R0A", "CR2040", "leading_zero"): (1, 1),
    }
    assert {row["rule"] for row in rows(warehouse, "quarantine")} == {"sex_missing"}
    (event,) = rows(warehouse, "mbc_event")
    assert event["evidence_rule"] == 1
