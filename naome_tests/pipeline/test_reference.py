"""The SQL pipeline gives the tables of an independent implementation of the method book."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from naome_assets.quarters import Quarter
from naome_assets.synthetic import generate
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.oracle import compute
from naome_tests.oracle.indicators import REFERENCE
from naome_tests.oracle.strategies import World, landings
from naome_tests.pipeline.audit import audit, rows
from naome_tests.pipeline.comparison import differences

#: Rules about codes are left out of the reference.
CODE_RULES = ("retired_code", "unknown_code", "not_a_code", "digits_lost")
COHORT = (
    "nation",
    "provider_code",
    "mbc_date",
    "presentation",
    "sex",
    "age_at_mbc",
    "first_evidence_date",
    "death_date",
)


def compare(landing: Path, first: Quarter, last: Quarter) -> list[str]:
    """What the pipeline and the reference say differently of a landing folder."""
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    try:
        audit(warehouse, landing, first, last)
        reference = compute(landing, first, last)
        found = differences("ledger", rows(warehouse, "ledger"), reference.ledger, ["reason"])
        faults, expected = _faults(rows(warehouse, "quarantine")), _faults(reference.quarantine)
        found += [f"quarantine: only here {fault}" for fault in sorted(faults - expected)]
        found += [f"quarantine: only in the reference {f}" for f in sorted(expected - faults)]
        # People have other names there: compare them as a bag.
        ours = sorted(str([row[c] for c in COHORT]) for row in rows(warehouse, "mbc_cohort"))
        theirs = sorted(str([row[c] for c in COHORT]) for row in reference.mbc_cohort)
        if ours != theirs:
            found.append(f"mbc_cohort: {set(ours) ^ set(theirs)}")
        for table in ("prevalence", "cns_access", "time_to_treatment"):
            found += differences(
                table,
                rows(warehouse, table),
                getattr(reference, table),
                ["geography_name", "notes"],
            )
        found += differences(
            "indicator",
            [row for row in rows(warehouse, "indicator") if row["indicator"] in REFERENCE],
            reference.indicator,
            ["geography_name"],
        )
    finally:
        warehouse.close()
    return found


def _faults(quarantine: list[dict[str, Any]]) -> set[tuple[str, int, str, str]]:
    """Faults without those of codes, which the reference leaves out.

    A record without a pathway has no date either: ruling B21 names both, and either name will do.
    """
    return {
        (
            row["file"],
            row["position"],
            row["rule"].replace("pathway_missing", "event_date_missing"),
            row["severity"],
        )
        for row in quarantine
        if row["rule"] not in CODE_RULES
    }


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    # A world shrinks for minutes; the differences already say where to look.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(world=landings())
def test_random_worlds(world: World) -> None:
    with tempfile.TemporaryDirectory() as folder:
        landing = Path(folder) / "landing"
        world.write(landing)
        assert compare(landing, world.first, world.last) == []


@pytest.mark.parametrize("first", [Quarter(2019, 4), Quarter(2023, 4)])
def test_generated_submissions(first: Quarter, tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    generate(landing, first, first + 3, scale=0.01, seed=7)
    assert compare(landing, first, first + 3) == []
