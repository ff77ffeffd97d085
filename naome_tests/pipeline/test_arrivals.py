"""In whatever order files arrive and runs go: the tables end as after one run over all."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from naome_assets.quarters import Quarter
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.sources.support import V9_BREAST, cosd

from .audit import audit, rows

FIRST, LAST = Quarter(2024, 1), Quarter(2024, 2)
_TABLES = ("ledger", "quarantine", "mbc_cohort", "mbc_event", "prevalence", "cns_access")


def _document(created: str, *records: str) -> str:
    return cosd(*records).replace("2024-02-20T10:15:00", created)


_DISTANT = V9_BREAST.replace("C50.4", "C50.9")
_ARRIVALS = (
    ("england/cosd/R0A/2024-01/a.xml", _document("2024-02-20T10:15:00", V9_BREAST)),
    ("england/cosd/R0A/2024-01/same.xml", _document("2024-02-20T10:15:00", V9_BREAST)),
    ("england/cosd/R0A/2024-04/late.xml", _document("2024-05-20T10:15:00", V9_BREAST, _DISTANT)),
    ("england/cosd/R0A/2024-04/late.xml", "<broken"),
    ("england/cosd/R0A/2024-01/a.xml", None),
    ("england/cosd/R0A/2024-01/a.xml", _document("2024-06-20T10:15:00", _DISTANT)),
    ("england/cosd/R0A/2024-02/notes.txt", "x"),
    ("stray.txt", "x"),
)


def _tables(warehouse: DuckDBWarehouse) -> dict[str, list[str]]:
    return {table: sorted(str(row) for row in rows(warehouse, table)) for table in _TABLES}


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_arrivals_and_runs_is_of_no_consequence(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    landing = tmp_path / "landing"
    arrivals: list[Any] = chance.sample(_ARRIVALS, len(_ARRIVALS))
    step_by_step = DuckDBWarehouse.connect(tmp_path / "steps.duckdb")
    for number, (name, content) in enumerate(arrivals):
        path = landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            path.unlink(missing_ok=True)
        else:
            path.write_text(content)
        if number % 3 == seed % 3:
            audit(step_by_step, landing, FIRST, chance.choice((FIRST, LAST)))
    # The last run covers every quarter that has changed since it was last run.
    audit(step_by_step, landing, FIRST, LAST)
    at_once = DuckDBWarehouse.connect(tmp_path / "once.duckdb")
    audit(at_once, landing, FIRST, LAST)
    told = _tables(at_once)
    assert _tables(step_by_step) == told
    files = [row["file"] for row in rows(at_once, "ledger")]
    assert sorted(files) == sorted(
        path.relative_to(landing).as_posix() for path in landing.rglob("*") if path.is_file()
    )
    assert len(files) == len(set(files))
    for row in rows(at_once, "ledger"):
        parts = ("accepted", "superseded", "out_of_scope", "quarantined")
        assert row["received"] == sum(row[name] for name in parts)
