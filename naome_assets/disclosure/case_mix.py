"""``case_mix_value`` published: its counts are those of other tables and are decided there.

An adjusted value has limits as the crude one has: the observed share and the limits around the
expected share, each times what makes the expected share that of everybody. The outlier is judged
on true counts against the published expected share (ruling G1).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from naome_assets.contract.dimensions import COMPARED_PERIOD
from naome_assets.contract.indicators import INDICATOR, INDICATORS, KAPLAN_MEIER, Series
from naome_assets.contract.published_tables import TABLE
from naome_assets.disclosure.derived import TAILS, Method, limits_around, wilson
from naome_assets.disclosure.flags import OUTLIERS, judged, may_be_told
from naome_assets.disclosure.rows import (
    in_order,
    is_national,
    publish_counts,
    put_together,
    with_added,
)
from naome_assets.disclosure.slices import Decisions
from naome_assets.disclosure.suppression import Flags, Profile

#: Models whose people are counted nowhere else (those followed for a year), so that no sums
#: protect them: of places the adjusted value alone stands, in whole percents as every survival.
_WITHOUT_COUNTS = KAPLAN_MEIER
#: Digits of a mean expected share: more would tell how many people it is the mean of.
_EXPECTED_DIGITS = 3


def _case_mix_counts(kind: str) -> tuple[Series, ...]:
    """The counts of a model, people first, are those of its indicator's table.

    That adjusted survival stands would say whether many or few are at risk after the year.
    """
    own = INDICATOR[kind]
    counts = own.series(own.share.whole), own.series(own.share.part)
    return (*counts, own.series("at_risk")) if kind in _WITHOUT_COUNTS else counts


def _hidden_fits(local: pd.DataFrame, decisions: Decisions) -> pd.DataFrame:
    """Rows without people, where the people of a model are hidden."""
    places = decisions.places
    stand = set(zip(local["indicator"], local["quarter"], local["geography_code"], strict=True))
    fits = local.drop_duplicates(["indicator", "quarter", "geography_type"])
    rows = []
    for fit, window in zip(fits.to_dict("records"), decisions.windows.of_rows(fits), strict=True):
        decided = decisions.of(_case_mix_counts(str(fit["indicator"]))[0], 0)
        if decided is None:
            continue
        for place in np.flatnonzero(decided[0][:, window]):
            key = (fit["indicator"], fit["quarter"], places.codes[place])
            if places.types[place] == fit["geography_type"] and key not in stand:
                rows.append(
                    {str(name): value for name, value in fit.items()}
                    | {
                        "geography_code": places.codes[place],
                        "geography_name": places.names[place],
                        "people": 0,
                        "observed": 0,
                    }
                )
    return pd.DataFrame(rows, columns=local.columns).astype(local.dtypes.to_dict())


def _is_withheld(local: pd.DataFrame, decisions: Decisions) -> Flags:
    """Rows whose people are not published at all: that there is a row would tell of somebody."""
    at_place = local["geography_code"].map(decisions.places.number).to_numpy(np.int64)
    withheld = np.zeros(len(local), bool)
    for kind, index in local.groupby("indicator").indices.items():
        decided = decisions.of(_case_mix_counts(str(kind))[0], 0)
        if decided is not None:
            withheld[index] = decided[1][at_place[index]]
    return withheld


def crude_targets(published: Mapping[str, pd.DataFrame]) -> dict[tuple[str, str], float]:
    """What the crude figures of adjusted indicators are held against, by indicator and quarter.

    Args:
        published: the tables of those figures.
    """
    found: dict[tuple[str, str], float] = {}
    for own in INDICATORS:
        if not own.case_mix or own.key in KAPLAN_MEIER or own.table not in published:
            continue
        frame = published[own.table]
        stands = frame["period"].eq(COMPARED_PERIOD) & frame["presentation"].eq("all")
        for column, value in own.rows.items():
            stands &= frame[column] == value
        target = f"target_pct{own.share.end or ''}"
        rows = frame.loc[stands & frame[target].notna(), ["quarter", target]]
        for quarter, value in rows.drop_duplicates("quarter").itertuples(index=False):
            found[own.key, str(quarter)] = float(value)
    return found


def publish_case_mix(
    frame: pd.DataFrame,
    decisions: Decisions,
    profile: Profile,
    method: Method,
    targets: Mapping[tuple[str, str], float],
) -> pd.DataFrame:
    """Observed and expected from published counts, where both of them are published.

    Args:
        frame: the true table.
        decisions: of the counts of other tables, which are its own.
        profile: the rules.
        method: settings.
        targets: as ``crude_targets`` gives them; an adjusted outlier is published where it tells
            no count together with the crude one.
    """
    frame = with_added(frame, "case_mix_value")
    windows, places = decisions.windows, decisions.places
    known = frame["quarter"].isin(windows.quarters) & frame["geography_code"].isin(places.codes)
    local = frame[known & ~is_national(frame)].reset_index(drop=True)
    at_window = windows.of_rows(local)
    local = local[windows.complete[at_window] & ~_is_withheld(local, decisions)]
    local = in_order(pd.concat([local, _hidden_fits(local, decisions)]), frame)
    at_window = windows.of_rows(local)
    at_place = local["geography_code"].map(places.number).to_numpy(np.int64)
    hidden = {
        name: profile.is_small(local[name].to_numpy(np.int64)) for name in ("people", "observed")
    }
    for kind, index in local.groupby("indicator").indices.items():
        for number, series in enumerate(_case_mix_counts(str(kind))):
            name = "observed" if number else "people"
            decided = decisions.of(series, 0)
            if decided is not None:
                hidden[name][index] |= decided[0][at_place[index], at_window[index]]
                hidden[name][index] |= decided[1][at_place[index]]
    hidden["observed"] |= hidden["people"]
    observed, expected = local["observed"].astype(float), local["expected"].astype(float)
    # The overall share of the model, from any row of it.
    overall = (
        (local["adjusted_value"] * expected / observed.where(observed > 0))
        .groupby([local["quarter"], local["indicator"]])
        .transform("first")
    )
    share = (expected / local["people"]).round(_EXPECTED_DIGITS)
    flags = judged(
        local["observed"].to_numpy(np.int64),
        local["people"].to_numpy(np.int64),
        (100 * share).to_numpy(float),
        method.outlier_minimum,
        method.limit_tolerance,
        (method.z_95, method.z_998),
    )
    publish_counts(local, hidden, profile)
    local["expected"] = share * local["people"].astype(float)
    local["adjusted_value"] = (
        local["observed"].astype(float) / local["expected"].where(local["expected"] > 0) * overall
    )
    is_hidden = hidden["observed"]
    local.loc[is_hidden, ["expected", "adjusted_value"]] = np.nan
    crude = pd.Series(
        [
            targets.get(key, np.nan)
            for key in zip(local["indicator"], local["quarter"], strict=True)
        ],
        index=local.index,
        dtype=float,
    )
    _add_limits(local, 100 * share, overall, profile, method)
    told = may_be_told(
        local["observed"], local["people"], crude, profile, method.outlier_minimum,
        method.limit_tolerance, (method.z_95, method.z_998), other=100 * share,
    )  # fmt: skip
    names = np.array([None, *OUTLIERS[1:]], object)
    local["outlier"] = pd.Series(names[np.where(told, flags, 0)], index=local.index, dtype=object)
    alone = local["indicator"].isin(_WITHOUT_COUNTS)
    local.loc[alone, "adjusted_value"] = local.loc[alone, "adjusted_value"].round()
    local.loc[alone, ["people", "observed", "expected"]] = pd.NA
    added = TABLE["case_mix_value"].added
    local.loc[alone, [own.name for own in added if own.type == "real"]] = np.nan
    local.loc[alone, "outlier"] = None
    return put_together(frame, local, is_hidden)


def _add_limits(
    rows: pd.DataFrame, expected: pd.Series, overall: pd.Series, profile: Profile, method: Method
) -> None:
    """The 95 % limits of adjusted values, and the limits that they are held against.

    Args:
        rows: with published counts.
        expected: the expected share, percent.
        overall: the share of everybody, percent.
        profile: the rules.
        method: settings.
    """
    stands = rows["adjusted_value"].notna()
    scale = (overall / expected.where(expected > 0)).where(stands)
    for name, limit in zip(
        ("lower_95", "upper_95"),
        wilson(rows["observed"], rows["people"], method.z_95, profile),
        strict=True,
    ):
        rows[name] = limit * scale
    for tail, z in zip(TAILS, (method.z_95, method.z_998), strict=True):
        lower, upper = limits_around(expected, rows["people"].astype("Float64"), z)
        rows[f"limit_lower_{tail}"], rows[f"limit_upper_{tail}"] = lower * scale, upper * scale
