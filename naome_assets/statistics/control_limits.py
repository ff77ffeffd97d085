"""Control limits of a proportion around a target (method book section 6)."""

from __future__ import annotations

import math


def control_limits(target: float, denominator: float, z: float) -> tuple[float, float]:
    """Lower and upper limit in the Wilson form, percent 0-100.

    Args:
        target: Percent 0-100.
        denominator: People, above 0.
        z: Standard normal quantile: 0.975 for 95 %, 0.999 for 99.8 % (ruling A8).
    """
    share = target / 100
    centre = 2 * denominator * share + z * z
    spread = z * math.sqrt(z * z + 4 * denominator * share * (1 - share))
    whole = 2 * (denominator + z * z)
    return 100 * max(0.0, (centre - spread) / whole), 100 * min(1.0, (centre + spread) / whole)
