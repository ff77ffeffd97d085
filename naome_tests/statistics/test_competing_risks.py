"""The curve of treatment by hand, and against the quartiles computed in SQL."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from naome_assets.figures.treatment_curve import incidence_curves
from naome_assets.quarters import Quarter
from naome_assets.statistics.competing_risks import cumulative_incidence
from naome_assets.statistics.survival import survival_curve
from naome_assets.synthetic import generate
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.pipeline.audit import audit

#: The normal quantile of 0.975.
Z = 1.959963984540054
KEY = ["quarter", "period", "geography_type", "geography_code", "presentation"]


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBWarehouse]:
    landing = tmp_path_factory.mktemp("landing")
    first, last = Quarter(2020, 1), Quarter(2021, 4)
    generate(landing, first, last, scale=0.005, seed=5)
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    audit(warehouse, landing, first, last)
    yield warehouse
    warehouse.close()


def test_curve_by_hand() -> None:
    """Ten people: 2 of 10 treated at once; 1 of 8 dies and 1 is lost on day 10; 3 of 6 treated."""
    days = [0, 0, 10, 10, 20, 20, 20, 400, 400, 400]
    outcome = [1, 1, 2, 0, 1, 1, 1, 0, 0, 0]
    curve = cumulative_incidence(days, outcome, 365, Z).set_index("day")
    assert curve["at_risk"].to_dict() == {0: 10, 10: 8, 20: 6, 365: 3}
    # Waiting after day 10: 8/10 x 7/8 = 0.7, so day 20 adds 0.7 x 3/6.
    assert curve["first_pct"].to_dict() == pytest.approx({0: 20, 10: 20, 20: 55, 365: 55})
    assert curve["second_pct"].to_dict() == pytest.approx({0: 0, 10: 10, 20: 10, 365: 10})
    # On day 0 nobody was lost: the error is that of a proportion, sqrt(0.2 x 0.8 / 10).
    width = Z * np.sqrt(0.016) / (0.2 * -np.log(0.2))
    assert curve.loc[0, "lower_95"] == pytest.approx(100 * 0.2 ** np.exp(width))
    assert curve.loc[0, "upper_95"] == pytest.approx(100 * 0.2 ** np.exp(-width))


def test_the_curve_begins_on_day_0_and_ends_where_follow_up_does() -> None:
    curve = cumulative_incidence([5, 7], [2, 0], 365, Z)
    assert curve["day"].tolist() == [0, 5, 7]
    assert curve["first_pct"].tolist() == [0, 0, 0]
    assert curve["second_pct"].tolist() == pytest.approx([0, 50, 50])
    assert curve["lower_95"].isna().all()


def test_everyone_treated_at_once() -> None:
    curve = cumulative_incidence([0, 0], [1, 1], 365, Z)
    assert curve[["day", "at_risk", "first_pct"]].to_numpy().tolist() == [[0, 2, 100]]
    assert curve[["lower_95", "upper_95"]].isna().all(axis=None)


def test_both_events_together_are_what_kaplan_and_meier_leave() -> None:
    """One of the two has happened to whoever has not passed all the days."""
    chance = np.random.default_rng(7)
    days = chance.integers(0, 40, 300).tolist()
    outcome = chance.choice([0, 1, 2], 300, p=[0.3, 0.5, 0.2]).tolist()
    curve = cumulative_incidence(days, outcome, 30, Z)
    either = survival_curve(days, [own > 0 for own in outcome], z=Z).set_index("day")["survival"]
    assert curve["day"].tolist() == [day for day in sorted({0, *days}) if day <= 30]
    for day, first, second in curve[["day", "first_pct", "second_pct"]].to_numpy():
        assert first + second == pytest.approx(100 - either[day], abs=1e-9)
    # Of either event alone the other is as the first.
    turned = cumulative_incidence(days, [(0, 2, 1)[own] for own in outcome], 30, Z)
    assert turned["first_pct"].tolist() == pytest.approx(curve["second_pct"].tolist())
    held = curve.dropna()
    assert len(held) > 25
    assert ((held["lower_95"] < held["first_pct"]) & (held["first_pct"] < held["upper_95"])).all()
    assert held["lower_95"].gt(0).all()
    assert held["upper_95"].lt(100).all()


def test_limits_without_competition_are_those_of_kaplan_and_meier() -> None:
    """The log-log limits of what has happened, from those of what has not."""
    days, outcome = [3, 5, 5, 8, 13, 21, 34, 55, 60], [1, 1, 0, 1, 1, 0, 1, 0, 0]
    curve = cumulative_incidence(days, outcome, 60, Z)
    fitted = SurvfuncRight(days, outcome)
    errors = dict(zip(fitted.surv_times.tolist(), fitted.surv_prob_se.tolist(), strict=True))
    for row in curve.dropna().itertuples():
        share = row.first_pct / 100
        # Between deaths the error is that of the last one.
        error = errors[max(day for day in errors if day <= row.day)]
        width = Z * error / abs(share * np.log(share))
        limits = [100 * share ** np.exp(sign * width) for sign in (1, -1)]
        assert [row.lower_95, row.upper_95] == pytest.approx(limits)
    assert curve["second_pct"].tolist() == [0] * len(curve)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        # Who leaves on the last day is in its row; who is followed beyond it makes one.
        ([5, 365], [(0, 2), (5, 2), (365, 1)]),
        ([5, 365, 366], [(0, 3), (5, 3), (365, 2)]),
        ([5, 400, 500], [(0, 3), (5, 3), (365, 2)]),
        ([5, 364], [(0, 2), (5, 2), (364, 1)]),
        ([0, 1], [(0, 2), (1, 1)]),
        ([400], [(0, 1), (365, 1)]),
    ],
)
def test_the_last_day_of_a_curve(days: list[int], expected: list[tuple[int, int]]) -> None:
    curve = cumulative_incidence(days, [0] * len(days), 365, Z)
    assert [*zip(curve["day"], curve["at_risk"], strict=True)] == expected
    assert curve["first_pct"].eq(0).all()
    assert curve["lower_95"].isna().all()


def test_curve_without_people() -> None:
    nobody = cumulative_incidence([], [], 365, Z)
    assert nobody.empty
    assert list(nobody) == list(cumulative_incidence([1], [1], 365, Z))


def test_quartiles_are_those_of_sql(audited: DuckDBWarehouse) -> None:
    curves = incidence_curves(audited).to_pandas()
    assert set(curves["period"]) == {"rolling_12m", "rolling_36m"}
    table = audited.query(
        "select * from time_to_treatment where modality = 'any' and period <> 'quarter' "
        "and geography_type in ('england_and_wales', 'nation')"
    )
    drawn = dict(iter(curves.groupby(KEY)))
    compared = 0
    for _, row in table.iterrows():
        curve = drawn[tuple(row[KEY])]
        assert curve["at_risk"].iloc[0] == row["patients"]
        for share, name in ((25, "lower_quartile"), (50, "median"), (75, "upper_quartile")):
            reached = curve.loc[curve["treated_pct"] >= share - 1e-7, "day"]
            days = row[f"{name}_days"]
            if pd.isna(days) or days > 365:
                assert reached.empty
            else:
                assert reached.min() == days
                compared += 1
    assert compared > 50
