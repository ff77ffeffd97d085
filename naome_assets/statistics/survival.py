"""Survival curves, by lifelines (method book section 5)."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd


def survival_curve(
    days: Sequence[int], has_died: Sequence[bool], people: Sequence[int] | None = None
) -> pd.DataFrame:
    """Kaplan-Meier estimate with log-log 95 % limits.

    Args:
        days: Days from the MBC date to death or to the end of follow-up, 0 or more.
        has_died: Whether it was death.
        people: How many people each entry stands for; one each by default.

    Returns:
        A row a day on which follow-up of anybody ended, and day 0: ``day``, ``at_risk`` (people
        followed to that day or longer), ``survival``, ``lower_95`` and ``upper_95`` in percent.
        Limits are null where nobody has died yet, and where nobody is left.
    """
    # Only runs that draw curves pay for the import.
    from lifelines import KaplanMeierFitter

    if not len(days):
        return pd.DataFrame(columns=["day", "at_risk", "survival", "lower_95", "upper_95"])
    fitted = KaplanMeierFitter(alpha=0.05).fit(list(days), list(has_died), weights=people)
    survival = fitted.survival_function_.iloc[:, 0].to_numpy()
    limits = fitted.confidence_interval_survival_function_.to_numpy()
    curve = pd.DataFrame(
        {
            "day": fitted.survival_function_.index.astype(int),
            "at_risk": fitted.event_table["at_risk"].astype(int).to_numpy(),
            "survival": 100 * survival,
            "lower_95": 100 * limits[:, 0],
            "upper_95": 100 * limits[:, 1],
        }
    )
    certain = (survival >= 1) | (survival <= 0)
    curve.loc[certain, ["lower_95", "upper_95"]] = None
    return curve
