"""Running the quarterly job from the command line: the same job that the schedule runs."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import dagster as dg

from naome_assets.orchestration.dagster_internals import at_home
from naome_assets.orchestration.dead_runs import end_dead_runs, process_tags
from naome_assets.orchestration.home import open_instance
from naome_assets.orchestration.partitions import range_tags
from naome_assets.orchestration.resources import RESOURCES
from naome_assets.quarters import Quarter, quarter_range
from naome_assets.settings import Settings
from naome_assets.sources.landing_folder import LandingError, open_to_read
from naome_assets.sources.pseudonyms import KeyProblemError
from naome_assets.stopping import Received, StoppedError
from naome_assets.storage import StorageError
from naome_assets.warehouse.protocol import WarehouseError

#: Called with (steps done, steps in all, name of the step that just ended).
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class FailedCheck:
    """A blocking check that failed."""

    asset: str
    check: str
    description: str


@dataclass(frozen=True)
class AuditRun:
    """What came of a run."""

    run_id: str
    success: bool
    failed_checks: tuple[FailedCheck, ...]
    warnings: int
    error: str | None
    is_unchanged: bool = False


def run_quarters(
    first: Quarter,
    last: Quarter,
    *,
    landing: Path,
    warehouse: str,
    output: Path,
    profile: str | None = None,
    linkage: bool | None = None,
    full: bool = False,
    progress: Progress | None = None,
    withdraw: bool = False,
) -> AuditRun:
    """Run the quarterly job for quarters, both ends included, in this process.

    Args:
        first: first quarter.
        last: last quarter.
        landing: folder of the submissions.
        warehouse: its URL.
        output: folder of the publication.
        profile: disclosure profile; without one that of the environment.
        linkage: whether people are linked; without it as the environment says.
        full: whether everything is made again, whatever its version.
        progress: called as each step ends, and once at the end for those that never began.
        withdraw: whether the job is the one that takes the quarters back.

    Returns:
        What came of it: a failed step or blocking check is reported, not raised.

    Raises:
        StoppedError: at Ctrl-C and SIGTERM; the run is marked as canceled.
    """
    held = (
        None
        if withdraw or full
        else _warnings_where_nothing_changed(
            first, last, landing, warehouse, output, profile, linkage
        )
    )
    is_unchanged = held is not None
    run_id = str(uuid.uuid4())
    job, ops = _what_to_run(run_id, withdraw=withdraw, is_unchanged=is_unchanged)
    steps = len(job.graph.node_defs)
    done = 0
    errors: dict[str, list[str]] = {}

    def follow(event: dg.EventLogEntry) -> None:
        nonlocal done
        if event.dagster_event is None:
            return
        kind = event.dagster_event.event_type
        if kind == dg.DagsterEventType.STEP_FAILURE and received.number is not None:
            _cancel(instance, run_id)
        if kind in (dg.DagsterEventType.STEP_SUCCESS, dg.DagsterEventType.STEP_SKIPPED):
            done += 1
            if progress is not None:
                progress(done, steps, event.dagster_event.step_key or "")
        elif kind == dg.DagsterEventType.STEP_FAILURE:
            failure = event.dagster_event.step_failure_data.error
            cause = failure.cause or failure if failure is not None else None
            words = "" if cause is None else _words(cause.cls_name, cause.message)
            # Several steps can fail of the same.
            failed_steps = errors.setdefault(words, [])
            failed_steps.append(event.dagster_event.step_key or "")

    with (
        open_instance() as instance,
        at_home(instance, job.name),
        _stopping(instance, run_id) as received,
    ):
        end_dead_runs(instance)
        # Called as each event is stored; watching the event log would read every event again.
        instance.add_event_listener(run_id, follow)
        result = job.execute_in_process(
            run_id=run_id,
            instance=instance,
            raise_on_error=False,
            tags={
                **range_tags(first, last),
                "naome/reason": "command line",
                **process_tags(run_id),
            },
            resources={},
            run_config={
                "ops": ops,
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                "resources": {
                    "landing": {"config": {"folder": str(landing)}},
                    "method": {
                        "config": {
                            "disclosure_profile": profile,
                            "linkage": linkage,
                        }
                    },
                    "warehouse": {"config": {"url": warehouse, "full": full}},
                    "output": {"config": {"folder": str(output)}},
                },
            },
        )
    # Dagster tells nothing of steps that failed, or that a failure or a blocking check held back.
    if progress is not None and received.number is None and done < steps:
        progress(steps, steps, "")
    evaluations = result.get_asset_check_evaluations()
    failed = [evaluation for evaluation in evaluations if not evaluation.passed]
    return AuditRun(
        run_id=run_id,
        success=result.success,
        failed_checks=tuple(
            FailedCheck(e.asset_key.to_user_string(), e.check_name, e.description or "")
            for e in failed
            if e.blocking
        ),
        warnings=held or sum(not evaluation.blocking for evaluation in failed),
        error="\n".join(f"{', '.join(where)}: {words}" for words, where in errors.items()) or None,
        is_unchanged=is_unchanged,
    )


def _what_to_run(
    run_id: str, *, withdraw: bool, is_unchanged: bool
) -> tuple[dg.JobDefinition, dict[str, object]]:
    """The job, and the configuration of its steps."""
    if is_unchanged:
        from naome_assets.orchestration.jobs import LOOKED_AT, nothing_changed

        LOOKED_AT.add(run_id)
        # Alone: the definitions of everything take longer than it does.
        alone = dg.Definitions(jobs=[nothing_changed], resources=RESOURCES)
        return alone.resolve_job_def(nothing_changed.name), {}
    from naome_assets.orchestration.definitions import defs

    name = "withdraw_quarters" if withdraw else "quarterly_audit"
    return defs.resolve_job_def(name), {"read_submissions": {"config": {"withdraw": withdraw}}}


def _warnings_where_nothing_changed(
    first: Quarter,
    last: Quarter,
    landing: Path,
    warehouse: str,
    output: Path,
    profile: str | None,
    linkage: bool | None,
) -> int | None:
    """How many warnings hold, where a run would change nothing; None where it would."""
    from naome_assets.checks.remembered import warnings_held
    from naome_assets.disclosure.suppression import load_profile
    from naome_assets.unchanged import why_run
    from naome_assets.versions.memory import Memory
    from naome_assets.warehouse.engines import open_warehouse

    settings = Settings.from_environment()
    try:
        with closing(open_warehouse(warehouse)) as opened:
            why = why_run(
                opened,
                open_to_read(landing),
                list(quarter_range(first, last)),
                output,
                profile=load_profile(profile or settings.disclosure_profile),
                is_linked=settings.linkage if linkage is None else linkage,
                workers=settings.workers,
            )
            return None if why else warnings_held(Memory.of(opened))
    except Exception:  # whatever it is, the run meets it too, and says it
        return None


@contextmanager
def _stopping(instance: dg.DagsterInstance, run_id: str) -> Iterator[Received]:
    """End with ``StoppedError`` when a signal came, with the run as canceled."""
    with Received() as received:
        try:
            yield received
        finally:
            run = instance.get_run_by_id(run_id)
            # Before and after the steps Dagster takes a signal for a failure, or does not see it.
            if (
                received.number is not None
                and run is not None
                and run.status not in (dg.DagsterRunStatus.CANCELED, dg.DagsterRunStatus.SUCCESS)
            ):
                instance.report_run_canceled(run)
        if received.number is not None:
            raise StoppedError(received.number)


def _cancel(instance: dg.DagsterInstance, run_id: str) -> None:
    """End the run in the middle of a step that a signal ended.

    Whatever the step says of it: a query that a signal interrupts fails in its engine's words, and
    Dagster would go on with the next step.
    """
    run = instance.get_run_by_id(run_id)
    if run is not None and run.status == dg.DagsterRunStatus.STARTED:
        instance.report_run_canceling(run)
    raise dg.DagsterExecutionInterruptedError


#: Errors whose message says why and what to do: their name adds nothing.
_PLAIN = (StorageError, WarehouseError, LandingError, KeyProblemError)


def _words(kind: str | None, message: str) -> str:
    """What an error says, without the name of its class where that is one of ours."""
    message = message.strip()
    if kind in {plain.__name__ for plain in _PLAIN}:
        return message.partition(": ")[2]
    return message
