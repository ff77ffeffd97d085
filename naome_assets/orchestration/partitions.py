"""Time, cut for Dagster: calendar quarters from the start of the audit."""

from __future__ import annotations

import dagster as dg

from naome_assets.quarters import Quarter, quarter_range

#: The audit counts people diagnosed from 1 January 2015.
FIRST_QUARTER = Quarter(2015, 1)

quarterly = dg.TimeWindowPartitionsDefinition(
    start=FIRST_QUARTER.partition_key,
    cron_schedule="0 0 1 1,4,7,10 *",
    fmt="%Y-%m-%d",
)

#: SQL takes a range of quarters at once, and so does the reader.
one_run_for_all = dg.BackfillPolicy.single_run()


def range_tags(first: Quarter, last: Quarter) -> dict[str, str]:
    """Tags of a run that asks for quarters, both ends included."""
    return {
        "dagster/asset_partition_range_start": first.partition_key,
        "dagster/asset_partition_range_end": last.partition_key,
    }


def range_of(run: dg.DagsterRun) -> tuple[str, str] | None:
    """The partition keys that a run was asked for, first and last; none where it names no range."""
    first = run.tags.get("dagster/asset_partition_range_start") or run.tags.get("dagster/partition")
    if not first:
        return None
    return first, run.tags.get("dagster/asset_partition_range_end") or first


def asked_for(run: dg.DagsterRun) -> list[Quarter]:
    """The quarters that a run names in its tags, in order.

    Raises:
        dg.Failure: when it names none.
    """
    asked = range_of(run)
    if asked is None:
        raise dg.Failure("This run names no quarters")
    return list(quarter_range(*map(Quarter.of_partition_key, asked)))


def quarters_of(context: dg.AssetExecutionContext) -> list[Quarter]:
    """The quarters that a run was asked for, in order."""
    return sorted(Quarter.of_partition_key(key) for key in context.partition_keys)
