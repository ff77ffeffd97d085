"""The quarterly schedule, after each data freeze."""

import dagster as dg

from naome_assets.orchestration.calendar import AFTER_FREEZE, TIME_ZONE
from naome_assets.orchestration.jobs import quarterly_audit
from naome_assets.quarters import Quarter


@dg.schedule(
    job=quarterly_audit,
    cron_schedule=AFTER_FREEZE,
    execution_timezone=TIME_ZONE,
    description="Runs the audit of the quarter before, when its data are frozen.",
)
def quarterly_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Ask for the last whole quarter before the tick."""
    quarter = Quarter.of_date(context.scheduled_execution_time.date()) + -1
    return dg.RunRequest(
        run_key=str(quarter),
        partition_key=quarter.partition_key,
        tags={"naome/reason": "data freeze"},
    )
