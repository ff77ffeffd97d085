"""The quarterly schedule, after each data freeze."""

import dagster as dg

from naome_assets.automation.jobs import quarterly_audit
from naome_assets.quarters import Quarter

#: COSD is due 25 working days after a month's end; by the 20th of the second month after a
#: quarter its three months are in (data arrive in February, May, August and November).
_AFTER_FREEZE = "0 6 20 2,5,8,11 *"


@dg.schedule(
    job=quarterly_audit,
    cron_schedule=_AFTER_FREEZE,
    execution_timezone="Europe/London",
    description="Runs the audit of the quarter before, when its data are frozen.",
)
def quarterly_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Ask for the last whole quarter before the tick."""
    quarter = Quarter.of_date(context.scheduled_execution_time.date()) + -1
    return dg.RunRequest(run_key=str(quarter), partition_key=quarter.partition_key)
