"""The one step that everything leaving passes: true tables in, published tables out.

Nations stand unchanged. Of places below them, counts are hidden or rounded
(``suppression``) and every other figure is worked out from what is left. Windows that
begin before the data, and crossed rows of ``prevalence``, are published for nations only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from naome_assets.contract.published_tables import TABLE
from naome_assets.disclosure.case_mix import crude_targets, publish_case_mix
from naome_assets.disclosure.curves import publish_curve
from naome_assets.disclosure.decide import decide
from naome_assets.disclosure.derived import Method, with_outliers_of_times
from naome_assets.disclosure.places import places_of
from naome_assets.disclosure.prevalence import publish_prevalence
from naome_assets.disclosure.prevalence_counts import decide_living
from naome_assets.disclosure.rows import is_national
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
    method = Method.of(variables)
    located = [frame for frame in tables.values() if "geography_name" in frame]
    windowed = [frame for frame in located if "complete" in frame and len(frame)]
    if not windowed:
        return Controlled(
            {name: frame.assign(suppressed=False) for name, frame in tables.items()}, 0
        )
    places = places_of(located, listed, variables["nations"]["Wales"]["providers"])
    windows = Windows.of(windowed, missing or {})
    past = before or {}
    decisions = decide(tables, places, windows, profile, past)
    living = None
    if "prevalence" in tables:
        living = decide_living(tables["prevalence"], decisions, profile, past.get("prevalence"))
    published: dict[str, pd.DataFrame] = {}
    for name, frame in tables.items():
        table = TABLE[name]
        if table.control == "living" and living is not None:
            published[name] = publish_prevalence(frame, living, profile)
        elif table.control == "case_mix":
            published[name] = publish_case_mix(
                frame, decisions, profile, method, crude_targets(published)
            )
        elif table.control == "windows":
            if name == "time_to_treatment":
                frame = with_outliers_of_times(frame, method)
            published[name] = publish_windowed(frame, table, decisions, living, profile, method)
            if name == "indicator":
                published[name] = with_notes(published[name], variables)
        elif table.control == "curve":
            published[name] = publish_curve(frame, profile)
        else:
            published[name] = frame[is_national(frame)].assign(suppressed=False)
    unprotected = decisions.unprotected + (living.unprotected if living else 0)
    return Controlled(published, unprotected)
