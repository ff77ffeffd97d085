"""Submissions as assets: files of the landing folder become rows (``loading``).

One step reads everything that arrived for the quarters asked for, or takes the quarters back.
"""

from collections.abc import Iterator

import dagster as dg
from pydantic import Field

from naome_assets.contract.submissions import BY_NAME, TABLES
from naome_assets.loading.load import load_quarters, shared_pseudonymiser
from naome_assets.loading.withdrawal import withdraw_quarters
from naome_assets.orchestration.calendar import AFTER_EACH_FREEZE
from naome_assets.orchestration.metadata import OWNERS, table_metadata
from naome_assets.orchestration.partitions import one_run_for_all, quarterly, quarters_of
from naome_assets.orchestration.resources import (
    WAREHOUSE_POOL,
    LandingResource,
    WarehouseResource,
    warehouse_kind,
)
from naome_assets.settings import Settings

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
            code_version="1",
            freshness_policy=AFTER_EACH_FREEZE,
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
    warehouse: WarehouseResource,
) -> Iterator[dg.MaterializeResult[None]]:
    """Read the files of the quarters asked for into the submission tables, or take them back."""
    settings = Settings.from_environment()
    with warehouse.connect() as opened:
        opened.create_submission_tables()
        if config.withdraw:
            withdraw_quarters(opened, quarters_of(context))
        else:
            load_quarters(
                opened,
                landing.path,
                quarters_of(context),
                pseudonymiser=shared_pseudonymiser(opened, keeps_link_keys=settings.linkage),
                workers=settings.workers,
            )
        for name in _FILLED:
            yield dg.MaterializeResult(
                asset_key=name,
                metadata=table_metadata(opened, name, BY_NAME[name].described, opened.rows(name)),
            )
