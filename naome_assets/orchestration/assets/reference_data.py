"""Reference data as assets: the seeds of the SQL project, loaded in one step."""

from collections.abc import Iterator

import dagster as dg

from naome_assets.checks.suites import compared_with
from naome_assets.orchestration.metadata import OWNERS, table_metadata
from naome_assets.orchestration.resources import WAREHOUSE_POOL, WarehouseResource, warehouse_kind
from naome_assets.transform.project import Project


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
                metadata={"dagster/uri": f"dbt_like_sql/seeds/{seed.path.name}"},
            )
            for seed in project.seeds.values()
        ],
        can_subset=True,
        pool=WAREHOUSE_POOL,
    )
    def load(
        context: dg.AssetExecutionContext, warehouse: WarehouseResource
    ) -> Iterator[dg.MaterializeResult[None]]:
        selected = {key.to_user_string() for key in context.selected_asset_keys}
        with warehouse.connect() as opened:
            # In the order of their names, each comes before those that are compared with it.
            for seed in project.seeds.values():
                if seed.name in selected:
                    rows = opened.build_seed(seed)
                    yield dg.MaterializeResult(
                        asset_key=seed.name,
                        metadata=table_metadata(opened, seed.name, seed.described, rows),
                    )

    return load
