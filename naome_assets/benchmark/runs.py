"""Whole runs: Dagster's own share, and the cost against quarters and against people."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from naome_assets.benchmark.measure import FIRST, Figure, audit, generated, load, seconds


def dagster_share(landing: Path, place: Path) -> Iterator[Figure]:
    """The job against the same work called directly, imports and lineage at hand for both."""
    import great_expectations  # noqa: F401 - once a process, for both: neither pays here

    from naome_assets.orchestration.assets.sql_models import traced_lineage

    traced_lineage()
    empty = place / "empty"
    empty.mkdir()
    audit(empty, 1, place / "empty.duckdb")  # Makes Dagster's own databases.
    direct = seconds(lambda: _direct(landing, place / "direct.duckdb"))
    run = seconds(lambda: audit(landing, 1, place / "run.duckdb"))
    yield "a quarter without Dagster", f"{direct:,.1f} s"
    yield "the same as the Dagster job", f"{run:,.1f} s"
    yield "Dagster's own share (under 20 %)", f"{100 * (run - direct) / run:.0f} %"


def _direct(landing: Path, path: Path) -> None:
    """All that the job does, without Dagster: load, build, compute, draw, check, publish."""
    from naome_assets.checks.great_expectations_adapter import evaluate
    from naome_assets.checks.suites import RULES
    from naome_assets.disclosure.suppression import load_profile
    from naome_assets.figures.case_mix import adjust
    from naome_assets.figures.national import shown_beside
    from naome_assets.figures.prevalence_projection import projections
    from naome_assets.figures.recurrence_capture import captures
    from naome_assets.figures.survival import curves
    from naome_assets.figures.treatment_curve import incidence_curves
    from naome_assets.orchestration.metadata import table_metadata
    from naome_assets.publication.files import write_publication
    from naome_assets.publication.store import read_publication, store_publication
    from naome_assets.transform.project import load_project
    from naome_assets.warehouse.engines import open_warehouse

    load(landing, [FIRST], path)
    project = load_project()
    warehouse = open_warehouse(f"duckdb:///{path}")
    for seed in project.seeds.values():
        warehouse.build_seed(seed)
    for model in project.ordered_models():
        rows = warehouse.build_model(model, project.render(model, warehouse.target))
        table_metadata(warehouse, model.name, model.described, rows)
        shown_beside(warehouse, model.name)
    for name, rows in zip(("case_mix_model", "case_mix_value"), adjust(warehouse), strict=True):
        warehouse.replace_table(name, rows)
    for name, compute in (
        ("survival_curve", curves),
        ("treatment_curve", incidence_curves),
        ("prevalence_projection", projections),
        ("recurrence_capture", captures),
    ):
        warehouse.replace_table(name, compute(warehouse))
    store_publication(warehouse, load_profile("nhs_england_hes"))
    evaluate(RULES, warehouse.query)
    write_publication(read_publication(warehouse), path.with_suffix(".published"), "")
    warehouse.close()


def growth_with_quarters(landing: Path, place: Path, most: int) -> Iterator[Figure]:
    """Seconds a quarter for 1, 2, 4 ... quarters in one run; linear is 1 or less."""
    alone = None
    for quarters in _doubling(most):
        path = place / f"quarters-{quarters}.duckdb"
        each = seconds(partial(audit, landing, quarters, path)) / quarters
        alone = alone or each
        yield f"{quarters} quarters, a quarter", f"{each:,.1f} s ({each / alone:.2f} of one alone)"


def growth_with_people(place: Path, scale: float, most: int) -> Iterator[Figure]:
    """Seconds of one quarter for 1, 2, 4 ... times the people, down from ``scale``."""
    smallest = None
    for times in _doubling(most):
        size = scale * times / most
        landing = generated(place / f"people-{times}", 1, size)
        taken = seconds(partial(audit, landing, 1, place / f"people-{times}.duckdb"))
        smallest = smallest or taken
        yield (
            f"x{times} people (scale {size:g})",
            f"{taken:,.1f} s ({taken / smallest:.2f} of the smallest)",
        )


def _doubling(most: int) -> Iterator[int]:
    number = 1
    while number <= most:
        yield number
        number *= 2
