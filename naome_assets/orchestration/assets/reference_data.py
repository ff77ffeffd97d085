"""Reference data as assets: the seeds of the SQL project, loaded in one step."""

from collections.abc import Iterator
from functools import partial

import dagster as dg

from naome_assets.checks.suites import compared_with
from naome_assets.orchestration.metadata import OWNERS, Metadata, table_metadata
from naome_assets.orchestration.resources import (
    WAREHOUSE_POOL,
    WarehouseResource,
    warehouse_kind,
)
from naome_assets.orchestration.standing import Step, Told
from naome_assets.transform.project import Project, Seed
from naome_assets.warehouse.protocol import Warehouse


def build_seed_assets(project: Project) -> dg.AssetsDefinition:
    """One asset a seed: organisations, populations, code lists, drug groups, rules."""

    @dg.multi_asset(
        name="reference_data",
        specs=[
            dg.AssetSpec(
                seed.name,
                deps=sorted(compared_with(seed.name)),
                group_name="reference",
                description=seed.description,
                kinds={"csv", warehouse_kind()},
                owners=OWNERS,
                skippable=True,
            )
            for seed in project.seeds.values()
        ],
        can_subset=True,
        pool=WAREHOUSE_POOL,
    )
    def load(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> Iterator[Told]:
        from naome_assets.versions.code import made_of_seed

        selected = {key.to_user_string() for key in context.selected_asset_keys}
        with warehouse.connect() as opened:
            step = Step.of(context, opened, is_full=warehouse.full)
            # In the order of their names, each comes before those that are compared with it.
            for seed in project.seeds.values():
                if seed.name not in selected:
                    continue
                why = step.memory.renew(
                    [seed.name], made_of_seed(seed), partial(opened.build_seed, seed)
                )
                yield from step.told(seed.name, why, partial(_shown, opened, seed))
            step.log()

    return load


def _shown(warehouse: Warehouse, seed: Seed) -> Metadata:
    return table_metadata(warehouse, seed.name, seed.described, warehouse.rows(seed.name))
