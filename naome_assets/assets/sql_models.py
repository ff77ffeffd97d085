"""SQL models as assets: one asset a model, made by running its SELECT in the warehouse."""

from collections.abc import Mapping

import dagster as dg

from naome_assets.assets.partitions import one_run_for_all, quarterly
from naome_assets.assets.presentation import picture_metadata, table_metadata
from naome_assets.assets.resources import WarehouseResource
from naome_assets.transform.project import Model, Project

#: Tables with a row a quarter. A run rebuilds every quarter ever asked for, because late data
#: change them all, and so materialises at least the quarters it was asked for.
QUARTERLY_TABLES = frozenset({"prevalence", "cns_access", "time_to_treatment"})


def build_model_assets(project: Project) -> list[dg.AssetsDefinition]:
    """One asset a model, in the group of its stage."""
    return [_model_asset(project, model) for model in project.ordered_models()]


def _model_asset(project: Project, model: Model) -> dg.AssetsDefinition:
    is_quarterly = model.name in QUARTERLY_TABLES

    @dg.asset(
        name=model.name,
        group_name=model.stage,
        description=model.description,
        deps=sorted(model.refs | model.sources),
        kinds={"sql", "duckdb", "view" if model.materialized == "view" else "table"},
        owners=["team:naome"],
        code_version=model.fingerprint,
        partitions_def=quarterly if is_quarterly else None,
        backfill_policy=one_run_for_all if is_quarterly else None,
        metadata={"dagster/uri": f"dbt_like_sql/{model.path.relative_to(project.path).as_posix()}"},
    )
    def build(warehouse: WarehouseResource) -> dg.MaterializeResult[None]:
        with warehouse.connect() as open_warehouse:
            rows = open_warehouse.build_model(model, project.render(model, open_warehouse.target))
            metadata: Mapping[str, dg.MetadataValue] = {  # type: ignore[type-arg]
                **table_metadata(open_warehouse, model.name, model.columns, rows),
                **picture_metadata(open_warehouse, model.name),
            }
            return dg.MaterializeResult(metadata=metadata)

    return build
