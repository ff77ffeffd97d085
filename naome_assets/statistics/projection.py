"""Projection of people living with MBC from one quarter's end to the next ones.

Cohort by cohort: everyone belongs to the quarter of their MBC date. From one quarter's end to the
next, those living of a cohort die with the risk that was seen at its age in the latest quarters,
and a new cohort comes in. Each draw takes its own risks (Beta, Jeffreys prior), its own new
cohorts (local level of their square roots, by statsmodels) and its own deaths (binomial), so the
spread of the draws holds the uncertainty of all three. Ages are in quarters: 0 is the quarter of
the MBC date.
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Draws = NDArray[np.int64]

#: First age (quarters) of each group whose risk of death is estimated together.
_RISK_FROM = (0, 1, 2, 3, 4, 8, 12, 20)
#: Variance of the square root of a Poisson count, the least that new cohorts can vary.
_POISSON_VARIANCE = 0.25


def living_by_age(cohorts: pd.DataFrame, at: int) -> NDArray[np.int64]:
    """People alive at a quarter's end by age.

    Args:
        cohorts: ``diagnosed`` and ``died`` (quarter numbers; ``died`` null while alive) and
            ``people``.
        at: Quarter number.
    """
    # Asked for thousands of times: arrays take a third of the time of frames.
    diagnosed = cohorts["diagnosed"].to_numpy(np.int64)
    died = cohorts["died"].to_numpy(float, na_value=np.nan)
    alive = (diagnosed <= at) & ~(died <= at)
    people = cohorts["people"].to_numpy(float)[alive]
    return np.bincount(at - diagnosed[alive], weights=people).astype(np.int64)


def project(
    cohorts: pd.DataFrame, base: int, history: int, ahead: int, draws: int, seed: int
) -> Draws:
    """People living at the end of each of the next quarters, by age.

    Args:
        cohorts: As of ``living_by_age``; what happened after the base quarter is not looked at.
        base: Number of the last quarter that is known.
        history: How many quarters up to it risks and new cohorts are taken from.
        ahead: How many quarters are projected.
        draws: How many draws.
        seed: The same seed gives the same draws.

    Returns:
        Draw by quarter by age. The first quarter is the one after the base.
    """
    rng = np.random.default_rng(seed)
    known = cohorts[cohorts["diagnosed"] <= base].copy()
    known["died"] = known["died"].where(known["died"] <= base)
    start = living_by_age(known, base)
    risks = _risks(known, base, history, draws, rng)
    entering, entry_risk = _new_cohorts(known, base, history, ahead, draws, rng)
    people = np.zeros((draws, ahead, len(start) + ahead), dtype=np.int64)
    living = np.tile(start, (draws, 1))
    for step in range(ahead):
        group = np.searchsorted(_RISK_FROM, np.arange(living.shape[1]), side="right") - 1
        staying = rng.binomial(living, 1 - risks[:, group])
        new = rng.binomial(entering[:, step], 1 - entry_risk)
        living = np.column_stack([new, staying])
        people[:, step, : living.shape[1]] = living
    return people


def _risks(
    known: pd.DataFrame, base: int, history: int, draws: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Risk of dying in the next quarter: draw by group of ages."""
    exposed, dead = np.zeros(len(_RISK_FROM)), np.zeros(len(_RISK_FROM))
    for quarter in range(base - history, base):
        alive = living_by_age(known, quarter)
        left = living_by_age(known[known["diagnosed"] <= quarter], quarter + 1)
        stayed = np.zeros(len(alive), dtype=np.int64)
        stayed[: max(0, len(left) - 1)] = left[1 : len(alive) + 1]
        group = np.searchsorted(_RISK_FROM, np.arange(len(alive)), side="right") - 1
        np.add.at(exposed, group, alive)
        np.add.at(dead, group, alive - stayed)
    drawn = rng.beta(dead + 0.5, exposed - dead + 0.5, size=(draws, len(_RISK_FROM)))
    for at in range(1, len(_RISK_FROM)):
        # Nobody lived so long yet: as the group before.
        if not exposed[at]:
            drawn[:, at] = drawn[:, at - 1]
    return drawn


def _new_cohorts(
    known: pd.DataFrame, base: int, history: int, ahead: int, draws: int, rng: np.random.Generator
) -> tuple[Draws, NDArray[np.float64]]:
    """People with an MBC date in each quarter to come, and the risk of dying in that quarter."""
    recent = known[known["diagnosed"] > base - history]
    sizes = np.zeros(history)
    np.add.at(sizes, (recent["diagnosed"] - base + history - 1).to_numpy(int), recent["people"])
    at_once = recent[recent["died"] <= recent["diagnosed"]]["people"].sum()
    risk = rng.beta(at_once + 0.5, sizes.sum() - at_once + 0.5, size=draws)
    return _simulated(sizes, ahead, draws, rng), risk


def _simulated(
    sizes: NDArray[np.float64], ahead: int, draws: int, rng: np.random.Generator
) -> Draws:
    """Counts to come of a series whose level drifts: square roots follow a local level."""
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    model = UnobservedComponents(np.sqrt(sizes), "local level")
    with warnings.catch_warnings():
        # A series that hardly varies has no clear maximum; the floor below settles it.
        warnings.simplefilter("ignore")
        fitted = model.fit(disp=False)
        noise, drift = np.nan_to_num(fitted.params, nan=0.0)
        settled = model.smooth([max(noise, _POISSON_VARIANCE), max(drift, 0.0)])
    level = settled.states.filtered[-1, 0]
    uncertainty = settled.states.filtered_cov[-1, 0, 0]
    steps = rng.normal(0, np.sqrt(settled.params[1]), size=(draws, ahead))
    levels = rng.normal(level, np.sqrt(uncertainty), size=(draws, 1)) + steps.cumsum(axis=1)
    roots = rng.normal(levels, np.sqrt(settled.params[0]))
    counts: Draws = np.rint(np.maximum(roots, 0) ** 2).astype(np.int64)
    return counts
