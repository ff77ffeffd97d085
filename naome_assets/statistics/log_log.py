"""Limits of shares of people that stay between 0 and 1 (ruling A8)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def log_log_limits(
    share: NDArray[np.float64], error: NDArray[np.float64], z: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Limits of log(-log(share)), lower and upper.

    Args:
        share: 0 to 1.
        error: its standard error.
        z: standard normal quantile of the limits: 0.975 for 95 %.

    Returns:
        Not a number where the share is 0 or 1, and where its error is not known.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        width = z * error / np.abs(share * np.log(share))
        limits = share ** np.exp(width), share ** np.exp(-width)
    known = (share > 0) & (share < 1) & np.isfinite(error)
    lower, upper = (np.where(known & np.isfinite(limit), limit, np.nan) for limit in limits)
    return lower, upper
