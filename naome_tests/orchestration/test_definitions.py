"""What Dagster is told: assets, checks, job, schedule."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.execution.asset_backfill import AssetBackfillData
from dagster._utils.schedules import schedule_execution_time_iterator

from naome_assets.checks.suites import RULES
from naome_assets.contract.published_tables import PUBLISHED_TABLES, published_name
from naome_assets.contract.submissions import TABLES
from naome_assets.figures.computed_tables import COMPUTED
from naome_assets.orchestration.assets import quarters_there
from naome_assets.orchestration.assets.published_tables import published_tables
from naome_assets.orchestration.assets.reference_data import build_seed_assets
from naome_assets.orchestration.calendar import last_due
from naome_assets.orchestration.definitions import defs, project
from naome_assets.orchestration.jobs import quarterly_audit
from naome_assets.orchestration.resources import WAREHOUSE_POOL
from naome_assets.orchestration.schedules import quarterly_schedule
from naome_assets.orchestration.sensors.quarters_there import missing_quarters
from naome_assets.orchestration.source import with_code_references
from naome_assets.quarters import Quarter, quarter_range


def test_every_table_is_an_asset_with_a_description() -> None:
    graph = defs.resolve_asset_graph()
    keys = {key.to_user_string() for key in graph.get_all_asset_keys()}
    tables = {table.name for table in TABLES if table.group != "key"}
    computed = set(COMPUTED)
    published = {published_name(table) for table in PUBLISHED_TABLES}
    computed |= published | {"publication_vintage", "revision", "publication_files"}
    assert keys == tables | computed | set(project.models) | set(project.seeds)
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.description, key
        assert node.owners == ["team:naome"]


def test_figures_trace_back_to_the_submissions() -> None:
    graph = defs.resolve_asset_graph()
    upstream = graph.upstream_key_iterator(dg.AssetKey("cns_access"))
    names = {key.to_user_string() for key in upstream}
    assert {"cosd_record", "wales_tumour", "registry_cohort", "audit_run"} <= names
    assert "sact_administration" not in names  # treatment has no say in nurse contact


@pytest.mark.parametrize(
    ("url", "engine"),
    [
        ("", "duckdb"),
        ("postgresql+psycopg://nobody@nowhere/naome", "postgresql"),
        ("spark+connect://nowhere:15002/folder", "spark"),
    ],
)
def test_loading_is_light_and_names_the_engine_of_the_warehouse(url: str, engine: str) -> None:
    """Without what only runs need; each table says where it really is."""
    code = (
        "import json, sys; from naome_assets.orchestration.definitions import defs;"
        "heavy = [m for m in ('great_expectations', 'pyspark', 'scipy', 'statsmodels', 'numpy',"
        " 'pandas', 'pyarrow', 'duckdb', 'jinja2', 'lxml', 'sqlglot', 'sqlalchemy')"
        " if m in sys.modules];"
        "graph = defs.resolve_asset_graph();"
        "kinds = {k.to_user_string(): sorted(graph.get(k).kinds)"
        " for k in graph.get_all_asset_keys()};"
        "print(json.dumps([heavy, kinds]))"
    )
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env=os.environ | {"NAOME_WAREHOUSE": url},
        capture_output=True,
        check=True,
    ).stdout
    heavy, kinds = json.loads(said)
    assert heavy == []
    assert kinds.pop("publication_files") == ["excel", "html", "python"]
    for asset, shown in kinds.items():
        assert {"duckdb", "postgresql", "spark"} & set(shown) == {engine}, asset


def test_whatever_opens_the_warehouse_is_in_its_pool() -> None:
    job = defs.resolve_job_def(quarterly_audit.name)
    steps = [node.definition for node in job.graph.nodes]
    assert len(steps) > 40
    for step in steps:
        assert isinstance(step, dg.OpDefinition)
        assert step.pool == WAREHOUSE_POOL, step.name
        assert "warehouse" in step.required_resource_keys, step.name


def test_every_table_with_quarters_is_asked_whether_they_are_there() -> None:
    graph = defs.resolve_asset_graph()
    quarterly = {key for key in graph.get_all_asset_keys() if graph.get(key).is_partitioned}
    assert {key.asset_key for key in quarters_there.CHECKS} == quarterly
    # By the time at which it was made, an old quarter made today is fresh.
    assert not any(graph.get(key).freshness_policy for key in graph.get_all_asset_keys())


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-29T09:00", "2026-Q3"),
        ("2026-11-21T11:59", "2026-Q2"),
        ("2026-11-21T12:00", "2026-Q3"),
        ("2026-12-01T00:00", "2026-Q3"),
        ("2026-10-31T12:00", "2026-Q2"),
        ("2027-01-22T12:00", "2026-Q3"),
        ("2026-05-21T10:59", "2025-Q4"),
        ("2026-05-21T11:00", "2026-Q1"),  # British summer time
    ],
)
def test_a_quarter_is_due_the_day_after_its_freeze(now: str, due: str) -> None:
    assert str(last_due(dt.datetime.fromisoformat(now).replace(tzinfo=dt.UTC))) == due


def test_missing_quarters_are_named_however_lately_others_were_made() -> None:
    now = dt.datetime(2026, 11, 29, tzinfo=dt.UTC)
    figures, files = dg.AssetKey("cns_access"), dg.AssetKey("submission")

    def told(instance: dg.DagsterInstance) -> tuple[bool, str]:
        [own] = quarters_there.judge(instance, [figures], now)
        return own.passed, own.description or ""

    with dg.DagsterInstance.ephemeral() as instance:
        assert told(instance) == (False, "never made; due: 2026-Q3")
        for key in (figures, files):
            for partition in ("2024-07-01", "2024-10-01"):
                made = dg.AssetMaterialization(key, partition=partition)
                instance.report_runless_asset_event(made)
        assert told(instance) == (
            False,
            "7 quarters are missing: 2025-Q1, 2025-Q2, 2025-Q3, 2025-Q4, 2026-Q1, 2026-Q2, 2026-Q3",
        )
        for quarter in quarter_range(Quarter(2025, 1), Quarter(2026, 3)):
            made = dg.AssetMaterialization(figures, partition=quarter.partition_key)
            instance.report_runless_asset_event(made)
        assert told(instance) == (True, "every quarter that is due is there")


def test_the_sensor_tells_of_missing_quarters_once() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        first = missing_quarters(dg.build_sensor_context(instance))
        again = missing_quarters(dg.build_sensor_context(instance, cursor=first.cursor))
    assert {event.asset_check_key for event in first.asset_events} == set(quarters_there.CHECKS)
    assert not any(event.passed for event in first.asset_events)
    assert list(again.asset_events) == []


def test_every_asset_says_where_its_source_is() -> None:
    graph = defs.resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        references = graph.get(key).metadata["dagster/code_references"].code_references
        paths = [Path(reference.source.partition(":")[0]) for reference in references]
        assert all(path.is_file() for path in paths), key
        assert paths[-1].suffix == ".py"
        name = key.to_user_string()
        if name in project.models:
            assert paths[0] == project.models[name].path.resolve()
        assert all(not Path(reference.label).is_absolute() for reference in references)


def test_a_team_may_name_the_address_of_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAOME_SOURCE_URL", "https://code.example.org/naome/v1/")
    [own] = with_code_references([build_seed_assets(project)], project)
    for spec in own.specs:
        first, second = spec.metadata["dagster/code_references"].code_references
        assert first.url.startswith("https://code.example.org/naome/v1/dbt_like_sql/seeds/")
        assert "/naome/v1/naome_assets/orchestration/assets/reference_data.py#L" in second.url


def test_the_schedule_follows_the_data_freeze() -> None:
    ticks = schedule_execution_time_iterator(
        dt.datetime(2025, 1, 1, tzinfo=dt.UTC).timestamp(),
        quarterly_schedule.cron_schedule,  # type: ignore[arg-type]
        quarterly_schedule.execution_timezone,
    )
    year = [f"{next(ticks):%d %b %H:%M %Z}" for _ in range(4)]
    assert year == ["20 Feb 06:00 GMT", "20 May 06:00 BST", "20 Aug 06:00 BST", "20 Nov 06:00 GMT"]


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


def test_a_backfill_of_everything_reaches_everything() -> None:
    """As the UI asks for it: Dagster refuses one that misses a part of a step."""
    graph = defs.resolve_asset_graph()
    keys = list(graph.get_all_asset_keys())
    quarters = ["2015-01-01", "2015-04-01", "2024-10-01"]
    with dg.DagsterInstance.ephemeral() as instance:
        asked = AssetBackfillData.from_asset_partitions(
            graph, quarters, keys, instance, time.time(), all_partitions=False
        ).target_subset
    assert asked.asset_keys == set(keys)
    for key in keys:
        if graph.get(key).is_partitioned:
            assert list(asked.get_partitions_subset(key).get_partition_keys()) == quarters, key


@pytest.mark.parametrize("job", ["quarterly_audit", "withdraw_quarters"])
def test_several_quarters_of_a_job_are_one_run(job: str) -> None:
    """When they are launched from its page in the UI."""
    assert defs.resolve_job_def(job).backfill_policy == dg.BackfillPolicy.single_run()


def test_a_blocking_check_compares_with_what_was_made_before() -> None:
    """In a backfill too, where each stage is a run."""
    graph = defs.resolve_asset_graph()
    compared = [(dg.AssetKey(r.asset), t) for r in RULES if r.is_critical for t in r.after]
    assert len(compared) > 5
    for key, table in compared:
        # Whichever published table is asked for, all are made.
        same_step = set(graph.get(key).execution_set_entity_keys)
        if key in published_tables.keys:
            same_step |= published_tables.keys
        above = set(graph.upstream_key_iterator(key))
        assert dg.AssetKey(table) in above | set(same_step), (key, table)


def test_workspace_names_the_code_location() -> None:
    assert "location_name: naome" in Path("workspace.yaml").read_text()
