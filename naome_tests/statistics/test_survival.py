"""Survival in SQL and by lifelines are the same figures."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pandas as pd
import pytest

from naome_assets.figures.survival import curves
from naome_assets.quarters import Quarter
from naome_assets.statistics.survival import survival_curve
from naome_assets.synthetic import generate
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.pipeline.audit import audit

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


def test_sql_agrees_with_lifelines(audited: DuckDBWarehouse) -> None:
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


def test_curve_of_nobody() -> None:
    assert survival_curve([], []).empty
