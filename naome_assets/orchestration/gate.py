"""The gate before publication: a failure of an earlier run still counts.

Dagster's blocking checks hold back what is downstream in the same run only; figures materialised
alone in a later run would pass by them.
"""

from __future__ import annotations

from collections.abc import Iterable

import dagster as dg

#: Evaluations looked back over; more runs than this are not waiting at once.
_LOOK_BACK = 50


def stop_at_failed_checks(
    context: dg.AssetExecutionContext, check_keys: Iterable[dg.AssetCheckKey]
) -> None:
    """Stop a step that publishes.

    Raises:
        dg.Failure: when a blocking check failed, in an earlier run too.
    """
    failed = failed_blocking_checks(context.instance, check_keys, context.run.run_id)
    if failed:
        raise dg.Failure(
            "Nothing is published: these checks failed, and have not passed since: "
            + ", ".join(sorted(key.to_user_string() for key in failed))
        )


def failed_blocking_checks(
    instance: dg.DagsterInstance, check_keys: Iterable[dg.AssetCheckKey], run_id: str | None = None
) -> list[dg.AssetCheckKey]:
    """The checks that hold publication back.

    A check that the publishing run evaluates itself is judged by that alone: the run holds the
    warehouse, and other runs that are planned or waiting have changed nothing. Any other check
    is judged by its latest evaluation in a run that has begun. One that was planned and never
    finished, because its run broke before it, did not pass; one that was never planned has not
    failed.

    Args:
        instance: whose event log is read.
        check_keys: the checks that block (see ``asset_checks.blocking_check_keys``).
        run_id: the run that publishes; what it has yet to evaluate has not failed.
    """
    log = instance.event_log_storage
    begun: dict[str, bool] = {}

    def has_begun(other: str) -> bool:
        if other not in begun:
            record = instance.get_run_record_by_id(other)
            begun[other] = record is None or record.start_time is not None
        return begun[other]

    failed = []
    for key in check_keys:
        records = log.get_asset_check_execution_history(key, limit=1)
        if records and records[0].run_id != run_id:
            # Rarely: of all the checks of a usual run, the latest evaluation is its own.
            records = log.get_asset_check_execution_history(key, limit=_LOOK_BACK)
        own = [record for record in records if record.run_id == run_id]
        judging = own or [record for record in records if has_begun(record.run_id)]
        allowed = {"SUCCEEDED", "PLANNED"} if own else {"SUCCEEDED"}
        if judging and judging[0].status.value not in allowed:
            failed.append(key)
    return failed
