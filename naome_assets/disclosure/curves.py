"""Curves of the nations as they are published: by months, in steps of enough people (ruling G4).

A row for each day on which somebody leaves would tell that day: a fall of those at risk without an
event is one living person's MBC date, counted back from the end of follow-up.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from naome_assets.contract.dimensions import MONTH, day_of
from naome_assets.disclosure.rows import is_national
from naome_assets.disclosure.suppression import Flags, Integers, Profile

#: Digits of a published percentage: with all of them it is a fraction that tells in which order
#: people left between two points.
_DIGITS = 1
_CURVE = ["quarter", "period", "geography_type", "geography_code", "presentation"]


def publish_curve(frame: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """A table of curves on the grid of months.

    A point holds the curve's values on its day and the people followed to it. A point is left out
    where fewer than the profile's minimum left since the one before, or are at risk at all, unless
    nobody is. Of a curve of fewer people nothing is left.

    Args:
        frame: curves with ``day``, ``at_risk`` and percentages, a row a day on which anybody left.
        profile: the rules.
    """
    national = frame[is_national(frame)]
    curves = [
        _on_grid(own.sort_values("day"), profile.small_to + 1)
        for _, own in national.groupby(_CURVE, sort=False)
    ]
    published = pd.concat(curves, ignore_index=True) if curves else national
    names = [str(name) for name in published]
    percentages = [n for n in names if n.endswith(("_pct", "_95")) or n == "survival"]
    published[percentages] = published[percentages].astype(float).round(_DIGITS)
    return published.assign(suppressed=False)


def _on_grid(curve: pd.DataFrame, minimum: int) -> pd.DataFrame:
    days = curve["day"].to_numpy(np.int64)
    grid = np.array([day_of(month) for month in range(int((days[-1] + 1) / MONTH) + 1)])
    # People followed to a day or longer: those of the first row on it or after it.
    after = np.searchsorted(days, grid)
    at_risk = np.append(curve["at_risk"].to_numpy(np.int64), 0)[after]
    points = curve.iloc[np.searchsorted(days, grid, side="right") - 1]
    points = points.assign(day=grid, at_risk=at_risk)
    return points[_coarse(at_risk, minimum)]


def _coarse(at_risk: Integers, minimum: int) -> Flags:
    """Which points stay: the first, and each after whose forerunner enough people left.

    None of a curve that begins with few people: its first point, the last as well, would tell
    that they left.
    """
    stays: Flags = np.zeros(len(at_risk), bool)
    stays[0] = at_risk[0] >= minimum
    last = at_risk[0]
    for point, left in enumerate(at_risk):
        if last - left >= minimum and (left >= minimum or left == 0):
            stays[point], last = True, left
    return stays
