"""Figures of places, worked out again from the counts that are published.

The definitions are those of the SQL models (macros ``intervals`` and ``comparison``); a test holds
the two together on national rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from naome_assets.statistics.control_limits import control_limits
from naome_assets.statistics.disclosure import Profile

_TAILS = ("95", "998")


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


def wilson(part: pd.Series, whole: pd.Series, z: float) -> tuple[pd.Series, pd.Series]:
    """Wilson limits of a percentage."""
    return _limits(percentage(part, whole), whole, z)


def _limits(target: pd.Series, whole: pd.Series, z: float) -> tuple[pd.Series, pd.Series]:
    lower, upper = control_limits(
        target.astype("Float64").to_numpy(float, na_value=np.nan),
        whole.astype("Float64").to_numpy(float, na_value=np.nan),
        z,
    )
    return pd.Series(lower, index=whole.index), pd.Series(upper, index=whole.index)


def byar(count: pd.Series, z: float) -> tuple[pd.Series, pd.Series]:
    """Byar's limits of a count (ruling F2)."""
    known = count.astype(float)
    above = known + 1
    positive = known.where(known > 0)
    lower = positive * (1 - 1 / (9 * positive) - z / (3 * np.sqrt(positive))) ** 3
    upper = above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
    return lower.where(known != 0, 0.0), upper


def _compare(rows: pd.DataFrame, value: str, denominator: str, method: Method) -> None:
    """Control limits and outlier of rows of places (ruling F3)."""
    whole = rows[denominator].astype(float)
    for name, z in zip(_TAILS, (method.z_95, method.z_998), strict=True):
        lower, upper = _limits(rows["target_pct"], whole, z)
        rows[f"limit_lower_{name}"], rows[f"limit_upper_{name}"] = lower, upper
    spare = method.limit_tolerance
    outlier = np.select(
        [
            rows[value].isna() | ~(whole >= method.outlier_minimum),
            rows[value] < rows["limit_lower_998"] - spare,
            rows[value] > rows["limit_upper_998"] + spare,
            rows[value] < rows["limit_lower_95"] - spare,
            rows[value] > rows["limit_upper_95"] + spare,
            rows["limit_lower_95"].notna(),
        ],
        ["", "alarm_low", "alarm_high", "alert_low", "alert_high", "within"],
        "",
    )
    rows["outlier"] = pd.Series(outlier, index=rows.index, dtype=object).where(outlier != "", None)


def cns_access(rows: pd.DataFrame, _profile: Profile, method: Method) -> pd.DataFrame:
    """Percentages, limits and outlier."""
    patients, recorded, seen = rows["patients"], rows["recorded"], rows["seen"]
    rows["completeness_pct"] = percentage(recorded, patients)
    rows["seen_pct_of_recorded"] = percentage(seen, recorded)
    rows["lower_95"], rows["upper_95"] = wilson(seen, recorded, method.z_95)
    rows["seen_pct_of_patients"] = percentage(seen, patients)
    _compare(rows, "seen_pct_of_recorded", "recorded", method)
    return rows


def time_to_treatment(rows: pd.DataFrame, profile: Profile, method: Method) -> pd.DataFrame:
    """Percentages; quartiles stand as they are where enough people are behind them."""
    for days in (31, 62):
        part, whole = rows[f"within_{days}d"], rows[f"eligible_{days}d"]
        rows[f"within_{days}d_pct"] = percentage(part, whole)
        rows[f"lower_95_{days}d"], rows[f"upper_95_{days}d"] = wilson(part, whole, method.z_95)
    enough = (rows["true_people"] >= profile.median_from) & rows["treated"].notna()
    for name in ("lower_quartile_days", "median_days", "upper_quartile_days"):
        rows[name] = rows[name].where(enough & rows["patients"].notna())
    return rows


def indicator(rows: pd.DataFrame, profile: Profile, method: Method) -> pd.DataFrame:
    """Proportions, new people, and Kaplan-Meier estimates."""
    is_count = rows["unit"] == "people"
    is_survival = rows["at_risk_stated"]
    is_share = ~is_count & ~is_survival
    numerator, denominator = rows["numerator"], rows["denominator"]
    share_lower, share_upper = wilson(numerator, denominator, method.z_95)
    count_lower, count_upper = byar(numerator, method.z_95)
    kept = survival(rows.copy(), profile, method)
    value, lower, upper = kept["value"], kept["lower_95"], kept["upper_95"]
    rows["value"] = value.where(is_survival, numerator.astype(float)).where(
        ~is_share, percentage(numerator, denominator)
    )
    rows["lower_95"] = lower.where(is_survival, count_lower).where(~is_share, share_lower)
    rows["upper_95"] = upper.where(is_survival, count_upper).where(~is_share, share_upper)
    limits = [f"limit_{side}_{tail}" for tail in _TAILS for side in ("lower", "upper")]
    _compare(rows, "value", "denominator", method)
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


def data_quality(rows: pd.DataFrame, _profile: Profile, method: Method) -> pd.DataFrame:
    """Completeness and validity, and their change against earlier published figures."""
    rows["completeness_pct"] = percentage(rows["given"], rows["records"])
    rows["lower_95"], rows["upper_95"] = wilson(rows["given"], rows["records"], method.z_95)
    rows["validity_pct"] = percentage(rows["valid"], rows["given"])
    key = ["period", "geography_type", "geography_code", "item"]
    number = rows["quarter"].str[:4].astype(int) * 4 + rows["quarter"].str[6:].astype(int)
    held = rows[key].assign(number=number, before=rows["completeness_pct"])
    for name, quarters in (("quarter_before", 1), ("year_before", 4)):
        earlier = held.assign(number=held["number"] + quarters)
        found = held[[*key, "number"]].merge(earlier, how="left", on=[*key, "number"])
        rows[f"change_since_{name}"] = rows["completeness_pct"] - found["before"].to_numpy()
    return rows


DERIVED = {
    "cns_access": cns_access,
    "time_to_treatment": time_to_treatment,
    "indicator": indicator,
    "survival": survival,
    "data_quality": data_quality,
}
