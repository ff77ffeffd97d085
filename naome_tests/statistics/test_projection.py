"""Projections by hand, and on worlds whose future is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from naome_assets.statistics.projection import living_by_age, project


def test_living_by_age_by_hand() -> None:
    cohorts = pd.DataFrame(
        {
            "diagnosed": [10, 10, 11, 12, 13],
            "died": [None, 12, 12, None, None],
            "people": [5, 2, 1, 4, 9],
        }
    )
    # At the end of quarter 12: four of its own cohort, none of 11, five of 10.
    assert living_by_age(cohorts, 12).tolist() == [4, 0, 5]
    assert living_by_age(cohorts, 11).tolist() == [1, 7]


def world(rng: np.random.Generator, new: float, risk: float, quarters: int) -> pd.DataFrame:
    """Cohorts of a constant inflow who die with one risk a quarter."""
    sizes = rng.poisson(new, quarters)
    diagnosed = np.repeat(np.arange(quarters), sizes)
    died = diagnosed + rng.geometric(risk, len(diagnosed)) - 1
    people = pd.DataFrame({"diagnosed": diagnosed, "died": died.astype(float)})
    return people.groupby(["diagnosed", "died"]).size().rename("people").reset_index()


def test_limits_hold_what_comes() -> None:
    rng = np.random.default_rng(4)
    errors, held = [], []
    for seed in range(30):
        cohorts = world(rng, 200, 0.1, 40)
        drawn = project(cohorts, 31, 12, 8, 400, seed)[:, -1].sum(axis=1)
        truth = living_by_age(cohorts, 39).sum()
        lower, upper = np.percentile(drawn, [2.5, 97.5])
        errors.append(drawn.mean() / truth - 1)
        held.append(lower <= truth <= upper)
    assert np.mean(errors) == pytest.approx(0, abs=0.015)
    assert np.mean(held) >= 0.85


def test_what_came_after_the_base_is_not_looked_at() -> None:
    cohorts = world(np.random.default_rng(5), 100, 0.2, 30)
    known = cohorts[cohorts["diagnosed"] <= 20]
    assert (project(cohorts, 20, 8, 4, 50, 1) == project(known, 20, 8, 4, 50, 1)).all()
    dead_later = cohorts.assign(died=cohorts["died"].where(cohorts["died"] <= 20, 25))
    assert (project(cohorts, 20, 8, 4, 50, 1) == project(dead_later, 20, 8, 4, 50, 1)).all()


def test_the_living_only_grow_older() -> None:
    cohorts = world(np.random.default_rng(6), 100, 0.2, 30)
    start = living_by_age(cohorts, 29)
    people = project(cohorts, 29, 8, 3, 100, 1)
    assert (people[:, 0, 1 : len(start) + 1] <= start).all()
    assert (people[:, 2, 3 : len(start) + 3] <= people[:, 1, 2 : len(start) + 2]).all()
