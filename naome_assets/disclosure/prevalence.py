"""``prevalence`` published, and the share of recurrent among the living, made of its counts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from naome_assets.contract.dimensions import EVERYBODY, LIVING, RECURRENT, REGISTRY
from naome_assets.disclosure.prevalence_counts import (
    LivingDecisions,
    is_margin,
)
from naome_assets.disclosure.rows import (
    in_order,
    is_national,
    publish_counts,
    put_together,
)
from naome_assets.disclosure.slices import Decisions
from naome_assets.disclosure.stated_counts import OF_PREVALENCE
from naome_assets.disclosure.suppression import Flags, Profile


def hidden_shares(
    living: LivingDecisions, frame: pd.DataFrame, decisions: Decisions
) -> list[tuple[str, int, int, int]]:
    """Windows of places whose number of people living with MBC is hidden."""
    own = frame[(frame["indicator"] == OF_PREVALENCE) & ~is_national(frame)]
    own = own[own["complete"].astype(bool)]
    windows = own.drop_duplicates(["quarter", "period"])
    number = {quarter: index for index, quarter in enumerate(living.quarters)}
    return [
        (OF_PREVALENCE, 0, int(place), int(window))
        for quarter, window in zip(
            windows["quarter"], decisions.windows.of_rows(windows), strict=True
        )
        for place in np.flatnonzero(living.hidden[0, :, number[quarter]])
    ]


def hide_as_living(
    rows: pd.DataFrame, hidden: Mapping[str, Flags], living: LivingDecisions
) -> None:
    """The share of recurrent among the living takes the decisions of ``prevalence``."""
    own = (rows["indicator"] == OF_PREVALENCE).to_numpy(bool)
    keys = rows.loc[own, ["quarter", "geography_code"]].assign(**EVERYBODY)
    for column, presentation in (("denominator", "all"), ("numerator", RECURRENT)):
        asked = keys.assign(presentation=presentation)
        if ("all", "all", presentation, "all") in living.categories:
            hidden[column][own] = living.hidden[living.at(asked)]
    hidden["numerator"][own] |= hidden["denominator"][own]


def publish_prevalence(
    frame: pd.DataFrame, living: LivingDecisions, profile: Profile
) -> pd.DataFrame:
    """``prevalence`` with its hidden counts, and the margins alone of places."""
    local = frame[~is_national(frame) & is_margin(frame)]
    stand = set(zip(*(axis.tolist() for axis in living.at(local)), strict=True))
    missing = sorted(set(map(tuple, np.argwhere(living.hidden).tolist())) - stand)
    dates = frame.drop_duplicates("quarter").set_index("quarter")["index_date"]
    notes = local.drop_duplicates("quarter").set_index("quarter")["notes"]
    added = pd.DataFrame(
        [
            dict(
                zip(
                    LIVING,
                    living.categories[category],
                    strict=True,
                ),
                quarter=living.quarters[quarter],
                index_date=dates[living.quarters[quarter]],
                geography_type=living.places.types[place],
                geography_code=living.places.codes[place],
                geography_name=living.places.names[place],
                method=REGISTRY,
                people=0,
                notes=notes.get(living.quarters[quarter]),
            )
            for category, place, quarter in missing
        ],
        columns=frame.columns,
    )
    if len(added):
        local = pd.concat([local, added.astype(frame.dtypes.to_dict(), errors="ignore")])
    local = in_order(local, frame)
    hidden = living.hidden[living.at(local)]
    publish_counts(local, {"people": hidden}, profile)
    return put_together(frame, local, hidden)
