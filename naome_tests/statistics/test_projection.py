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


def exact(quarters: int, last: int) -> pd.DataFrame:
    """10,000 people a quarter: 1,000 die at once, a fifth of the others in the next quarter.

    Of those left, a twentieth dies in each later quarter up to the last one.
    """
    rows = []
    for diagnosed in range(quarters):
        living = 10_000.0
        for age, share in enumerate([0.1, 0.2, *[0.05] * (last - diagnosed)]):
            if diagnosed + age <= last:
                rows.append((diagnosed, diagnosed + age, living * share))
                living *= 1 - share
        rows.append((diagnosed, None, living))
    found = pd.DataFrame(rows, columns=["diagnosed", "died", "people"])
    return found.assign(died=found["died"].astype(float))


def test_risks_are_those_of_the_age_that_they_are_seen_at() -> None:
    people = project(exact(31, 30), 30, 12, 3, 400, 3)
    for step in range(3):
        means = people[:, step].mean(axis=0)
        expected = 9_000.0
        for age in range(20):
            if age:
                expected *= 0.8 if age == 1 else 0.95
            assert means[age] == pytest.approx(expected, rel=0.015), (step, age)
    # Nobody is older than the oldest of the base quarter and the steps since.
    assert people.shape == (400, 3, 34)
    assert people[:, 0, 32:].sum() == 0
    assert people[:, 0, 31].sum() > 0


def test_new_cohorts_vary_as_counts_do() -> None:
    """At least like Poisson counts: of 10,000, by 100; and each quarter again."""
    people = project(exact(31, 30), 30, 12, 2, 2_000, 3)
    new = people[:, :, 0] / 0.9
    assert 80 < new[:, 0].std() < 160
    assert abs(np.corrcoef(new[:, 0], new[:, 1])[0, 1]) < 0.3
    # A level that drifts is less sure the further ahead it is.
    rng = np.random.default_rng(5)
    sizes = (200 + 4 * rng.normal(size=40).cumsum()) ** 2
    cohorts = pd.DataFrame({"diagnosed": range(40), "died": None, "people": sizes.round()})
    drifting = project(cohorts.astype({"died": float}), 39, 20, 8, 800, 3)[:, :, 0]
    assert drifting[:, 7].std() > 1.5 * drifting[:, 0].std()
    assert drifting[:, 0].mean() == pytest.approx(sizes[-1], rel=0.05)


def test_an_age_that_nobody_reached_has_the_risk_of_the_one_before() -> None:
    """Six quarters of data: nobody is 8 quarters old before the third step."""
    people = project(exact(6, 5), 5, 6, 5, 300, 3)
    means = people.mean(axis=0)
    for step in (3, 4):
        assert means[step, step + 5] == pytest.approx(0.95 * means[step - 1, step + 4], rel=0.02)


def test_only_the_quarters_asked_for_are_learnt_from() -> None:
    """Nobody dies in the last four quarters; half of all did before."""
    rows = [(d, float(d + 1), 500) for d in range(15)] + [(d, np.nan, 500) for d in range(20)]
    cohorts = pd.DataFrame(rows, columns=["diagnosed", "died", "people"])
    early = project(cohorts, 19, 19, 1, 300, 3)[:, 0, 1].mean()
    late = project(cohorts, 19, 3, 1, 300, 3)[:, 0, 1].mean()
    assert late == pytest.approx(500, rel=0.01)
    assert early < 0.75 * late


def test_the_same_seed_gives_the_same_draws() -> None:
    cohorts = exact(12, 11)
    one, same, other = (project(cohorts, 11, 8, 2, 20, seed) for seed in (1, 1, 2))
    assert (one == same).all()
    assert (one != other).any()
