"""Submissions as assets: files of the landing folder become rows (``loading``).

One step reads everything that arrived for the quarters asked for, or takes the quarters back.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import dagster as dg
from pydantic import Field

from naome_assets.contract.submissions import BY_NAME, TABLES
from naome_assets.orchestration.dagster_internals import DATA_VERSION_TAG, output_that_stands
from naome_assets.orchestration.metadata import OWNERS, Metadata, of_each_quarter, table_metadata
from naome_assets.orchestration.partitions import one_run_for_all, quarterly, quarters_of
from naome_assets.orchestration.resources import (
    WAREHOUSE_POOL,
    LandingResource,
    MethodResource,
    WarehouseResource,
    warehouse_kind,
)
from naome_assets.orchestration.standing import Step, Told, named
from naome_assets.quarters import Quarter
from naome_assets.warehouse.protocol import Warehouse

if TYPE_CHECKING:
    from naome_assets.loading.load import Loaded

#: Each in a line of its own; beyond, ``naome status`` lists them.
_REFUSALS_TOLD = 50
_FILLED = sorted(table.name for table in TABLES if table.group == "submissions")


class ReadSubmissions(dg.Config):
    """What the step does with the quarters asked for."""

    withdraw: bool = Field(
        default=False,
        description="Take the quarters back instead of reading their files: they leave the "
        "submissions and are no longer reported. Files that still lie in the landing folder are "
        "read again only by a run that includes the quarter.",
    )


@dg.multi_asset(
    name="read_submissions",
    specs=[
        dg.AssetSpec(
            name,
            group_name="submissions",
            description=BY_NAME[name].description,
            kinds={warehouse_kind(), "table"},
            owners=OWNERS,
        )
        for name in _FILLED
    ],
    partitions_def=quarterly,
    backfill_policy=one_run_for_all,
    pool=WAREHOUSE_POOL,
)
def submissions(
    context: dg.AssetExecutionContext,
    config: ReadSubmissions,
    landing: LandingResource,
    method: MethodResource,
    warehouse: WarehouseResource,
) -> Iterator[Told | dg.AssetMaterialization]:
    """Read the files of the quarters asked for into the submission tables, or take them back.

    A quarter of a table is materialised when it holds other rows than before.
    """
    from naome_assets.loading.load import load_quarters, shared_pseudonymiser
    from naome_assets.loading.withdrawal import withdraw_quarters

    quarters = quarters_of(context)
    with warehouse.connect() as opened:
        opened.create_submission_tables()
        step = Step.of(context, opened, is_full=warehouse.full)
        if config.withdraw:
            replaced = withdraw_quarters(opened, quarters, step.memory)
            context.log.info(f"taken back: {named([str(quarter) for quarter in quarters])}")
        else:
            loaded = load_quarters(
                opened,
                landing.path,
                quarters,
                pseudonymiser=shared_pseudonymiser(opened, keeps_link_keys=method.is_linked),
                workers=landing.workers,
                memory=step.memory,
            )
            replaced = loaded.replaced
            _log(context, loaded)
        for name in _FILLED:
            yield from _told(step, opened, name, replaced, quarters)
        step.log()


def _told(
    step: Step,
    warehouse: Warehouse,
    name: str,
    replaced: frozenset[tuple[str, str]],
    quarters: Sequence[Quarter],
) -> Iterator[Told | dg.AssetMaterialization]:
    """The partitions of a table that hold other rows than before, or were not yet told of."""
    key = dg.AssetKey(name)
    known = step.context.instance.get_materialized_partitions(key)
    shown: dict[Quarter, Metadata] | None = None
    unchanged = []
    told = [
        quarter
        for quarter in quarters
        if quarter.partition_key not in known
        or not replaced.isdisjoint({(name, str(quarter)), (name, "")})
    ]
    for quarter in quarters:
        partition = quarter.partition_key
        if quarter not in told:
            unchanged.append(str(quarter))
            if name == "submission":
                # By this the sensor for late files knows that it was looked at.
                yield dg.AssetObservation(
                    key, partition=partition, metadata={"unchanged": "no file changed"}
                )
            continue
        if shown is None:
            rows = warehouse.rows(name)
            metadata = table_metadata(warehouse, name, BY_NAME[name].described, rows)
            shown = of_each_quarter(warehouse, name, metadata, told)
        version = step.memory.part_version(name, str(quarter)) or step.memory.data_version(name)
        yield dg.AssetMaterialization(
            key,
            partition=partition,
            metadata=shown[quarter],
            tags={DATA_VERSION_TAG: version},
        )
    if unchanged and name != "submission":
        yield dg.AssetObservation(
            key, metadata={"unchanged": f"holds the same rows of {named(unchanged)}"}
        )
    yield output_that_stands(step.context, name)


def _log(context: dg.AssetExecutionContext, loaded: "Loaded") -> None:
    """Name what was read, refused and left; names of files are fit to be shown by now."""
    context.log.info(
        f"{len(loaded.read)} files read ({loaded.again} of them were read before and changed, or "
        f"their reader did), {loaded.kept} unchanged and not read again, {len(loaded.gone)} gone"
    )
    for words, names in (
        ("read", list(loaded.read)),
        ("gone", list(loaded.gone)),
    ):
        if names:
            context.log.info(f"{words}: {named(names)}")
    for file, reason in loaded.refused[:_REFUSALS_TOLD]:
        context.log.warning(f"refused: {file}: {reason}")
    if len(loaded.refused) > _REFUSALS_TOLD:
        context.log.warning(f"{len(loaded.refused)} files were refused: see `naome status`")
