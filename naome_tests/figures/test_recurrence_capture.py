"""The table of capture-recapture: whose people, over which window, and shares of the estimate."""

from __future__ import annotations

import pytest

from naome_assets.figures.recurrence_capture import captures
from naome_assets.statistics.recapture import recapture
from naome_assets.transform.project import load_project
from naome_tests.figures.tables import warehouse_of

#: People by in COSD, in SACT, on a certificate.
COUNTS = {
    (True, False, False): 40,
    (False, True, False): 30,
    (False, False, True): 20,
    (True, True, False): 25,
    (True, False, True): 15,
    (False, True, True): 10,
    (True, True, True): 12,
}
FOUND = " union all ".join(
    f"select {cosd} as in_cosd, {sact} as in_sact, {certificate} as on_certificate, "
    f"date '2023-06-01' as death_date from range({people})"
    for (cosd, sact, certificate), people in COUNTS.items()
)
WINDOWS = """
select '2024-Q1' as quarter, period, complete, is_england_reported,
    date '2021-04-01' as window_start, date '2024-03-31' as window_end
from (values ('rolling_36m', false, true), ('rolling_12m', true, true)) as t
    (period, complete, is_england_reported)
union all
select '2024-Q2', 'rolling_36m', true, false, date '2021-07-01', date '2024-06-30'
"""
LIVING = """
select '2024-Q1' as quarter, 'registry' as method, geography_code, 'all' as sex, 'all' as age_band,
    'all' as years_since_mbc, presentation, people
from (values ('E92000001', 'recurrent', 300), ('E92000001', 'all', 500),
    ('K04000001', 'recurrent', 320)) as t (geography_code, presentation, people)
"""


def test_recurrent_people_of_england_over_36_months() -> None:
    with warehouse_of(
        recurrence_source=FOUND, reporting_window=WINDOWS, prevalence=LIVING
    ) as warehouse:
        [row] = captures(warehouse).to_pylist()
    assert (row["quarter"], row["period"], row["complete"]) == ("2024-Q1", "rolling_36m", False)
    assert (row["geography_code"], row["geography_name"]) == ("E92000001", "England")
    patterns = ("cosd_only", "sact_only", "certificate_only", "cosd_and_sact",
                "cosd_and_certificate", "sact_and_certificate", "all_three")  # fmt: skip
    assert [row[name] for name in patterns] == list(COUNTS.values())
    assert row["found"] == sum(COUNTS.values())
    own = recapture(COUNTS, float(load_project().variables["z_95"]))
    assert own.estimate is not None
    assert own.lower_95 is not None
    assert own.upper_95 is not None
    assert row["estimate"] == own.estimate
    cosd = 40 + 25 + 15 + 12
    assert row["cosd_pct"] == pytest.approx(100 * cosd / own.estimate)
    # The larger the whole, the smaller the share of it.
    assert row["cosd_pct_lower_95"] == pytest.approx(100 * cosd / own.upper_95)
    assert row["cosd_pct_upper_95"] == pytest.approx(100 * cosd / own.lower_95)
    assert row["prevalence"] == 300
    assert row["prevalence_corrected"] == pytest.approx(300 * own.estimate / cosd)
    assert row["prevalence_lower_95"] == pytest.approx(300 * own.lower_95 / cosd)
    assert row["model"] is not None


def test_without_anybody_of_cosd_there_is_no_share_of_the_living() -> None:
    alone = "select false as in_cosd, true as in_sact, false as on_certificate, " \
            "date '2023-06-01' as death_date from range(5)"  # fmt: skip
    with warehouse_of(
        recurrence_source=alone, reporting_window=WINDOWS, prevalence=f"{LIVING} limit 0"
    ) as warehouse:
        [row] = captures(warehouse).to_pylist()
    assert (row["found"], row["sact_only"], row["prevalence"]) == (5, 5, 0)
    assert row["prevalence_corrected"] is None
