"""Tell people when a run fails: by e-mail, Teams or wherever NAOME_ALERTS says.

NAOME_ALERTS holds addresses of the Apprise library, separated by blanks, such as
``mailtos://user:password@smtp.example.org?to=audit@example.org`` or
``workflows://host/workflow/signature`` (a Teams workflow). Without it nothing is sent.
"""

import os

import dagster as dg

from naome_assets.orchestration.dagster_internals import UNNAMED_JOB
from naome_assets.orchestration.partitions import range_of


class AlertError(Exception):
    """An alert could not be sent; addresses hold passwords and are never named."""


@dg.run_failure_sensor(
    # Of every job: the runs of a backfill and of publish_when_sound are not those of the audit.
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Sends a message when a run fails, to the addresses of NAOME_ALERTS.",
)
def failure_alert(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
    """Send which run failed, where, and which checks stopped it."""
    addresses = os.environ.get("NAOME_ALERTS", "").split()
    if not addresses:
        return dg.SkipReason("NAOME_ALERTS names nobody to tell.")
    job = context.dagster_run.job_name
    what = "materialisation" if job.startswith(UNNAMED_JOB) else job
    send(addresses, f"naome: {what} failed", message(context))
    return None


def message(context: dg.RunFailureSensorContext) -> str:
    """What failed, by name. Error texts stay in Dagster, behind its sign-in."""
    run = context.dagster_run
    asked = range_of(run)
    steps = [event.step_key for event in context.get_step_failure_events() if event.step_key]
    checks = [
        f"{evaluation.asset_key.to_user_string()}.{evaluation.check_name}"
        for record in context.instance.get_records_for_run(
            run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION
        ).records
        if (event := record.event_log_entry.dagster_event) is not None
        and not (evaluation := event.asset_check_evaluation_data).passed
        and evaluation.blocking
    ]
    lines = [
        f"Run {run.run_id}",
        f"Quarters beginning {asked[0]} to {asked[1]}" if asked else "No quarters were named.",
        f"Failed steps: {', '.join(steps) or 'none'}",
        f"Failed blocking checks: {', '.join(sorted(checks)) or 'none'}",
        "The tables of the last good run stand. See the run in Dagster for the reason.",
    ]
    return "\n".join(lines)


def send(addresses: list[str], title: str, body: str) -> None:
    """Send a message to every address.

    Raises:
        AlertError: when an address cannot be read, or one does not take the message.
    """
    try:
        import apprise
    except ModuleNotFoundError as error:
        raise AlertError("NAOME_ALERTS is set; install naome[alerts] to send alerts") from error
    told = apprise.Apprise()
    for number, address in enumerate(addresses, start=1):
        if not told.add(address):
            raise AlertError(f"address {number} of NAOME_ALERTS is none that Apprise knows")
    if not told.notify(title=title, body=body):
        raise AlertError("at least one address of NAOME_ALERTS did not take the message")
