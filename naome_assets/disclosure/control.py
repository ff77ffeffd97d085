"""The one step that everything leaving passes: true tables in, published tables out.

Nations stand unchanged. Of places below them, counts are hidden or rounded
(``suppression``) and every other figure is worked out from what is left. Windows that
begin before the data, and crossed rows of ``prevalence``, are published for nations only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from naome_assets.contract.dimensions import METHODS, NATIONS, REGISTRY
from naome_assets.contract.published_tables import TABLE, PublishedTable
from naome_assets.disclosure.case_mix import crude_targets, publish_case_mix
from naome_assets.disclosure.curves import publish_curve
from naome_assets.disclosure.decide import decide
from naome_assets.disclosure.derived import Method, with_outliers_of_times
from naome_assets.disclosure.methods import (
    MethodDecisions,
    decide_methods,
    of_method,
    publish_methods,
)
from naome_assets.disclosure.places import places_of
from naome_assets.disclosure.prevalence import publish_prevalence
from naome_assets.disclosure.prevalence_counts import LivingDecisions, decide_living
from naome_assets.disclosure.rows import is_national, with_added
from naome_assets.disclosure.slices import Decisions
from naome_assets.disclosure.suppression import Profile
from naome_assets.disclosure.unseen import with_notes
from naome_assets.disclosure.windowed import publish_windowed
from naome_assets.disclosure.windows import Windows
from naome_assets.transform.project import load_project


@dataclass(frozen=True)
class Controlled:
    """Published tables, and how many small counts the sums still tell.

    That is 0 unless national figures or earlier publications leave no way to hide them.
    """

    tables: Mapping[str, pd.DataFrame]
    unprotected: int


def control(
    tables: Mapping[str, pd.DataFrame],
    listed: pd.DataFrame,
    profile: Profile,
    before: Mapping[str, pd.DataFrame] | None = None,
    missing: Mapping[str, str] | None = None,
) -> Controlled:
    """Pass tables through disclosure control.

    Args:
        tables: true tables by name.
        listed: the providers there are, with their alliances, as in ``organisation``.
        profile: the rules.
        before: tables as they were published last, by this profile or another.
        missing: quarters that are reported for one nation alone, with the code of the nation that
            has no rows in them.
    """
    variables = load_project().variables
    every_method, tables = tables, _of_registry(tables)
    located = [frame for frame in tables.values() if "geography_name" in frame]
    windowed = [frame for frame in located if "complete" in frame and len(frame)]
    if not windowed:
        return Controlled(
            {
                name: with_added(frame, name).assign(suppressed=False)
                for name, frame in tables.items()
            },
            0,
        )
    providers = {NATIONS[name]: own["providers"] for name, own in variables["nations"].items()}
    places = places_of(located, listed, providers)
    windows = Windows.of(windowed, missing or {})
    past = _of_registry(before or {})
    decisions = decide(tables, places, windows, profile, past)
    living = methods = None
    if "prevalence" in tables:
        living, methods = _people(tables["prevalence"], decisions, profile, past.get("prevalence"))
    published: dict[str, pd.DataFrame] = {}
    for name, frame in tables.items():
        if TABLE[name].control == "living" and living is not None:
            published[name] = _published_people(frame, living, methods, profile)
        else:
            targets = crude_targets(published)
            own = _published(frame, TABLE[name], decisions, living, profile, targets)
            published[name] = _with_nations(own, every_method[name])
    unprotected = decisions.unprotected + sum(
        own.unprotected for own in (living, methods) if own is not None
    )
    return Controlled(published, unprotected)


def _published(
    frame: pd.DataFrame,
    table: PublishedTable,
    decisions: Decisions,
    living: LivingDecisions | None,
    profile: Profile,
    targets: Mapping[tuple[str, str], float],
) -> pd.DataFrame:
    """A table by the rules of its kind; ``targets`` as ``crude_targets`` gives them."""
    if table.control == "curve":
        return publish_curve(frame, profile)
    if table.control not in ("windows", "case_mix"):
        return frame[is_national(frame)].assign(suppressed=False)
    variables = load_project().variables
    method = Method.of(variables)
    if table.control == "case_mix":
        return publish_case_mix(frame, decisions, profile, method, targets)
    if table.name == "time_to_treatment":
        frame = with_outliers_of_times(frame, method)
    published = publish_windowed(frame, table, decisions, living, profile, method)
    return with_notes(published, variables) if table.name == "indicator" else published


def _people(
    prevalence: pd.DataFrame,
    decisions: Decisions,
    profile: Profile,
    before: pd.DataFrame | None,
) -> tuple[LivingDecisions, MethodDecisions | None]:
    """What is hidden of people living with MBC: by ``registry`` first, then by other methods."""
    earlier = None if before is None else of_method(before, REGISTRY)
    living = decide_living(of_method(prevalence, REGISTRY), decisions, profile, earlier)
    if of_method(prevalence, *METHODS[1:]).empty:
        return living, None
    return living, decide_methods(prevalence, living, profile, before)


def _published_people(
    prevalence: pd.DataFrame,
    living: LivingDecisions,
    methods: MethodDecisions | None,
    profile: Profile,
) -> pd.DataFrame:
    published = publish_prevalence(of_method(prevalence, REGISTRY), living, profile)
    if methods is None:
        return published
    added = publish_methods(prevalence, methods, profile)
    return pd.concat([published, added], ignore_index=True)


def _of_registry(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Tables without what other methods find, but for prevalence, which has rules for it."""
    return {
        name: frame if name == "prevalence" else of_method(frame, REGISTRY)
        for name, frame in tables.items()
    }


def _with_nations(published: pd.DataFrame, every_method: pd.DataFrame) -> pd.DataFrame:
    """A published table with the rows of nations, as they are, of other methods."""
    others = of_method(every_method, *METHODS[1:])
    added = others[is_national(others)].assign(suppressed=False)
    if added.empty:
        return published
    return pd.concat([published, added.reindex(columns=published.columns)], ignore_index=True)
