"""What each table that Python computes is made of: the module that computes it, and tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from naome_assets.versions.code import code_of, libraries

if TYPE_CHECKING:
    from naome_assets.versions.memory import Memory


@dataclass(frozen=True)
class ComputedFrom:
    """Where the rows of a computed table come from.

    Attributes:
        module: that computes them.
        tables: that it reads; a test holds that it asks for no other.
    """

    module: str
    tables: tuple[str, ...]


COMPUTED_FROM: Mapping[str, ComputedFrom] = {
    **dict.fromkeys(
        ("case_mix_model", "case_mix_value"),
        ComputedFrom(
            "naome_assets.figures.case_mix", ("case_mix_person", "reporting_window", "cohort_place")
        ),
    ),
    "survival_curve": ComputedFrom(
        "naome_assets.figures.survival", ("window_member", "registry_cohort")
    ),
    "treatment_curve": ComputedFrom(
        "naome_assets.figures.treatment_curve", ("window_member", "follow_up")
    ),
    "prevalence_projection": ComputedFrom(
        "naome_assets.figures.prevalence_projection", ("registry_cohort", "reporting_quarter")
    ),
    "recurrence_capture": ComputedFrom(
        "naome_assets.figures.recurrence_capture",
        ("recurrence_source", "reporting_window", "prevalence"),
    ),
}


def made_of_figures(memory: Memory, table: str) -> dict[str, str]:
    """Versions of what a computed table is made of."""
    source = COMPUTED_FROM[table]
    own = {"its code and settings": code_of(source.module), "libraries": libraries()}
    return own | memory.inputs(source.tables)
