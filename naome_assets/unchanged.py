"""Whether a run would change anything at all: asked before one is begun, which costs more.

Each part says for itself what it is made of (``versions``); here they are only asked in the order
in which a run makes them, up to the first that would be made again.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from naome_assets.checks.remembered import to_be_judged
from naome_assets.checks.suites import RULES
from naome_assets.disclosure.suppression import Profile
from naome_assets.figures.made_of import COMPUTED_FROM, made_of_figures
from naome_assets.linkage.people import made_of_links
from naome_assets.loading.load import shared_pseudonymiser, why_load
from naome_assets.publication import standing, store
from naome_assets.publication.headline import headline_page
from naome_assets.quarters import Quarter
from naome_assets.transform.project import load_project
from naome_assets.versions.code import made_of_model, made_of_seed
from naome_assets.versions.memory import Memory, has_every_table
from naome_assets.warehouse.protocol import Warehouse


def why_run(
    warehouse: Warehouse,
    landing: Path,
    quarters: Sequence[Quarter],
    output: Path,
    *,
    profile: Profile,
    is_linked: bool,
    workers: int,
) -> str:
    """What a run for these quarters would do first, in words; empty when nothing is to be done.

    Args:
        warehouse: opened for writing, so that no run is under way.
        landing: folder of the submissions.
        quarters: asked for.
        output: folder of the publication.
        profile: of disclosure control.
        is_linked: whether people are linked.
        workers: how many files are looked at at once.
    """
    if not has_every_table(warehouse):
        return "nothing was made yet"
    memory = Memory.of(warehouse)
    pseudonymiser = shared_pseudonymiser(warehouse, keeps_link_keys=is_linked)
    why = why_load(
        warehouse,
        landing,
        quarters,
        pseudonymiser=pseudonymiser,
        workers=workers,
        memory=memory,
    )
    if why:
        return why
    project = load_project()
    made_of = {
        **{name: made_of_seed(seed) for name, seed in project.seeds.items()},
        "person_link": made_of_links(memory, is_linked=is_linked),
        **{
            name: made_of_model(model, warehouse.target) | memory.inputs(model.refs | model.sources)
            for name, model in project.models.items()
        },
        **{table: made_of_figures(memory, table) for table in COMPUTED_FROM},
    }
    for table, versions in made_of.items():
        if why := memory.why(table, versions):
            return f"{table}: {why}"
    if rules := to_be_judged(RULES, memory):
        return f"the rule {rules[0]} is to be judged"
    due = store.due_of(warehouse, profile, memory)
    if why := due.why or due.why_counts:
        return f"published tables: {why}"
    headline = headline_page(warehouse, quarters[0], quarters[-1])
    why = standing.due_of(warehouse, memory, output, headline).why
    return f"files: {why}" if why else ""
