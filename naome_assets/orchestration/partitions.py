"""Time, cut for Dagster: calendar quarters from the start of the audit."""

from __future__ import annotations

import dagster as dg

from naome_assets.quarters import Quarter

#: The audit counts people diagnosed from 1 January 2015.
FIRST_QUARTER = Quarter(2015, 1)

quarterly = dg.TimeWindowPartitionsDefinition(
    start=FIRST_QUARTER.partition_key,
    cron_schedule="0 0 1 1,4,7,10 *",
    fmt="%Y-%m-%d",
)

#: SQL takes a range of quarters at once, and so does the reader.
one_run_for_all = dg.BackfillPolicy.single_run()


def quarters_of(context: dg.AssetExecutionContext) -> list[Quarter]:
    """The quarters that a run was asked for, in order."""
    return sorted(Quarter.of_partition_key(key) for key in context.partition_keys)
