"""Figures of places, worked out again from the counts that are published.

The definitions are those of the SQL models (macros ``intervals`` and ``comparison``); a test holds
the two together on national rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from naome_assets.contract.dimensions import NATION
from naome_assets.contract.published_tables import TABLE, PublishedTable
from naome_assets.disclosure.flags import OUTLIERS, judged, may_be_told
from naome_assets.disclosure.rows import is_national
from naome_assets.disclosure.suppression import Profile
from naome_assets.quarters import quarter_number
from naome_assets.statistics.control_limits import control_limits

#: Ends of the names of control limits.
TAILS = ("95", "998")


@dataclass(frozen=True)
class Method:
    """Settings of ``dbt_project.yml`` that shape derived figures."""

    outlier_minimum: int
    limit_tolerance: float
    z_95: float
    z_998: float

    @classmethod
    def of(cls, variables: Mapping[str, Any]) -> Method:
        """From the project's settings."""
        return cls(
            int(variables["outlier_minimum"]),
            float(variables["limit_tolerance"]),
            float(variables["z_95"]),
            float(variables["z_998"]),
        )


def percentage(part: pd.Series, whole: pd.Series) -> pd.Series:
    """100 x part / whole; null of nothing."""
    return (100.0 * part / whole.where(whole > 0)).astype(float)


def wilson(
    part: pd.Series, whole: pd.Series, z: float, profile: Profile
) -> tuple[pd.Series, pd.Series]:
    """Wilson limits of a percentage of rounded counts.

    They hold the limits of all counts that round to the published ones (ruling G2): the fewest
    among the most, and the most among the fewest.
    """
    known = part.notna() & whole.notna()
    (least, most), (fewest, largest) = (_behind(own, profile) for own in (part, whole))
    lower, _ = limits_around(percentage(least, largest), largest, z)
    among = most.where(most < fewest, fewest)
    _, upper = limits_around(percentage(among, fewest), fewest, z)
    return lower.where(known), upper.where(known)


def _behind(count: pd.Series, profile: Profile) -> tuple[pd.Series, pd.Series]:
    """Fewest and most people behind published counts; 0 for hidden ones."""
    rounded = count.fillna(0).to_numpy(np.int64)
    return (
        pd.Series(profile.lowest(rounded), index=count.index),
        pd.Series(profile.highest(rounded), index=count.index),
    )


def limits_around(target: pd.Series, whole: pd.Series, z: float) -> tuple[pd.Series, pd.Series]:
    """Control limits of so many people around a target, percent; null where either is."""
    lower, upper = control_limits(
        target.astype("Float64").to_numpy(float, na_value=np.nan),
        whole.astype("Float64").to_numpy(float, na_value=np.nan),
        z,
    )
    return pd.Series(lower, index=whole.index), pd.Series(upper, index=whole.index)


def byar(count: pd.Series, z: float, profile: Profile) -> tuple[pd.Series, pd.Series]:
    """Byar's limits of a rounded count (rulings F2, G2)."""
    least, most = (own.astype(float) for own in _behind(count, profile))
    above = most + 1
    positive = least.where(least > 0)
    lower = positive * (1 - 1 / (9 * positive) - z / (3 * np.sqrt(positive))) ** 3
    upper = above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
    known = count.notna()
    return lower.where(least != 0, 0.0).where(known), upper.where(known)


def _compare(
    rows: pd.DataFrame, counts: tuple[str, str], profile: Profile, method: Method, end: str = ""
) -> None:
    """Control limits of the published denominator, and the outlier of the true counts (ruling G1).

    Args:
        rows: of places, with published counts, ``target_pct`` and the true ``outlier``.
        counts: columns of numerator and denominator.
        profile: the rules.
        method: settings.
        end: of the names of the columns.
    """
    part, whole = (rows[name] for name in counts)
    target = rows[f"target_pct{end}"]
    stands = part.notna() & whole.notna()
    size = whole.astype(float).where(stands)
    for name, z in zip(TAILS, (method.z_95, method.z_998), strict=True):
        lower, upper = limits_around(target, size, z)
        rows[f"limit_lower_{name}{end}"], rows[f"limit_upper_{name}{end}"] = lower, upper
    told = may_be_told(
        part, whole, target, profile, method.outlier_minimum, method.limit_tolerance,
        (method.z_95, method.z_998),
    )  # fmt: skip
    outlier = rows[f"outlier{end}"].astype(object)
    rows[f"outlier{end}"] = outlier.where(told & outlier.notna(), None)


def with_outliers_of_times(frame: pd.DataFrame, method: Method) -> pd.DataFrame:
    """``time_to_treatment`` with targets and outliers, which the warehouse's table does not have.

    Judged on true counts of all places against both nations together, as in the macro
    ``comparison`` of the other tables.
    """
    window = ["quarter", "period", "presentation"]
    of_all = frame["modality"] == "any"
    together = frame[of_all & (frame["geography_type"] == NATION)].groupby(window)
    found = frame.copy()
    is_place = (of_all & ~is_national(frame)).to_numpy(bool)
    # Times that places are compared by; of everybody, whatever the first treatment.
    for share in TABLE["time_to_treatment"].shares:
        part, whole, end = share.part, share.whole, share.end
        sums = together[[part, whole]].sum()
        target = percentage(sums[part], sums[whole]).rename("target")
        own = frame[window].merge(target, how="left", left_on=window, right_index=True)["target"]
        found[f"target_pct{end}"] = own.where(of_all)
        for tail in TAILS:
            found[[f"limit_lower_{tail}{end}", f"limit_upper_{tail}{end}"]] = np.nan
        flags = judged(
            frame[part].to_numpy(np.int64),
            frame[whole].to_numpy(np.int64),
            found[f"target_pct{end}"].to_numpy(float),
            method.outlier_minimum,
            method.limit_tolerance,
            (method.z_95, method.z_998),
        )
        names = np.array([None, *OUTLIERS[1:]], object)[np.where(is_place, flags, 0)]
        found[f"outlier{end}"] = pd.Series(names, index=frame.index, dtype=object)
    return found


def with_shares(
    table: PublishedTable, rows: pd.DataFrame, profile: Profile, method: Method
) -> pd.DataFrame:
    """Every percentage of a table with its limits, and what is held against control limits."""
    for share in table.shares:
        part, whole = rows[share.part], rows[share.whole]
        rows[share.value] = percentage(part, whole)
        if share.end is not None:
            limits = wilson(part, whole, method.z_95, profile)
            rows[f"lower_95{share.end}"], rows[f"upper_95{share.end}"] = limits
        if share.is_compared:
            _compare(rows, (share.part, share.whole), profile, method, share.end or "")
    return rows


def time_to_treatment(rows: pd.DataFrame, profile: Profile, method: Method) -> pd.DataFrame:
    """Percentages, limits and outliers; quartiles where nothing that they tell is hidden (G4)."""
    rows = with_shares(TABLE["time_to_treatment"], rows, profile, method)
    stands = rows["treated"].notna() & rows["patients"].notna()
    for share in TABLE["time_to_treatment"].shares:
        stands &= rows[share.part].notna()
    stands &= rows["true_people"] >= profile.median_from
    for name in ("lower_quartile_days", "median_days", "upper_quartile_days"):
        rows[name] = rows[name].where(stands)
    return rows


def indicator(rows: pd.DataFrame, profile: Profile, method: Method) -> pd.DataFrame:
    """Proportions, new people, and Kaplan-Meier estimates."""
    is_count = rows["unit"] == "people"
    is_survival = rows["at_risk_stated"]
    is_share = ~is_count & ~is_survival
    numerator, denominator = rows["numerator"], rows["denominator"]
    share_lower, share_upper = wilson(numerator, denominator, method.z_95, profile)
    count_lower, count_upper = byar(numerator, method.z_95, profile)
    kept = survival(rows.copy(), profile, method)
    value, lower, upper = kept["value"], kept["lower_95"], kept["upper_95"]
    rows["value"] = value.where(is_survival, numerator.astype(float)).where(
        ~is_share, percentage(numerator, denominator)
    )
    rows["lower_95"] = lower.where(is_survival, count_lower).where(~is_share, share_lower)
    rows["upper_95"] = upper.where(is_survival, count_upper).where(~is_share, share_upper)
    limits = [f"limit_{side}_{tail}" for tail in TAILS for side in ("lower", "upper")]
    _compare(rows, ("numerator", "denominator"), profile, method)
    rows.loc[~is_share, limits] = np.nan
    rows.loc[~is_share, "outlier"] = None
    return rows


def survival(rows: pd.DataFrame, profile: Profile, _method: Method) -> pd.DataFrame:
    """Kaplan-Meier estimates to whole percents, where no count behind them is hidden.

    An estimate with all its digits is a fraction that tells the counts it was made of.
    """
    deaths = rows["numerator"] if "numerator" in rows else rows["deaths"]
    enough = (
        deaths.notna()
        & rows["denominator"].notna()
        & rows["at_risk"].notna()
        & (rows["true_people"] >= profile.median_from)
    )
    for name in ("value", "lower_95", "upper_95"):
        rows[name] = rows[name].astype(float).round().where(enough)
    return rows


def data_quality(rows: pd.DataFrame, profile: Profile, method: Method) -> pd.DataFrame:
    """Completeness and validity, and their change against earlier published figures."""
    rows = with_shares(TABLE["data_quality"], rows, profile, method)
    key = ["period", "geography_type", "geography_code", "item"]
    number = rows["quarter"].map({own: quarter_number(own) for own in rows["quarter"].unique()})
    held = rows[key].assign(number=number, before=rows["completeness_pct"])
    for name, quarters in (("quarter_before", 1), ("year_before", 4)):
        earlier = held.assign(number=held["number"] + quarters)
        found = held[[*key, "number"]].merge(earlier, how="left", on=[*key, "number"])
        rows[f"change_since_{name}"] = rows["completeness_pct"] - found["before"].to_numpy()
    return rows


#: Figures of tables that are more than shares of their counts.
_OWN: Mapping[str, Callable[[pd.DataFrame, Profile, Method], pd.DataFrame]] = {
    "time_to_treatment": time_to_treatment,
    "indicator": indicator,
    "survival": survival,
    "data_quality": data_quality,
}


def derive(
    table: PublishedTable, rows: pd.DataFrame, profile: Profile, method: Method
) -> pd.DataFrame:
    """A table's figures of places from its published counts."""
    own = _OWN.get(table.name)
    return with_shares(table, rows, profile, method) if own is None else own(rows, profile, method)
