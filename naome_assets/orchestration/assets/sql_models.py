"""SQL models as assets: one asset a model, one step a stage.

A stage is built in one step, because a step of its own costs Dagster more than most models cost
the warehouse; each model is still an asset that can be materialised alone.
"""

from collections.abc import Iterator, Sequence
from functools import cache, partial
from itertools import groupby
from typing import TYPE_CHECKING

import dagster as dg

from naome_assets.checks.suites import compared_with
from naome_assets.contract.published_tables import QUARTERLY_TABLES
from naome_assets.contract.submissions import TABLES
from naome_assets.orchestration.metadata import (
    OWNERS,
    Metadata,
    lineage_metadata,
    markdown_metadata,
    table_metadata,
)
from naome_assets.orchestration.partitions import one_run_for_all, quarterly
from naome_assets.orchestration.resources import (
    WAREHOUSE_POOL,
    WarehouseResource,
    warehouse_kind,
)
from naome_assets.orchestration.standing import Step, Told
from naome_assets.transform.project import Model, Project, Target, load_project
from naome_assets.warehouse.protocol import Warehouse

if TYPE_CHECKING:
    from naome_assets.transform.lineage import Lineage


def build_model_assets(project: Project) -> list[dg.AssetsDefinition]:
    """The assets of every stage; the quarterly tables of a stage are a step of their own."""

    def step(model: Model) -> tuple[str, bool]:
        return model.stage, model.name in QUARTERLY_TABLES

    return [
        _stage_assets(project, stage, list(models), is_quarterly=is_quarterly)
        for (stage, is_quarterly), models in groupby(
            sorted(project.ordered_models(), key=step), key=step
        )
    ]


@cache
def traced_lineage() -> "Lineage":
    """Column lineage of every model, traced once a process (it takes about a second)."""
    from naome_assets.transform.lineage import column_lineage

    project = load_project()
    declared = {table.name: {column.name: "text" for column in table.columns} for table in TABLES}
    seeds = {
        seed.name: {column.name: "text" for column in seed.columns}
        for seed in project.seeds.values()
    }
    return column_lineage(project, Target(), declared | seeds)


def _stage_assets(
    project: Project, stage: str, models: Sequence[Model], *, is_quarterly: bool
) -> dg.AssetsDefinition:
    @dg.multi_asset(
        name=f"{stage}_tables" if is_quarterly else f"{stage}_models",
        specs=[_spec(model) for model in models],
        can_subset=True,
        partitions_def=quarterly if is_quarterly else None,
        backfill_policy=one_run_for_all if is_quarterly else None,
        pool=WAREHOUSE_POOL,
    )
    def build(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> Iterator[Told]:
        from naome_assets.versions.code import made_of_model

        selected = {key.to_user_string() for key in context.selected_asset_keys}
        with warehouse.connect() as opened:
            step = Step.of(context, opened, is_full=warehouse.full)
            # Sorting by step kept the order in which models refer to one another.
            for model in models:
                if model.name not in selected:
                    continue
                made_of = made_of_model(model, opened.target) | step.memory.inputs(
                    model.refs | model.sources
                )
                why = step.memory.renew(
                    [model.name],
                    made_of,
                    partial(_build, opened, project, model),
                    are_views=model.materialized == "view",
                )
                yield from step.told(model.name, why, partial(_shown, opened, model))
            step.log()

    return build


def _build(warehouse: Warehouse, project: Project, model: Model) -> None:
    warehouse.build_model(model, project.render(model, warehouse.target))


def _shown(warehouse: Warehouse, model: Model) -> Metadata:
    from naome_assets.figures.national import shown_beside

    is_view = model.materialized == "view"
    return {
        **table_metadata(
            warehouse, model.name, model.described, None if is_view else warehouse.rows(model.name)
        ),
        **lineage_metadata(traced_lineage().get(model.name, {})),
        **markdown_metadata(shown_beside(warehouse, model.name)),
    }


def _spec(model: Model) -> dg.AssetSpec:
    # The quarters asked for reach the quarterly tables by tables without partitions; Dagster's
    # backfill follows partitions only, and would leave out a table without a parent that has them.
    asked_for = {"audit_run"} if model.name in QUARTERLY_TABLES else set()
    return dg.AssetSpec(
        model.name,
        deps=sorted(model.refs | model.sources | asked_for | compared_with(model.name)),
        group_name=model.stage,
        description=model.description,
        kinds={"sql", warehouse_kind(), "view" if model.materialized == "view" else "table"},
        owners=OWNERS,
        code_version=model.fingerprint,
        skippable=True,
    )
