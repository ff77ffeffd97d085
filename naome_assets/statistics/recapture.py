"""How many were found by none of three sources: capture-recapture by log-linear models.

Every estimate rests on the sources being independent of each other within the model chosen, on
everybody having a chance in each, and on perfect linkage. An interaction of all three sources
cannot be distinguished from the people whom no source found. Sources that find the same people
make the estimate too low; sources that find different people make it too high.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

#: Which of the three sources found a person.
Pattern = tuple[bool, bool, bool]

PATTERNS: tuple[Pattern, ...] = tuple((bool(n & 4), bool(n & 2), bool(n & 1)) for n in range(1, 8))
_NOBODY: Pattern = (False, False, False)
_PAIRS = tuple(combinations(range(3), 2))
#: Beyond this an effect has no finite estimate: a cell that it needs is empty.
_FINITE = 12.0

Terms = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Recapture:
    """An estimate of how many there are.

    Attributes:
        found: people whom at least one source found.
        terms: pairs of sources whose dependence the chosen model holds; None when no model could
            be fitted, and then the estimate and its limits are null too.
        estimate: people in all.
        lower_95: by profile likelihood.
        upper_95: by profile likelihood; null where it has no bound.
        chao: lower bound of Chao, which needs no model of the sources.
    """

    found: int
    terms: Terms | None
    estimate: float | None
    lower_95: float | None
    upper_95: float | None
    chao: float


def recapture(counts: Mapping[Pattern, int], z: float) -> Recapture:
    """The estimate of the model with the least AIC, of all with at most three pairs of sources.

    Args:
        counts: People by pattern; patterns left out count 0.
        z: Standard normal quantile of the limits: 0.975 for 95 % (ruling A8).
    """
    observed = np.array([counts.get(pattern, 0) for pattern in PATTERNS], dtype=float)
    found, chao = int(observed.sum()), _chao(counts)
    fits = [
        (fit[0], terms, fit[1])
        for size in range(len(_PAIRS) + 1)
        for terms in combinations(_PAIRS, size)
        if (fit := _missing(observed, terms)) is not None
    ]
    if not fits:
        return Recapture(found, None, None, None, None, chao)
    _, terms, missing = min(fits)
    lower, upper = _profile(observed, terms, missing, z)
    return Recapture(
        found,
        terms,
        found + missing,
        found + lower,
        None if upper is None else found + upper,
        chao,
    )


def _chao(counts: Mapping[Pattern, int]) -> float:
    """Chao's lower bound from those found once and twice, corrected for bias."""
    once = sum(count for pattern, count in counts.items() if sum(pattern) == 1)
    twice = sum(count for pattern, count in counts.items() if sum(pattern) == 2)
    return sum(counts.values()) + 2 / 3 * once * (once - 1) / (2 * (twice + 1))


def _design(patterns: Sequence[Pattern], terms: Terms) -> NDArray[np.float64]:
    rows = [
        [1, *pattern, *(pattern[one] and pattern[other] for one, other in terms)]
        for pattern in patterns
    ]
    return np.array(rows, dtype=float)


def _missing(observed: NDArray[np.float64], terms: Terms) -> tuple[float, float] | None:
    """AIC and people found by nobody; None where the data do not tell."""
    from statsmodels.api import GLM, families

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            fitted = GLM(observed, _design(PATTERNS, terms), families.Poisson()).fit()
        except (ValueError, np.linalg.LinAlgError):
            return None
    if not np.isfinite(fitted.params).all() or np.abs(fitted.params).max() > _FINITE:
        return None
    return float(fitted.aic), math.exp(fitted.params[0])


def _profile(
    observed: NDArray[np.float64], terms: Terms, missing: float, z: float
) -> tuple[float, float | None]:
    """Where the likelihood of the number missing, all else fitted, has fallen to the limit."""
    from scipy.optimize import brentq, minimize_scalar
    from scipy.special import gammaln
    from statsmodels.api import GLM, families

    design = _design([*PATTERNS, _NOBODY], terms)

    def likelihood(unseen: float) -> float:
        counts = np.append(observed, unseen)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fitted = GLM(counts, design, families.Poisson()).fit()
        share = np.clip(fitted.fittedvalues / counts.sum(), 1e-300, None)
        return float(
            gammaln(counts.sum() + 1) - gammaln(unseen + 1) + (counts * np.log(share)).sum()
        )

    largest = 20 * (missing + observed.sum())
    around = (0.0, 4 * missing + 10)
    best = minimize_scalar(lambda unseen: -likelihood(unseen), bounds=around, method="bounded")
    # Half of a quantile of chi-square with one degree of freedom, the square of the normal one.
    level = -best.fun - z * z / 2

    def above(unseen: float) -> float:
        return likelihood(unseen) - float(level)

    lower = 0.0 if above(0.0) > 0 else float(brentq(above, 0.0, best.x, xtol=0.01))
    upper = float(brentq(above, best.x, largest, xtol=0.01)) if above(largest) < 0 else None
    return lower, upper
