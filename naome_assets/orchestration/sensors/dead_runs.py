"""The sensor that ends runs whose process died."""

import dagster as dg

from naome_assets.orchestration.dead_runs import end_dead_runs
from naome_assets.processes import remove_temporary_folders_of_the_dead


@dg.sensor(
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Ends runs whose process was killed or whose machine stopped, which others would wait for, "
        "and removes the temporary files that they left."
    ),
)
def dead_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Look for them; asks for no run."""
    ended = end_dead_runs(context.instance)
    remove_temporary_folders_of_the_dead()
    return dg.SkipReason(
        f"Ended, because their process is gone: {', '.join(ended)}."
        if ended
        else "The process of every run lives."
    )
