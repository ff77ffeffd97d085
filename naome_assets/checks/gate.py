"""The gate before publication: a failure of an earlier run still counts.

Dagster's blocking checks hold back what is downstream in the same run only; figures materialised
alone in a later run would pass by them.
"""

from __future__ import annotations

from collections.abc import Iterable

import dagster as dg


def failed_blocking_checks(
    instance: dg.DagsterInstance,
    check_keys: Iterable[dg.AssetCheckKey],
    *,
    waiting_in: str | None = None,
) -> list[dg.AssetCheckKey]:
    """The checks whose latest evaluation did not pass.

    A check that was planned and never finished, because its run broke before it, did not pass.
    A check that was never planned has not failed.

    Args:
        instance: whose event log is read.
        check_keys: the checks that block (see ``asset_checks.blocking_check_keys``).
        waiting_in: a run in progress: what it has yet to evaluate has not failed.
    """
    latest = ((key, instance.get_latest_asset_check_evaluation_record(key)) for key in check_keys)
    return [
        key
        for key, record in latest
        if record
        and record.status.value != "SUCCEEDED"
        and not (record.status.value == "PLANNED" and record.run_id == waiting_in)
    ]
