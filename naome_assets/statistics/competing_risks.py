"""Cumulative incidence with a competing event, by statsmodels (method book section 4)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_COLUMNS = ("day", "at_risk", "first_pct", "lower_95", "upper_95", "second_pct")


def cumulative_incidence(
    days: Sequence[int], outcome: Sequence[int], last_day: int, z: float
) -> pd.DataFrame:
    """Aalen-Johansen estimate for two events of which only one can come first.

    Who is censored on a day is still at risk on it, and events of day 0 happen with everyone at
    risk (ruling A9). Not by lifelines, whose estimator moves tied days apart at random; days are
    always tied.

    Args:
        days: Days to the first event or to the end of follow-up, 0 or more.
        outcome: 1 and 2 for the two events, 0 where follow-up ended.
        last_day: Later days are left out; they change nothing before them.
        z: Standard normal quantile of the limits: 0.975 for 95 % (ruling A8).

    Returns:
        A row for day 0, for each day on which follow-up of anybody ended, and for the last day
        where anybody is followed beyond it: ``day``, ``at_risk`` (people followed to that day or
        longer), ``first_pct`` with its log-log 95 % limits ``lower_95`` and ``upper_95``, and
        ``second_pct``, all in percent. Limits are null where the first event has not happened
        yet, and where nobody is left.
    """
    # Only runs that draw curves pay for the import.
    from statsmodels.duration.survfunc import CumIncidenceRight

    if not len(days):
        return pd.DataFrame(columns=list(_COLUMNS))
    time, event = np.asarray(days), np.asarray(outcome)
    # The estimator counts the kinds of event: a kind that did not happen would be missing. Where
    # nobody is left its standard error divides by nobody.
    with np.errstate(divide="ignore", invalid="ignore"):
        fitted = CumIncidenceRight(time, event)
    on = fitted.times.astype(int)
    never = np.zeros(len(on))
    first, second = [fitted.cinc[k] if k < len(fitted.cinc) else never for k in (0, 1)]
    error = fitted.cinc_se[0] if fitted.cinc_se else never
    lower, upper = _log_log(first, error, z)
    followed = np.sort(time)
    curve = pd.DataFrame(
        {
            "day": on,
            "at_risk": len(time) - np.searchsorted(followed, on),
            "first_pct": 100 * first,
            "lower_95": 100 * lower,
            "upper_95": 100 * upper,
            "second_pct": 100 * second,
        }
    )
    if on[0] > 0:
        curve = pd.concat([_row(0, len(time)), curve], ignore_index=True)
    beyond = int((time > last_day).sum())
    curve = curve[curve["day"] <= last_day]
    if beyond and curve["day"].iloc[-1] < last_day:
        end = curve.iloc[[-1]].assign(day=last_day, at_risk=beyond)
        curve = pd.concat([curve, end], ignore_index=True)
    return curve.astype({"day": "int64", "at_risk": "int64"}).reset_index(drop=True)


def _row(day: int, at_risk: int) -> pd.DataFrame:
    values = (day, at_risk, 0.0, np.nan, np.nan, 0.0)
    return pd.DataFrame([dict(zip(_COLUMNS, values, strict=True))])


def _log_log(
    share: NDArray[np.float64], error: NDArray[np.float64], z: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Limits of log(-log(share)), which stay between 0 and 1 (ruling A8)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        width = z * error / np.abs(share * np.log(share))
        limits = share ** np.exp(width), share ** np.exp(-width)
    known = (share > 0) & (share < 1) & np.isfinite(error)
    lower, upper = (np.where(known & np.isfinite(limit), limit, np.nan) for limit in limits)
    return lower, upper
