"""Runs whose process died: they are ended, so that nothing waits for them.

Nobody else does it: a run of the command line has no launcher, and the launcher of the UI cannot
tell whether the process of a run still lives. Each run therefore notes its process in a tag.
"""

from __future__ import annotations

import datetime as dt

import dagster as dg

from naome_assets.processes import Process

#: Tag of a run: its process, and the run itself, because a run that is started once more takes its
#: tags from the one before.
PROCESS_TAG = "naome/process"
_UNDER_WAY = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
#: Runs of an earlier naome noted no process: after so long without a sign none lives.
_SILENCE = dt.timedelta(days=1)
_GONE = "The process of this run is gone: it was killed, or its machine stopped."


def process_tags(run_id: str) -> dict[str, str]:
    """Tags by which a run names this process as its own."""
    return {PROCESS_TAG: f"{Process.this()} {run_id}"}


def own(instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    """Note that a run takes place in this process."""
    tags = process_tags(run.run_id)
    if not tags.items() <= run.tags.items():
        instance.add_run_tags(run.run_id, tags)


def end_dead_runs(instance: dg.DagsterInstance) -> list[str]:
    """Mark runs whose process died as failed, or as canceled where that was asked for.

    A run of another place (``naome_assets.processes.here``) is left alone.

    Returns:
        Their ids.
    """
    ended = []
    for record in instance.get_run_records(dg.RunsFilter(statuses=_UNDER_WAY)):
        run_id = record.dagster_run.run_id
        if not _is_dead(record):
            continue
        # It may have ended by itself since it was asked for; now nothing changes it any more.
        run = instance.get_run_by_id(run_id)
        if run is None or run.is_finished:
            continue
        if run.status == dg.DagsterRunStatus.CANCELING:
            instance.report_run_canceled(run, _GONE)
        else:
            instance.report_run_failed(run, _GONE)
        if instance.event_log_storage.supports_global_concurrency_limits:
            instance.event_log_storage.free_concurrency_slots_for_run(run_id)
        ended.append(run_id)
    return ended


def _is_dead(record: dg.RunRecord) -> bool:
    run = record.dagster_run
    process, _, of_run = run.tags.get(PROCESS_TAG, "").partition(" ")
    if of_run == run.run_id:
        known = Process.parse(process)
        return known is not None and known.is_dead()
    # No process yet: one may be on its way. Runs that are not naome's are not judged.
    is_ours = any(name.startswith("naome/") for name in run.tags)
    has_begun = run.status in (dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING)
    silent_for = dt.datetime.now(dt.UTC) - record.update_timestamp
    return is_ours and has_begun and silent_for > _SILENCE
