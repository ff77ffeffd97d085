"""The SQL pipeline gives the tables of an independent implementation of the method book."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from naome_assets.quarters import Quarter
from naome_assets.synthetic import generate
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.oracle import compute
from naome_tests.oracle.strategies import World, landings
from naome_tests.pipeline.audit import audit, rows
from naome_tests.pipeline.comparison import differences

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
        listed, expected = faults(rows(warehouse, "quarantine")), faults(reference.quarantine)
        found += [f"quarantine: only here {fault}" for fault in sorted(listed - expected)]
        found += [f"quarantine: only in the reference {f}" for f in sorted(expected - listed)]
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
        for table in ("indicator", "data_quality"):
            found += differences(
                table, rows(warehouse, table), getattr(reference, table), ["geography_name"]
            )
    finally:
        warehouse.close()
    return found


def faults(quarantine: list[dict[str, Any]]) -> set[tuple[str, int, str, str]]:
    """What is listed, and how grave it is.

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
    }


#: CI compares the same worlds each time; ``NAOME_WORLDS=200`` compares so many new ones. A
#: difference is printed with their seed, and ``NAOME_WORLDS_SEED`` draws them again.
NEW_WORLDS = int(os.environ.get("NAOME_WORLDS", "0"))
SEED = int(os.environ.get("NAOME_WORLDS_SEED") or secrets.randbelow(2**32))


def _drawn(test: Callable[[World], None]) -> Callable[[World], None]:
    """Fixed worlds, or new ones."""
    # A world shrinks for minutes; the differences already say where to look.
    common = settings(
        max_examples=NEW_WORLDS or 16,
        deadline=None,
        derandomize=not NEW_WORLDS,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    return common(seed(SEED)(test) if NEW_WORLDS else test)


@_drawn
@given(world=landings())
def test_random_worlds(world: World) -> None:
    with tempfile.TemporaryDirectory() as folder:
        landing = Path(folder) / "landing"
        world.write(landing)
        again = f"NAOME_WORLDS={NEW_WORLDS} NAOME_WORLDS_SEED={SEED}" if NEW_WORLDS else "as in CI"
        assert compare(landing, world.first, world.last) == [], f"drawn again by {again}"


@pytest.mark.parametrize("first", [Quarter(2019, 4), Quarter(2023, 4)])
def test_generated_submissions(first: Quarter, tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    generate(landing, first, first + 3, scale=0.01, seed=7)
    assert compare(landing, first, first + 3) == []
