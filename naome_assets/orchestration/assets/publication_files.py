"""The report, the workbook and the CSV files, as an asset that shows what it made."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import dagster as dg

from naome_assets.contract.published_tables import PUBLISHED_TABLES, published_name
from naome_assets.orchestration.assets.checks import blocking_check_keys
from naome_assets.orchestration.assets.published_tables import GROUP
from naome_assets.orchestration.calendar import AFTER_EACH_FREEZE
from naome_assets.orchestration.gate import stop_at_failed_checks
from naome_assets.orchestration.metadata import OWNERS, Metadata
from naome_assets.orchestration.partitions import one_run_for_all, quarterly, quarters_of
from naome_assets.orchestration.resources import (
    WAREHOUSE_POOL,
    MethodResource,
    OutputResource,
    WarehouseResource,
)
from naome_assets.orchestration.sensors.publishing import when_sound
from naome_assets.orchestration.standing import Step, Told
from naome_assets.storage import written_to
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
            freshness_policy=AFTER_EACH_FREEZE,
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
    method: MethodResource,
    warehouse: WarehouseResource,
    output: OutputResource,
) -> Iterator[Told]:
    """Write every file that shows something else than before, or is not there as it was written.

    Raises:
        dg.Failure: when a blocking check failed, in an earlier run too.
    """
    from naome_assets.publication.headline import headline_page
    from naome_assets.publication.files import state_of
    from naome_assets.publication.store import drawn_from
    from naome_assets.versions.code import digest

    stop_at_failed_checks(context, blocking_check_keys())
    folder, name = output.path, "publication_files"
    with warehouse.connect() as opened:
        step = Step.of(context, opened, is_full=method.full)
        quarters = quarters_of(context)
        headline = headline_page(opened, quarters[0], quarters[-1])
        pages_of = drawn_from(opened, step.memory) | {"where they stand": digest(str(folder))}
        made_of = pages_of | {"national figures": digest(headline)}
        why = step.memory.why_outside(name, made_of)
        before = step.memory.version(name)
        as_written = before is not None and state_of(folder) == before.data
        if not why and not as_written:
            why = "they are not as they were written"
        if not why:
            yield from step.stands(name, partial(_shown, opened, folder))
            step.log()
            return
        # Nothing that pages show changed, and they are as they were written: they are kept.
        are_kept = (
            before is not None
            and as_written
            and not method.full
            and {key: before.made_of.get(key) for key in pages_of} == pages_of
        )
        _write(opened, folder, headline, are_kept=are_kept)
        step.memory.remember(name, state_of(folder), made_of)
        yield step.made(name, why, _shown(opened, folder))


def _write(warehouse: Warehouse, folder: Path, headline: str, *, are_kept: bool) -> None:
    from naome_assets.publication.files import write_headline, write_publication
    from naome_assets.publication.store import read_publication

    with written_to("The publication", folder):
        if are_kept:
            write_headline(folder, headline)
        else:
            write_publication(read_publication(warehouse), folder, headline)


def _shown(warehouse: Warehouse, folder: Path) -> Metadata:
    from naome_assets.publication.files import REPORT, WORKBOOK, files_of
    from naome_assets.publication.markdown import pictures
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
