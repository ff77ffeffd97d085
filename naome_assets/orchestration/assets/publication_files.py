"""The report, the workbook and the CSV files, as an asset that shows what it made."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import dagster as dg

from naome_assets.contract.published_tables import PUBLISHED_TABLES, published_name
from naome_assets.orchestration.assets.checks import blocking_check_keys
from naome_assets.orchestration.assets.published_tables import GROUP
from naome_assets.orchestration.gate import stop_at_failed_checks
from naome_assets.orchestration.metadata import OWNERS, Metadata
from naome_assets.orchestration.partitions import one_run_for_all, quarterly, quarters_of
from naome_assets.orchestration.resources import (
    WAREHOUSE_POOL,
    OutputResource,
    WarehouseResource,
)
from naome_assets.orchestration.sensors.publishing import when_sound
from naome_assets.orchestration.standing import Step, Told
from naome_assets.warehouse.protocol import Warehouse


@dg.multi_asset(
    name="publication_files",
    specs=[
        dg.AssetSpec(
            "publication_files",
            deps=[*(published_name(table) for table in PUBLISHED_TABLES), "publication_vintage"],
            group_name=GROUP,
            description=(
                "The report (a site that needs no server), the accessible workbook, the CSV files "
                "with their metadata and the national figures, made from the published tables "
                "alone. They replace those that stood in the output folder, all in one step."
            ),
            kinds={"python", "html", "excel"},
            owners=OWNERS,
            automation_condition=when_sound(
                updated=[published_name(table) for table in PUBLISHED_TABLES],
                judged={key.asset_key.to_user_string() for key in blocking_check_keys()},
            ),
        )
    ],
    partitions_def=quarterly,
    backfill_policy=one_run_for_all,
    pool=WAREHOUSE_POOL,
)
def publication_files(
    context: dg.AssetExecutionContext,
    warehouse: WarehouseResource,
    output: OutputResource,
) -> Iterator[Told]:
    """Write every file that shows something else than before, or is not there as it was written.

    Raises:
        dg.Failure: when a blocking check failed, in an earlier run too.
    """
    from naome_assets.publication.headline import headline_page
    from naome_assets.publication.standing import renew_files
    from naome_assets.publication.team_files import lines_left_out

    stop_at_failed_checks(context, blocking_check_keys())
    folder, name = output.path, "publication_files"
    with warehouse.connect() as opened:
        step = Step.of(context, opened, is_full=warehouse.full)
        quarters = quarters_of(context)
        headline = headline_page(opened, quarters[0], quarters[-1])
        why = renew_files(opened, step.memory, folder, headline)
        if why:
            for fault in lines_left_out(opened):
                context.log.warning(f"left out of the register of outliers: {fault}")
        yield from step.told(name, why, partial(_shown, opened, folder))
        step.log()


def _shown(warehouse: Warehouse, folder: Path) -> Metadata:
    from naome_assets.publication.markdown import pictures
    from naome_assets.publication.output import REPORT, WORKBOOK, files_of
    from naome_assets.publication.report.showpiece import funnel_plots
    from naome_assets.publication.store import read_publication

    publication = read_publication(warehouse)
    stated = publication.statement
    written = files_of(folder)
    size = sum(path.stat().st_size for path in written)
    return {
        "report": dg.MetadataValue.path(folder / REPORT),
        "workbook": dg.MetadataValue.path(folder / WORKBOOK),
        "files": dg.MetadataValue.int(len(written)),
        "pages": dg.MetadataValue.int(sum(path.suffix == ".html" for path in written)),
        "megabytes": dg.MetadataValue.float(round(size / 1e6, 1)),
        "disclosure_profile": dg.MetadataValue.text(stated.profile),
        "vintage": dg.MetadataValue.text(stated.vintage),
        "funnel_plots": dg.MetadataValue.md(pictures(funnel_plots(publication))),
    }
