"""A curve for each quarter, period, geography and presentation."""

from __future__ import annotations

import pandas as pd

from naome_assets.figures.computed_tables import COMPUTED
from naome_assets.figures.curves import curves_of
from naome_assets.figures.survival import curves
from naome_assets.figures.treatment_curve import incidence_curves
from naome_tests.figures.tables import warehouse_of

CELL = ["quarter", "period", "geography_type", "geography_code", "geography_name", "presentation"]
ENGLAND = ("2024-Q1", "rolling_36m", "nation", "E92000001", "England")


def drawn(group: pd.DataFrame) -> pd.DataFrame:
    """A point a row of the group, on the days it holds."""
    return pd.DataFrame(
        {
            "day": group["days"].to_numpy(),
            "at_risk": len(group),
            "survival": 100.0,
            "lower_95": None,
            "upper_95": None,
        }
    )


def test_each_cell_has_its_own_curve_in_order() -> None:
    people = pd.DataFrame(
        [
            (*ENGLAND, "recurrent", 5),
            (*ENGLAND, "all", 2),
            (*ENGLAND, "recurrent", 9),
            (*ENGLAND, "all", 1),
            (*ENGLAND, "all", 7),
        ],
        columns=[*CELL, "days"],
    )
    table = curves_of("survival_curve", people, drawn)
    assert table.schema == COMPUTED["survival_curve"]
    assert table.select(["presentation", "day", "at_risk"]).to_pylist() == [
        {"presentation": kind, "day": day, "at_risk": at_risk}
        for kind, day, at_risk in (
            ("all", 2, 3),
            ("all", 1, 3),
            ("all", 7, 3),
            ("recurrent", 5, 2),
            ("recurrent", 9, 2),
        )
    ]
    assert set(table["geography_name"].to_pylist()) == {"England"}


def test_nobody_has_no_curve() -> None:
    people = pd.DataFrame(columns=[*CELL, "days"])
    assert curves_of("survival_curve", people, drawn) == COMPUTED["survival_curve"].empty_table()


#: Of four people one dies on day 10 and one on day 20; two are followed for 30 days.
MEMBERS = """
select '2024-Q1' as quarter, period, 'nation' as geography_type, 'E92000001' as geography_code,
    'England' as geography_name, 'all' as presentation, person_id,
    date '2024-01-31' as horizon
from (values ('a'), ('b'), ('c'), ('d')) as t (person_id)
cross join (values ('quarter'), ('rolling_12m'), ('rolling_36m')) as p (period)
"""
COHORT = """
select * from (values
    ('a', date '2024-01-01', date '2024-01-11'), ('b', date '2024-01-01', date '2024-01-21'),
    ('c', date '2024-01-01', null), ('d', date '2024-01-01', date '2024-03-01')
) as t (person_id, mbc_date, death_date)
"""
FOLLOWED = """
select * from (values
    ('a', 'treated', 10), ('b', 'died_untreated', 20), ('c', 'censored', 30), ('d', 'treated', 10)
) as t (person_id, outcome, days) cross join (select date '2024-01-31' as horizon)
"""


def test_survival_is_followed_to_the_horizon_over_36_months() -> None:
    with warehouse_of(window_member=MEMBERS, registry_cohort=COHORT) as warehouse:
        found = curves(warehouse).to_pandas()
    assert set(found["period"]) == {"rolling_36m"}
    survival = found.set_index("day")["survival"]
    assert (survival[10], survival[20], survival.iloc[-1]) == (75, 50, 50)
    assert found["day"].max() == 30  # The death in March is after the horizon.
    assert found.set_index("day")["at_risk"][20] == 3


def test_treatment_has_death_as_its_competing_event_over_12_and_36_months() -> None:
    with warehouse_of(window_member=MEMBERS, follow_up=FOLLOWED) as warehouse:
        found = incidence_curves(warehouse).to_pandas()
    assert set(found["period"]) == {"rolling_12m", "rolling_36m"}
    last = found[found["period"] == "rolling_12m"].set_index("day").loc[30]
    assert (last["treated_pct"], last["died_untreated_pct"]) == (50, 25)
