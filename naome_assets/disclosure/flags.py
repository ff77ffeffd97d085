"""Outliers of places, judged on true counts and published where they tell no count (ruling G1).

A flag divides the counts that round to the published ones: those of which it is true, and the
others. It is published where no flag that the published counts leave possible tells either of them:
a count is told when one value alone is left, as everywhere in disclosure control. Whether it is
published follows from published counts alone, so that a flag that is not there tells nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from naome_assets.contract import dimensions
from naome_assets.disclosure.suppression import Flags, Integers, Profile
from naome_assets.statistics.control_limits import control_limits

#: The outliers as numbers; 0 where none is called.
OUTLIERS = ("", *dimensions.OUTLIERS)
_WITHIN = OUTLIERS.index("within")
#: Values that a flag leaves of a count of which the published ones leave more than one.
_NOT_TOLD = 2
#: Rows that are looked at together: each has some 25 pairs of counts.
_AT_ONCE = 50_000

Reals = NDArray[np.float64]


def judged(
    numerator: Integers, denominator: Integers, target: Reals, minimum: int, tolerance: float,
    z: tuple[float, float],
) -> NDArray[np.int8]:  # fmt: skip
    """Outliers of counts against a target, as numbers of ``OUTLIERS`` (method book section 6).

    Args:
        numerator: and the others: arrays of one shape.
        denominator: 0 or more.
        target: percent; NaN where there is none.
        minimum: of the denominator for any to be called.
        tolerance: room for rounding at the limits.
        z: quantiles of the inner and the outer limits.
    """
    whole = denominator.astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = 100.0 * numerator / whole
    found = np.full(value.shape, _WITHIN, np.int8)
    for step, z_of in enumerate(z, 1):
        lower, upper = control_limits(target, whole, z_of)
        found[value < lower - tolerance] = _WITHIN - step
        found[value > upper + tolerance] = _WITHIN + step
    found[(denominator < minimum) | np.isnan(target)] = 0
    # The outer limits are numbers 1 and 5, the inner ones 2 and 4.
    return found


def may_be_told(
    numerator: pd.Series, denominator: pd.Series, target: pd.Series, profile: Profile,
    minimum: int, tolerance: float, z: tuple[float, float], other: pd.Series | None = None,
) -> Flags:  # fmt: skip
    """Rows whose outlier tells no count, whichever it is.

    Args:
        numerator: published counts; null where hidden.
        denominator: likewise.
        target: percent.
        profile: the rules.
        minimum: and the others: as in ``judged``.
        tolerance: likewise.
        z: likewise.
        other: percent, the target of another outlier that is published of the same counts: both
            together are to tell nothing.
    """
    targets = [target] if other is None else [target, other]
    stands = numerator.notna() & denominator.notna()
    for aimed in targets:
        stands &= aimed.notna()
    both = stands.to_numpy(bool)
    told = np.zeros(len(both), bool)
    rows = np.flatnonzero(both)
    part, whole = (
        own.to_numpy(float, na_value=0.0).astype(np.int64) for own in (numerator, denominator)
    )
    aims = [aimed.to_numpy(float, na_value=np.nan)[rows] for aimed in targets]
    keys, back = np.unique(
        np.column_stack([part[rows], whole[rows], *aims]), axis=0, return_inverse=True
    )
    safe = np.zeros(len(keys), bool)
    for start in range(0, len(keys), _AT_ONCE):
        own = keys[start : start + _AT_ONCE]
        counts = own[:, 0].astype(np.int64), own[:, 1].astype(np.int64)
        safe[start : start + _AT_ONCE] = _tells_nothing(
            *counts, list(own[:, 2:].T), profile, minimum, tolerance, z
        )
    told[rows] = safe[back.ravel()]
    return told


def _tells_nothing(
    numerator: Integers, denominator: Integers, targets: Sequence[Reals], profile: Profile,
    minimum: int, tolerance: float, z: tuple[float, float],
) -> Flags:  # fmt: skip
    steps = np.arange(profile.round_to)
    least_part, most_part = profile.lowest(numerator), profile.highest(numerator)
    least_whole, most_whole = profile.lowest(denominator), profile.highest(denominator)
    part = (least_part[:, None] + steps)[:, :, None]
    whole = (least_whole[:, None] + steps)[:, None, :]
    possible = (
        (part <= most_part[:, None, None]) & (whole <= most_whole[:, None, None]) & (part <= whole)
    )
    flags = np.zeros(possible.shape, np.int64)
    for target in targets:
        one, all_, aim = np.broadcast_arrays(part, whole, target[:, None, None])
        flags = flags * len(OUTLIERS) + judged(one, all_, aim, minimum, tolerance, z)
    # Where no outlier is called of some of the counts behind, none is published of any.
    nothing: Flags = least_whole >= minimum
    for flag in range(len(OUTLIERS) ** len(targets)):
        mine = possible & (flags == flag)
        happens = mine.any(axis=(1, 2))
        for axis in (1, 2):
            left = mine.any(axis=axis).sum(axis=1)
            wanted = np.minimum(_NOT_TOLD, possible.any(axis=axis).sum(axis=1))
            nothing &= ~happens | (left >= wanted)
    return nothing
