"""Curves that leave tell on which day nobody left."""

from __future__ import annotations

from statistics import NormalDist

import duckdb
import numpy as np
import pandas as pd
import pytest

from naome_assets.checks.suites import RULES
from naome_assets.contract.dimensions import day_of
from naome_assets.disclosure.curves import publish_curve
from naome_assets.disclosure.suppression import load_profile, load_profiles
from naome_assets.publication.published import Publication
from naome_assets.statistics.survival import survival_curve
from naome_assets.warehouse.duckdb import DuckDBWarehouse

Z_95 = NormalDist().inv_cdf(0.975)
PLACE = {
    "quarter": "2024-Q4",
    "period": "rolling_36m",
    "geography_type": "nation",
    "geography_code": "W92000004",
    "geography_name": "Wales",
    "presentation": "all",
}


def a_curve(seed: int, people: int) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    curve = survival_curve(
        draw.integers(0, 1100, people).tolist(), draw.random(people) < 0.6, z=Z_95
    )
    return curve.assign(**PLACE)


def whose_day_is_told(curve: pd.DataFrame) -> int:
    """People whose day of leaving the points pin down to themselves or few others.

    The reader knows how many are followed to each point: those who leave between two of them left
    on one of the days between.
    """
    leaving = -np.diff(np.append(curve["at_risk"], 0))
    return int(leaving[leaving < 8].sum())


@pytest.mark.parametrize("people", [1, 7, 9, 40, 400])
@pytest.mark.parametrize("name", sorted(load_profiles()))
def test_enough_people_leave_in_every_step(name: str, people: int) -> None:
    profile = load_profile(name)
    daily = a_curve(people, people)
    assert whose_day_is_told(daily) >= people * 0.7, "the attack wins over the true curve"
    published = publish_curve(daily, profile)
    leaving = -np.diff(np.append(published["at_risk"], 0))
    if people <= profile.small_to:
        assert published.empty, "the check before publication takes their only step for a small one"
        return
    assert (leaving > profile.small_to).all()
    assert set(published["day"]) <= {day_of(month) for month in range(37)}
    assert published["day"].iloc[0] == 0
    if people == 400:
        assert len(published) > 24, "months of enough people stand"
    # What is published passes the check that holds it back, also of a nation with few people.
    (rule,) = (rule for rule in RULES if rule.key == "published_survival_curve:steps_are_coarse")
    with duckdb.connect() as database:
        database.register("published_survival_curve", published)
        database.sql(
            "create table publication_vintage as "
            f"select 1 as number, {profile.small_to} as small_to, {profile.round_to} as round_to"
        )
        assert not database.sql(rule.select).df()["disclosed"].any()


def test_a_point_is_the_curve_on_its_day() -> None:
    daily = survival_curve([10, 30, 40, 200] * 5 + [61] * 10, [True] * 30, z=Z_95).assign(**PLACE)
    published = publish_curve(daily, load_profile("under_5")).set_index("day")
    assert published["at_risk"].to_dict() == {0: 30, 30: 25, 60: 15, 91: 5}
    assert published["survival"].to_dict() == {0: 100.0, 30: 66.7, 60: 50.0, 91: 16.7}
    assert not published["suppressed"].any()


def test_published_curves_are_the_true_ones_by_month(
    audited: DuckDBWarehouse, publication: Publication
) -> None:
    for table, value in (("survival_curve", "survival"), ("treatment_curve", "treated_pct")):
        keys = ["quarter", "period", "geography_code", "presentation", "day"]
        both = audited.query(f"select * from {table}").merge(
            publication.tables[table], on=keys, suffixes=("", "_published")
        )
        assert len(both) > 50
        assert (both["at_risk"] == both["at_risk_published"]).all()
        np.testing.assert_allclose(both[value], both[f"{value}_published"], atol=0.05001)
