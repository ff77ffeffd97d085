"""Survival in SQL and in Python are the same figures, and those of statsmodels."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from functools import partial

import duckdb
import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from naome_assets.figures.survival import curves
from naome_assets.quarters import Quarter
from naome_assets.statistics import survival
from naome_assets.synthetic import generate
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.pipeline.audit import audit

#: Exact normal quantile (ruling A8).
Z_95 = statistics.NormalDist().inv_cdf(0.975)
survival_curve = partial(survival.survival_curve, z=Z_95)
KEY = ["quarter", "period", "geography_type", "geography_code", "presentation"]


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBWarehouse]:
    landing = tmp_path_factory.mktemp("landing")
    first, last = Quarter(2018, 1), Quarter(2021, 4)
    generate(landing, first, last, scale=0.005, seed=5)
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    audit(warehouse, landing, first, last)
    yield warehouse
    warehouse.close()


def test_sql_agrees_with_python(audited: DuckDBWarehouse) -> None:
    people = audited.query(
        """
        select
            member.quarter, member.period, member.geography_type, member.geography_code,
            member.presentation,
            greatest(
                least(coalesce(cohort.death_date, member.horizon), member.horizon)
                - cohort.mbc_date, 0
            ) as days,
            coalesce(cohort.death_date <= member.horizon, false) as has_died
        from window_member as member
        inner join mbc_cohort as cohort on member.person_id = cohort.person_id
        where member.geography_type <> 'provider'
        """
    )
    asked = audited.query("select * from indicator where indicator like 'survival%'")
    figures = {(*(row[k] for k in KEY), row["indicator"]): row for _, row in asked.iterrows()}
    compared = 0
    for cell, group in people.groupby(KEY):
        curve = survival_curve(group["days"].tolist(), group["has_died"].tolist())
        for name, day in (("survival_1y", 365), ("survival_3y", 1095)):
            figure = figures[*cell, name]
            if pd.isna(figure["value"]):
                assert (group["days"] < day).all()
                continue
            at = curve[curve["day"] <= day].iloc[-1]
            assert figure["value"] == pytest.approx(at["survival"], abs=1e-9)
            assert figure["lower_95"] == pytest.approx(at["lower_95"], abs=1e-7, nan_ok=True)
            assert figure["upper_95"] == pytest.approx(at["upper_95"], abs=1e-7, nan_ok=True)
            assert figure["at_risk"] == (group["days"] >= day).sum()
            compared += 1
    assert compared > 100


def test_curves_of_the_nations_end_where_the_indicator_says(audited: DuckDBWarehouse) -> None:
    drawn = curves(audited).to_pandas()
    assert set(drawn["geography_type"]) == {"england_and_wales", "nation"}
    asked = audited.query(
        "select * from indicator where indicator = 'survival_1y' and period = 'rolling_36m' "
        "and geography_type in ('england_and_wales', 'nation') and value is not null"
    )
    assert len(asked) > 20
    for _, row in asked.iterrows():
        curve = drawn[(drawn[KEY] == row[KEY]).all(axis=1) & (drawn["day"] <= 365)]
        assert curve["survival"].iloc[-1] == pytest.approx(row["value"], abs=1e-9)


def test_curve_by_hand() -> None:
    curve = survival_curve([100, 400, 700, 700], [True, True, False, False]).set_index("day")
    assert curve["survival"].to_dict() == pytest.approx({0: 100, 100: 75, 400: 50, 700: 50})
    assert curve["at_risk"].to_dict() == {0: 4, 100: 4, 400: 3, 700: 2}
    assert curve["lower_95"].isna().to_list() == [True, False, False, False]


@pytest.mark.parametrize("seed", range(8))
def test_curve_as_by_statsmodels(seed: int) -> None:
    """Greenwood's error, and its limits on the scale of log(-log(S)) worked out from it."""
    draw = np.random.default_rng(seed)
    people = int(draw.integers(1, 60))
    days = draw.integers(0, 400, people)
    has_died = draw.random(people) < draw.random()
    count = draw.integers(1, 5, people)
    curve = survival_curve(days.tolist(), has_died.tolist(), count.tolist()).set_index("day")
    if not has_died.any():
        assert (curve["survival"] == 100).all()
        return
    each = SurvfuncRight(np.repeat(days, count), np.repeat(has_died, count))
    at = curve.loc[each.surv_times]
    np.testing.assert_allclose(at["survival"], 100 * each.surv_prob, rtol=1e-9, atol=1e-9)
    assert at["at_risk"].tolist() == each.n_risk.tolist()
    inside = (each.surv_prob > 1e-9) & (each.surv_prob < 1)
    log = np.log(each.surv_prob[inside])
    width = Z_95 * each.surv_prob_se[inside] / each.surv_prob[inside] / log
    for name, side in (("lower_95", -1), ("upper_95", 1)):
        expected = 100 * np.exp(-np.exp(np.log(-log) + side * width))
        np.testing.assert_allclose(at[name][inside], expected, rtol=1e-9)
    assert at[["lower_95", "upper_95"]][~inside].isna().all(axis=None)


def test_curve_of_a_published_example() -> None:
    """Weeks in remission on 6-mercaptopurine (Freireich and others 1963).

    Estimates are those of Kalbfleisch and Prentice, limits those of Stata's ``sts list``, which are
    log-log too.
    """
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    days = [*ended, *censored]
    curve = survival_curve(days, [day < len(ended) for day in range(21)]).set_index("day")
    expected = {
        6: (21, 85.71, 61.97, 95.16),
        7: (17, 80.67, 56.31, 92.28),
        10: (15, 75.29, 50.32, 88.94),
        13: (12, 69.02, 43.16, 84.91),
        16: (11, 62.75, 36.75, 80.49),
        22: (7, 53.78, 26.78, 74.68),
        23: (6, 44.82, 18.81, 68.01),
    }
    for day, figures in expected.items():
        found = curve.loc[day, ["at_risk", "survival", "lower_95", "upper_95"]]
        assert found.tolist() == pytest.approx(figures, abs=0.006)
    # Entries that stand for several people are those people.
    counted = pd.Series(days).groupby([days, [n < 9 for n in range(21)]]).size()
    alike = survival_curve(
        [day for day, _ in counted.index], [died for _, died in counted.index], counted.tolist()
    )
    pd.testing.assert_frame_equal(alike.set_index("day"), curve, check_exact=False)


def test_there_are_no_limits_where_nobody_is_left() -> None:
    curve = survival_curve([5, 9, 9], [True, True, True])
    assert curve["day"].tolist() == [0, 5, 9]
    assert curve["survival"].tolist() == pytest.approx([100, 200 / 3, 0])
    assert curve["lower_95"].isna().tolist() == curve["upper_95"].isna().tolist()
    assert curve["lower_95"].isna().tolist() == [True, False, True]


def test_curve_without_people() -> None:
    nobody = survival_curve([], [])
    assert nobody.empty
    assert list(nobody) == list(survival_curve([1], [True]))
