"""Control limits of proportions around a target (method book section 6)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def control_limits(target: ArrayLike, denominator: ArrayLike, z: float) -> tuple[Floats, Floats]:
    """Lower and upper limits in the Wilson form, percent 0-100; null where either is.

    Around the percentage of the denominator itself they are its confidence limits.

    Args:
        target: Percent 0-100.
        denominator: People; 0 has no limits.
        z: Standard normal quantile: 0.975 for 95 %, 0.999 for 99.8 % (ruling A8).
    """
    share = np.asarray(target, float) / 100
    people = np.asarray(denominator, float)
    people = np.where(people > 0, people, np.nan)
    centre = 2 * people * share + z * z
    spread = z * np.sqrt(z * z + 4 * people * share * (1 - share))
    whole = 2 * (people + z * z)
    lower = 100 * np.maximum(0.0, (centre - spread) / whole)
    upper = 100 * np.minimum(1.0, (centre + spread) / whole)
    return lower, upper
