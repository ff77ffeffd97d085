"""Tables: each SQL model against the same SQL by hand, and the tables that Python computes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import duckdb

from naome_assets.benchmark.measure import Figure, seconds

#: How many of the slowest models are named.
_SLOWEST = 8


def against_sql_by_hand(audited: Path, place: Path) -> Iterator[Figure]:
    """Every model built by naome, against ``create table as`` in a bare DuckDB on the same rows."""
    from naome_assets.transform.project import load_project
    from naome_assets.warehouse.engines import open_warehouse

    project = load_project()
    models = project.ordered_models()
    ours, by_hand = place / "models.duckdb", place / "by-hand.duckdb"
    for copy in (ours, by_hand):
        copy.write_bytes(audited.read_bytes())
    warehouse = open_warehouse(f"duckdb:///{ours}")
    rendered = {model.name: project.render(model, warehouse.target) for model in models}
    built = {
        model.name: seconds(partial(warehouse.build_model, model, rendered[model.name]))
        for model in models
    }
    warehouse.close()
    with duckdb.connect(str(by_hand)) as bare:
        bare.execute("set preserve_insertion_order = false")
        alone = {
            model.name: seconds(
                partial(
                    bare.execute,
                    f"create or replace {model.materialized} {model.name} as "
                    + rendered[model.name],
                )
            )
            for model in models
        }
    for name in sorted(built, key=lambda name: -built[name])[:_SLOWEST]:
        yield f"model {name}", f"{built[name]:,.2f} s ({built[name] / alone[name]:.2f} of by hand)"
    total = sum(built.values())
    yield (
        f"all {len(models)} models : the same SQL by hand (under 1.1)",
        f"{total:,.1f} s ({total / sum(alone.values()):.2f})",
    )


def computed_tables(audited: Path) -> Iterator[Figure]:
    """Case-mix models and survival curves of every quarter loaded."""
    from naome_assets.figures.case_mix import adjust
    from naome_assets.figures.survival import curves
    from naome_assets.warehouse.engines import open_warehouse

    warehouse = open_warehouse(f"duckdb:///{audited}", read_only=True)
    quarters = len(warehouse.query("select distinct quarter from reporting_quarter"))
    for name, compute in (("case mix", adjust), ("survival curves", curves)):
        yield f"{name}, {quarters} quarters", f"{seconds(partial(compute, warehouse)):,.1f} s"
    warehouse.close()
