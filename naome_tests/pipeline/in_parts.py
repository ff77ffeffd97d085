"""A run without Dagster that makes what is not what it would be, by the functions of its steps."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from naome_assets.disclosure.suppression import load_profile
from naome_assets.figures.case_mix import adjust
from naome_assets.figures.made_of import made_of_figures
from naome_assets.figures.prevalence_projection import projections
from naome_assets.figures.recurrence_capture import captures
from naome_assets.figures.survival import curves
from naome_assets.figures.treatment_curve import incidence_curves
from naome_assets.linkage.people import link_people, made_of_links, unlink_people
from naome_assets.loading.load import load_quarters
from naome_assets.loading.withdrawal import withdraw_quarters
from naome_assets.publication.headline import headline_page
from naome_assets.publication.standing import renew_files
from naome_assets.publication.store import store_publication
from naome_assets.quarters import Quarter, quarter_range
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.transform.project import Model, load_project
from naome_assets.versions.code import made_of_model, made_of_seed
from naome_assets.versions.memory import Memory
from naome_assets.warehouse.protocol import Warehouse

_FIGURES = {
    "survival_curve": curves,
    "treatment_curve": incidence_curves,
    "prevalence_projection": projections,
    "recurrence_capture": captures,
}


def run(
    warehouse: Warehouse,
    landing: Path,
    first: Quarter,
    last: Quarter,
    *,
    output: Path | None = None,
    profile: str = "nhs_england_hes",
    linkage: bool = False,
    withdraw: bool = False,
    full: bool = False,
) -> list[str]:
    """What the job does, in its order.

    Returns:
        What was made, for a reason.
    """
    quarters = list(quarter_range(first, last))
    warehouse.create_submission_tables()
    memory = Memory.of(warehouse, is_full=full)
    made: list[str] = []

    def note(name: str, why: str) -> None:
        if why:
            made.append(f"{name}: {why}")

    if withdraw:
        withdraw_quarters(warehouse, quarters, memory)
    else:
        load_quarters(
            warehouse,
            landing,
            quarters,
            pseudonymiser=Pseudonymiser(b"test", keeps_link_keys=linkage),
            workers=1,
            memory=memory,
        )
    project = load_project()
    for name, seed in project.seeds.items():
        how: Callable[[], object] = partial(warehouse.build_seed, seed)
        note(name, memory.renew([name], made_of_seed(seed), how))

    def build(model: Model) -> None:
        made_of = made_of_model(model, warehouse.target)
        made_of |= memory.inputs(model.refs | model.sources)
        how = partial(warehouse.build_model, model, project.render(model, warehouse.target))
        is_view = model.materialized == "view"
        note(model.name, memory.renew([model.name], made_of, how, are_views=is_view))

    def build_with_parents(model: Model) -> None:
        for parent in sorted(model.refs & set(project.models)):
            build_with_parents(project.models[parent])
        build(model)

    build_with_parents(project.models["shared_number"])
    how = partial(link_people if linkage else unlink_people, warehouse)
    note("person_link", memory.renew(["person_link"], made_of_links(memory, is_linked=linkage), how))
    for model in project.ordered_models():
        build(model)

    def fit() -> None:
        for name, rows in zip(case_mix, adjust(warehouse), strict=True):
            warehouse.replace_table(name, rows)

    case_mix = ["case_mix_model", "case_mix_value"]
    note("case_mix", memory.renew(case_mix, made_of_figures(memory, case_mix[0]), fit))
    for name, compute in _FIGURES.items():

        def replace(name: str = name, compute: Callable[..., object] = compute) -> None:
            warehouse.replace_table(name, compute(warehouse))  # type: ignore[arg-type]

        note(name, memory.renew([name], made_of_figures(memory, name), replace))
    for stored in store_publication(warehouse, load_profile(profile), memory):
        note(stored.name, stored.why)
    if output is not None:
        headline = headline_page(warehouse, first, last)
        note("publication_files", renew_files(warehouse, memory, output, headline))
    return made
