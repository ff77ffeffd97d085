"""Reference data as assets: the seeds of the SQL project."""

import dagster as dg

from naome_assets.assets.presentation import table_metadata
from naome_assets.assets.resources import WarehouseResource
from naome_assets.transform.project import Project, Seed


def build_seed_assets(project: Project) -> list[dg.AssetsDefinition]:
    """One asset a seed: organisations, populations, code lists, drug groups, rules."""
    return [_seed_asset(seed) for seed in project.seeds.values()]


def _seed_asset(seed: Seed) -> dg.AssetsDefinition:
    @dg.asset(
        name=seed.name,
        group_name="reference",
        description=seed.description,
        kinds={"csv", "duckdb"},
        owners=["team:naome"],
        metadata={"dagster/uri": f"dbt_like_sql/seeds/{seed.path.name}"},
    )
    def load(warehouse: WarehouseResource) -> dg.MaterializeResult[None]:
        with warehouse.connect() as open_warehouse:
            rows = open_warehouse.build_seed(seed)
            return dg.MaterializeResult(
                metadata=table_metadata(open_warehouse, seed.name, seed.columns, rows)
            )

    return load
