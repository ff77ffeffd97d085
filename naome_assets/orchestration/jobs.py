"""The quarterly job, from landing files to the publication, and those beside it."""

from collections.abc import Iterator

import dagster as dg

from naome_assets.orchestration.assets.quarters_there import CHECKS
from naome_assets.orchestration.partitions import asked_for
from naome_assets.orchestration.resources import (
    WAREHOUSE_POOL,
    LandingResource,
    MethodResource,
    OutputResource,
    WarehouseResource,
)

#: Everything. Which quarters are there is a question of the calendar, and asked by a sensor.
_AUDIT = dg.AssetSelection.all() - dg.AssetSelection.checks(*CHECKS)

quarterly_audit = dg.define_asset_job(
    name="quarterly_audit",
    selection=_AUDIT,
    tags={"naome/audit": "quarterly"},
    description=(
        "Reads what arrived for the quarters, rebuilds registry and cohort from everything "
        "received, checks them, writes the quarterly tables and publishes them."
    ),
)

withdraw_quarters = dg.define_asset_job(
    name="withdraw_quarters",
    selection=_AUDIT,
    config={"ops": {"read_submissions": {"config": {"withdraw": True}}}},
    tags={"naome/audit": "withdrawal"},
    description=(
        "Takes quarters back that were entered by mistake: pick them as partitions and launch. "
        "What their files put into the submissions leaves, everything is rebuilt without it, "
        "and published as a new vintage. Their files may still lie in the landing folder: they are "
        "read again only by a run that includes the quarter."
    ),
)


#: Runs of this process for which it has just been seen that nothing changed.
LOOKED_AT: set[str] = set()


@dg.op(
    out={},
    pool=WAREHOUSE_POOL,
    description="Looks at files, code, settings and tables, and says of each asset that it stands.",
)
def see_that_nothing_changed(
    context: dg.OpExecutionContext,
    landing: LandingResource,
    method: MethodResource,
    warehouse: WarehouseResource,
    output: OutputResource,
) -> Iterator[dg.AssetObservation]:
    """Observe every asset.

    Raises:
        dg.Failure: when something changed: the quarterly audit is to be run.
    """
    from naome_assets.unchanged import why_run
    from naome_assets.versions.memory import Memory

    quarters = asked_for(context.run)
    with warehouse.connect() as opened:
        why = (
            ""
            if context.run.run_id in LOOKED_AT
            else why_run(
                opened,
                landing.path,
                quarters,
                output.path,
                profile=method.profile,
                is_linked=method.is_linked,
                workers=landing.workers,
            )
        )
        names = Memory.of(opened).names()
    if why:
        raise dg.Failure(f"Something changed ({why}): run the job quarterly_audit")
    context.log.info(f"unchanged: files of {quarters[0]} to {quarters[-1]}, and what follows")
    for quarter in quarters:
        yield dg.AssetObservation(
            "submission", partition=quarter.partition_key, metadata={"unchanged": "no file changed"}
        )
    for name in names:
        yield dg.AssetObservation(name, metadata={"unchanged": _UNCHANGED})


#: What is said of an asset that a run leaves as it is.
_UNCHANGED = "everything that it is made of is the same as when it was made"


@dg.job(
    tags={"naome/audit": "nothing changed"},
    description=(
        "What `naome run` does where a run would change nothing: it says so of every asset. It "
        "fails where something changed; the quarterly audit is the job that makes it."
    ),
)
def nothing_changed() -> None:
    """See that nothing changed."""
    see_that_nothing_changed()
