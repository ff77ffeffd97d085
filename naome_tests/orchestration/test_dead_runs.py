"""Runs whose process died are ended; those that may live are not."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import dagster as dg
import pytest

from naome_assets.orchestration import dead_runs as module
from naome_assets.orchestration.dead_runs import (
    PROCESS_TAG,
    end_dead_runs,
    own,
    process_tags,
)
from naome_assets.orchestration.sensors.dead_runs import dead_runs
from naome_assets.orchestration.sensors.late_files import _UNFINISHED
from naome_assets.processes import Process, here

#: No process has this number: it is above the most that there are.
DEAD = Process(here(), 2**22 + 1, "a-1")
STATUS = dg.DagsterRunStatus


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        yield instance


@dg.job
def job() -> None:
    """A job that never runs here."""


def begun(
    instance: dg.DagsterInstance,
    process: Process | None,
    status: dg.DagsterRunStatus = STATUS.STARTED,
    **tags: str,
) -> str:
    run = instance.create_run_for_job(job, status=status, tags=tags)
    if process is not None:
        instance.add_run_tags(run.run_id, {PROCESS_TAG: f"{process} {run.run_id}"})
    return run.run_id


def status(instance: dg.DagsterInstance, run_id: str) -> dg.DagsterRunStatus:
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run.status


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (STATUS.NOT_STARTED, STATUS.FAILURE),
        (STATUS.STARTING, STATUS.FAILURE),
        (STATUS.STARTED, STATUS.FAILURE),
        (STATUS.CANCELING, STATUS.CANCELED),
        (STATUS.SUCCESS, STATUS.SUCCESS),
    ],
)
def test_a_run_of_a_dead_process_is_ended(
    instance: dg.DagsterInstance, before: dg.DagsterRunStatus, after: dg.DagsterRunStatus
) -> None:
    run_id = begun(instance, DEAD, before)
    assert end_dead_runs(instance) == ([run_id] if before != after else [])
    assert status(instance, run_id) == after
    # The sensor for late files waits no longer.
    assert instance.get_runs_count(dg.RunsFilter(statuses=_UNFINISHED)) == 0


def test_runs_that_may_live_are_left(instance: dg.DagsterInstance) -> None:
    living = begun(instance, Process.this())
    elsewhere = begun(instance, replace(DEAD, place="another-machine"))
    # Started once more after its process died: its tags are those of the run before.
    again = begun(instance, None, STATUS.STARTED, **{PROCESS_TAG: f"{DEAD} the run before"})
    of_another_project = begun(instance, None)
    just_begun = begun(instance, None, **{"naome/reason": "data freeze"})
    assert end_dead_runs(instance) == []
    for run_id in (living, elsewhere, again, of_another_project, just_begun):
        assert status(instance, run_id) == STATUS.STARTED


def test_a_run_without_a_process_is_ended_after_a_day(instance: dg.DagsterInstance) -> None:
    ours = begun(instance, None, **{"naome/reason": "command line"})
    other = begun(instance, None)
    with patch.object(module, "_SILENCE", dt.timedelta(0)):
        time.sleep(0.01)
        assert end_dead_runs(instance) == [ours]
    assert status(instance, other) == STATUS.STARTED


def test_a_run_that_ended_by_itself_meanwhile_stays_so(instance: dg.DagsterInstance) -> None:
    run_id = begun(instance, DEAD)
    records = instance.get_run_records()
    run = instance.get_run_by_id(run_id)
    assert run is not None
    instance.report_run_canceled(run)
    with patch.object(instance, "get_run_records", lambda _filters: records):
        assert end_dead_runs(instance) == []
    assert status(instance, run_id) == STATUS.CANCELED


def test_its_place_in_the_pool_is_free(instance: dg.DagsterInstance) -> None:
    storage = instance.event_log_storage
    storage.set_concurrency_slots("warehouse", 1)
    run_id = begun(instance, DEAD)
    storage.claim_concurrency_slot("warehouse", run_id, "step")
    assert end_dead_runs(instance) == [run_id]
    assert storage.get_concurrency_info("warehouse").active_slot_count == 0


def test_a_run_of_the_ui_notes_its_process_once(instance: dg.DagsterInstance) -> None:
    run_id = begun(instance, DEAD)
    for _ in range(2):
        run = instance.get_run_by_id(run_id)
        assert run is not None
        own(instance, run)
    run = instance.get_run_by_id(run_id)
    assert run is not None
    assert process_tags(run_id).items() <= run.tags.items()
    assert end_dead_runs(instance) == []


def test_the_sensor_ends_them_and_asks_for_nothing(instance: dg.DagsterInstance) -> None:
    run_id = begun(instance, DEAD)
    answer = dead_runs(dg.build_sensor_context(instance))
    assert isinstance(answer, dg.SkipReason)
    assert run_id in str(answer.skip_message)
    assert dead_runs.default_status == dg.DefaultSensorStatus.RUNNING
