"""What Dagster shows beside a table: national figures alone, as a chart and a small table."""

from __future__ import annotations

import base64
import re

from naome_assets.figures.national import shown_beside
from naome_tests.figures.tables import warehouse_of

PREVALENCE = """
select printf('%d-Q%d', 2015 + n // 4, n % 4 + 1) as quarter, 'registry' as method,
    'all' as presentation, type as geography_type, 'all' as sex, band as age_band,
    'all' as years_since_mbc,
    1000 + n as people, 2.5 as rate_per_100k
from range(30) as t (n)
cross join (values ('england_and_wales', 'all'), ('england_and_wales', '70-79'),
    ('nation', 'all'), ('provider', 'all')) as kinds (type, band)
"""
CONTACT = """
select quarter, period, 'england_and_wales' as geography_type, 'all' as presentation,
    40 as patients, 90.0 as completeness_pct, 80.0 as seen_pct_of_recorded, 70.0 as lower_95,
    85.0 as upper_95
from (values ('2024-Q1', 'quarter'), ('2024-Q3', 'quarter'), ('2024-Q2', 'rolling_12m')) as t
    (quarter, period)
"""


def chart(markdown: str) -> str:
    found = re.search(r"base64,([^)]+)\)", markdown)
    assert found is not None
    return base64.b64decode(found[1]).decode()


def test_the_living_of_england_and_wales_in_the_last_quarters() -> None:
    with warehouse_of(prevalence=PREVALENCE) as warehouse:
        shown = shown_beside(warehouse, "prevalence")
    head, _, *rows = shown["national_figures"].split("\n")
    assert head == "| quarter | presentation | people | rate per 100k |"
    assert len(rows) == 24
    assert rows[-1] == "| 2022-Q2 | all | 1,029 | 2.5 |"
    drawn = chart(shown["chart"])
    assert "People living with metastatic breast cancer, England and Wales" in drawn
    # The chart has them all, the table the last.
    assert "2015-Q1" in drawn


def test_a_quarter_without_figures_is_a_gap() -> None:
    with warehouse_of(cns_access=CONTACT) as warehouse:
        shown = shown_beside(warehouse, "cns_access")
    assert [row[2:9] for row in shown["national_figures"].split("\n")[2:]] == ["2024-Q1", "2024-Q3"]
    drawn = chart(shown["chart"])
    assert re.findall(r">(2024-Q\d)<", drawn) == ["2024-Q1", "2024-Q2", "2024-Q3"]
    assert "<path" not in drawn  # No line over the gap.


def test_nobody_is_said_and_other_tables_show_nothing() -> None:
    with warehouse_of(prevalence=f"{PREVALENCE} limit 0") as warehouse:
        assert shown_beside(warehouse, "prevalence") == {"national_figures": "No people yet."}
        assert shown_beside(warehouse, "mbc_cohort") == {}


def test_the_ledger_is_counted_by_quarter() -> None:
    ledger = """
    select * from (values ('2024-Q1', 'loaded', 10, 6, 2, 1, 1),
        ('2024-Q1', 'rejected', 0, 0, 0, 0, 0), ('2024-Q2', 'loaded', 3, 3, 0, 0, 0))
    as t (quarter, status, received, accepted, superseded, quarantined, out_of_scope)
    """
    with warehouse_of(ledger=ledger) as warehouse:
        lines = shown_beside(warehouse, "ledger")["by_quarter"].split("\n")
    assert lines[2:] == ["| 2024-Q1 | 6 | 2 | 1 | 1 | 10 | 2 | 1 |",
                         "| 2024-Q2 | 3 | 0 | 0 | 0 | 3 | 1 | 0 |"]  # fmt: skip
