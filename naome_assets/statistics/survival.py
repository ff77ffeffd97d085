"""Survival curves: the product limit with Greenwood's error (method book section 5)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from naome_assets.statistics.log_log import log_log_limits


def survival_curve(
    days: Sequence[int],
    has_died: Sequence[bool],
    people: Sequence[int] | None = None,
    *,
    z: float,
) -> pd.DataFrame:
    """Kaplan-Meier estimate with log-log 95 % limits.

    Args:
        days: Days from the MBC date to death or to the end of follow-up, 0 or more.
        has_died: Whether it was death.
        people: How many people each entry stands for; one each by default.
        z: Standard normal quantile of the limits (ruling A8).

    Returns:
        A row a day on which follow-up of anybody ended, and day 0: ``day``, ``at_risk`` (people
        followed to that day or longer), ``survival``, ``lower_95`` and ``upper_95`` in percent.
        Limits are null where nobody has died yet, and where nobody is left.
    """
    if not len(days):
        return pd.DataFrame(columns=["day", "at_risk", "survival", "lower_95", "upper_95"])
    last = np.asarray(days)
    weight = np.ones(len(last), np.int64) if people is None else np.asarray(people)
    ended = np.append(0, last)
    on, at = np.unique(ended, return_inverse=True)
    left = np.bincount(at, np.append(0, weight), minlength=len(on))
    died = np.bincount(at, np.append(0, weight * np.asarray(has_died)), minlength=len(on))
    at_risk = left[::-1].cumsum()[::-1]
    survival = np.cumprod(1 - died / at_risk)
    # Where the last people die nobody is left, and nothing is known of the error.
    with np.errstate(divide="ignore", invalid="ignore"):
        error = survival * np.sqrt(np.cumsum(died / (at_risk * (at_risk - died))))
    lower, upper = log_log_limits(survival, error, z)
    return pd.DataFrame(
        {
            "day": on.astype(np.int64),
            "at_risk": at_risk.astype(np.int64),
            "survival": 100 * survival,
            "lower_95": 100 * lower,
            "upper_95": 100 * upper,
        }
    )
