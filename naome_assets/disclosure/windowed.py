"""Tables with windows, published: counts as decided, other figures worked out from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from naome_assets.contract.dimensions import PRESENTATIONS
from naome_assets.contract.published_tables import PublishedTable
from naome_assets.disclosure.derived import Method, derive
from naome_assets.disclosure.prevalence import hidden_shares, hide_as_living
from naome_assets.disclosure.prevalence_counts import LivingDecisions
from naome_assets.disclosure.rows import (
    groups,
    in_order,
    is_national,
    publish_counts,
    put_together,
)
from naome_assets.disclosure.slices import Decisions
from naome_assets.disclosure.stated_counts import presentation_of
from naome_assets.disclosure.suppression import Flags, Profile


def publish_windowed(
    frame: pd.DataFrame,
    spec: PublishedTable,
    decisions: Decisions,
    living: LivingDecisions | None,
    profile: Profile,
    method: Method,
) -> pd.DataFrame:
    """A table with windows as it is published.

    Args:
        frame: the true table.
        spec: what it counts.
        decisions: which of its counts are hidden.
        living: the same of ``prevalence``, of which one indicator is made.
        profile: the rules.
        method: how figures are worked out from counts.
    """
    local = frame[~is_national(frame) & frame["complete"].astype(bool)]
    base = _people_columns(frame, spec)
    local = local[_is_published(local, spec, base, decisions)]
    local = in_order(
        pd.concat([local, _hidden_zeros(frame, local, spec, base, decisions, living)]), frame
    )
    hidden = {column: np.zeros(len(local), bool) for column in spec.counts}
    at_place = local["geography_code"].map(decisions.places.number).to_numpy(np.int64)
    at_window = decisions.windows.of_rows(local)
    presentations = presentation_of(local)
    kinds = local[spec.kind] if spec.kind else pd.Series("", index=local.index)
    for (kind, presentation), index in groups(local, kinds.to_numpy(), presentations):
        for column, flags in hidden.items():
            decided = decisions.of((spec.name, kind, column), presentation)
            if decided is not None:
                flags[index] = decided[0][at_place[index], at_window[index]]
                flags[index] |= decided[1][at_place[index]]
    if spec.name == "indicator" and living is not None:
        hide_as_living(local, hidden, living)
    local["true_people"] = local[next(iter(spec.counts))].fillna(0).astype(float)
    if "at_risk" in local:
        local["at_risk_stated"] = local["at_risk"].notna()
    publish_counts(local, hidden, profile)
    before = local.copy()
    local = derive(spec, local, profile, method)
    suppressed = np.logical_or.reduce(list(hidden.values()))
    for name in ("median_days", "lower_quartile_days", "upper_quartile_days", "value"):
        if name in local:
            suppressed |= (local[name].isna() & before[name].notna()).to_numpy(bool)
    return put_together(frame, local, suppressed)


def _people_columns(frame: pd.DataFrame, spec: PublishedTable) -> dict[str, str]:
    """The column of each kind whose people make a row: the first that the kind states.

    A row without people is left out, so a row that is not there says that this count is 0.
    """
    kinds = frame[spec.kind] if spec.kind else np.full(len(frame), "")
    stated = frame.groupby(kinds)[list(spec.counts)].count() > 0
    return {str(kind): str(column) for kind, column in stated.idxmax(axis=1).items()}


def _is_published(
    local: pd.DataFrame, spec: PublishedTable, base: Mapping[str, str], decisions: Decisions
) -> Flags:
    """Rows whose people are not withheld altogether."""
    at_place = local["geography_code"].map(decisions.places.number).to_numpy(np.int64)
    kinds = local[spec.kind].to_numpy() if spec.kind else np.full(len(local), "")
    is_published = np.ones(len(local), bool)
    for (kind, presentation), index in groups(local, kinds, presentation_of(local)):
        decided = decisions.of((spec.name, kind, base[kind]), presentation)
        if decided is not None:
            is_published[index] = ~decided[1][at_place[index]]
    return is_published


def _hidden_zeros(
    frame: pd.DataFrame,
    local: pd.DataFrame,
    spec: PublishedTable,
    base: Mapping[str, str],
    decisions: Decisions,
    living: LivingDecisions | None,
) -> pd.DataFrame:
    """Rows without people that are shown as hidden, because they protect others.

    They hold what rows of somebody hold, or they would tell that they are of nobody.
    """
    places, windows = decisions.places, decisions.windows
    stand = pd.MultiIndex.from_arrays(
        [
            local[spec.kind] if spec.kind else pd.Series("", index=local.index),
            presentation_of(local),
            local["geography_code"].map(places.number).to_numpy(np.int64),
            windows.of_rows(local),
        ]
    )
    wanted = [
        (kind, presentation, int(place), int(window))
        for (series, presentation), number in decisions.slices.items()
        for table, kind, column in [series]
        if table == spec.name and column == base.get(kind)
        for place, window in np.argwhere(decisions.hidden[number])
    ]
    if spec.name == "indicator" and living is not None:
        wanted += hidden_shares(living, frame, decisions)
    missing = sorted(set(wanted) - set(stand))
    if not missing:
        return local.iloc[:0]
    kinds = pd.Index([row[0] for row in missing])
    presentations, at_place, at_window = np.array([row[1:] for row in missing], np.int64).T
    stated = frame.groupby(frame[spec.kind] if spec.kind else np.full(len(frame), ""))[
        list(spec.counts)
    ].count()
    columns: dict[str, Any] = {}
    for column in spec.counts:
        is_stated = stated[column].gt(0).reindex(kinds).to_numpy(bool)
        columns[column] = np.zeros(len(missing), np.int64)
        if not is_stated.all():
            columns[column] = np.where(is_stated, 0.0, np.nan)
    labels = [windows.label(window) for window in range(len(windows.complete))]
    columns |= {
        "quarter": np.array([quarter for quarter, _ in labels], object)[at_window],
        "period": np.array([period for _, period in labels], object)[at_window],
        "complete": True,
        "geography_type": np.array(places.types, object)[at_place],
        "geography_code": np.array(places.codes, object)[at_place],
        "geography_name": np.array(places.names, object)[at_place],
        "presentation": np.array(PRESENTATIONS, object)[presentations],
    }
    if spec.kind:
        columns[spec.kind] = kinds
        of_kind = frame.drop_duplicates(spec.kind).set_index(spec.kind)
        columns |= {
            name: of_kind[name].reindex(kinds).to_numpy()
            for name in ("unit", "item_code", "source", "method")
            if name in of_kind
        }
    added = pd.DataFrame(columns)
    if "target_pct" in frame:
        own = [name for name in ("quarter", "period", "presentation", spec.kind) if name in frame]
        targets = frame.drop_duplicates(own)[[*own, "target_pct"]]
        added = added.merge(targets, how="left", on=own)
    return added.reindex(columns=frame.columns).astype(frame.dtypes.to_dict(), errors="ignore")
