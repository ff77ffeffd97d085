"""A run without Dagster that makes what is not what it would be, by the functions of its steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pyarrow as pa

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
from naome_assets.transform.project import Model, Project, load_project
from naome_assets.versions.code import made_of_model, made_of_seed
from naome_assets.versions.memory import Memory
from naome_assets.warehouse.protocol import Warehouse

_FIGURES: Mapping[str, Callable[[Warehouse], pa.Table]] = {
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
    warehouse.create_submission_tables()
    memory = Memory.of(warehouse, is_full=full)
    parts = Parts(warehouse, memory)
    parts.read(landing, list(quarter_range(first, last)), linkage=linkage, withdraw=withdraw)
    parts.build(linkage=linkage)
    parts.compute()
    for stored in store_publication(warehouse, load_profile(profile), memory):
        parts.note(stored.name, stored.why)
    if output is not None:
        headline = headline_page(warehouse, first, last)
        parts.note("publication_files", renew_files(warehouse, memory, output, headline))
    return parts.made


@dataclass
class Parts:
    """The steps of a run, and what they made for a reason."""

    warehouse: Warehouse
    memory: Memory
    made: list[str] = field(default_factory=list)

    def note(self, name: str, why: str) -> None:
        """Something that was made, where there is a reason."""
        if why:
            self.made.append(f"{name}: {why}")

    def read(
        self, landing: Path, quarters: list[Quarter], *, linkage: bool, withdraw: bool
    ) -> None:
        """Files become rows, or quarters are taken back."""
        if withdraw:
            withdraw_quarters(self.warehouse, quarters, self.memory)
            return
        load_quarters(
            self.warehouse,
            landing,
            quarters,
            pseudonymiser=Pseudonymiser(b"test", keeps_link_keys=linkage),
            workers=1,
            memory=self.memory,
        )

    def build(self, *, linkage: bool) -> None:
        """Seeds, links and models."""
        project = load_project()
        for name, seed in project.seeds.items():
            load = partial(self.warehouse.build_seed, seed)
            self.note(name, self.memory.renew([name], made_of_seed(seed), load))
        self._model_with_parents(project, project.models["shared_number"])
        link = partial(link_people if linkage else unlink_people, self.warehouse)
        made_of = made_of_links(self.memory, is_linked=linkage)
        self.note("person_link", self.memory.renew(["person_link"], made_of, link))
        for model in project.ordered_models():
            self._model(project, model)

    def _model_with_parents(self, project: Project, model: Model) -> None:
        for parent in sorted(model.refs & set(project.models)):
            self._model_with_parents(project, project.models[parent])
        self._model(project, model)

    def _model(self, project: Project, model: Model) -> None:
        made_of = made_of_model(model, self.warehouse.target)
        made_of |= self.memory.inputs(model.refs | model.sources)
        sql = project.render(model, self.warehouse.target)
        build = partial(self.warehouse.build_model, model, sql)
        is_view = model.materialized == "view"
        why = self.memory.renew([model.name], made_of, build, are_views=is_view)
        self.note(model.name, why)

    def compute(self) -> None:
        """Tables that Python computes."""

        def fit() -> None:
            for name, table in zip(case_mix, adjust(self.warehouse), strict=True):
                self.warehouse.replace_table(name, table)

        case_mix = ["case_mix_model", "case_mix_value"]
        made_of = made_of_figures(self.memory, case_mix[0])
        self.note("case_mix", self.memory.renew(case_mix, made_of, fit))
        for name, figures in _FIGURES.items():
            made_of = made_of_figures(self.memory, name)
            compute = partial(self._replace, name, figures)
            self.note(name, self.memory.renew([name], made_of, compute))

    def _replace(self, name: str, figures: Callable[[Warehouse], pa.Table]) -> None:
        self.warehouse.replace_table(name, figures(self.warehouse))
