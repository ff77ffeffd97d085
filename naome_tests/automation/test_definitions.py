"""What Dagster is told: assets, checks, job, schedule."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from naome_assets.automation.schedules import quarterly_schedule
from naome_assets.definitions import defs, project
from naome_assets.publication.published import PUBLISHED_TABLES, published_name
from naome_assets.statistics.tables import COMPUTED
from naome_assets.warehouse.tables import metadata


def test_every_table_is_an_asset_with_a_description() -> None:
    graph = defs.resolve_asset_graph()
    keys = {key.to_user_string() for key in graph.get_all_asset_keys()}
    tables = set(metadata.tables) - {"key_fingerprint"}
    computed = set(COMPUTED)
    published = {published_name(table) for table in PUBLISHED_TABLES}
    computed |= published | {"publication_vintage", "revision", "publication_files"}
    assert keys == tables | computed | set(project.models) | set(project.seeds)
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.description, key
        assert node.owners == ["team:naome"]
        assert node.kinds


def test_figures_trace_back_to_the_submissions() -> None:
    graph = defs.resolve_asset_graph()
    upstream = graph.upstream_key_iterator(dg.AssetKey("cns_access"))
    names = {key.to_user_string() for key in upstream}
    assert {"cosd_record", "wales_tumour", "mbc_cohort", "audit_run"} <= names
    assert "sact_administration" not in names  # treatment has no say in nurse contact


def test_loading_needs_no_great_expectations() -> None:
    code = (
        "import sys, naome_assets.definitions;"
        "sys.exit('great_expectations' in sys.modules or 'matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("tick", "partition"),
    [
        (dt.datetime(2024, 5, 20, 6, tzinfo=dt.UTC), "2024-01-01"),
        (dt.datetime(2025, 2, 20, 6, tzinfo=dt.UTC), "2024-10-01"),
    ],
)
def test_schedule_runs_the_last_whole_quarter(tick: dt.datetime, partition: str) -> None:
    context = dg.build_schedule_context(scheduled_execution_time=tick)
    request = quarterly_schedule(context)
    assert isinstance(request, dg.RunRequest)
    assert request.partition_key == partition


def test_workspace_names_the_code_location() -> None:
    assert "location_name: naome" in Path("workspace.yaml").read_text()
