"""A quarter that is reported for one nation alone says so, and gaps stay gaps (rulings G5, I4)."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from naome_assets.contract.dimensions import ENGLAND, ENGLAND_AND_WALES, WALES
from naome_assets.disclosure.windows import Windows
from naome_assets.figures.completeness import by_quarter
from naome_assets.publication.published import Publication, PublicationInfo
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits.prevalence import trend
from naome_assets.publication.report.figures import Figures, unbroken
from naome_assets.publication.report.places import Places
from naome_assets.publication.report.words import Words
from naome_assets.publication.workbook import _names

STATED = PublicationInfo(
    "p", "", "v", "2024-Q4", "2023-Q2", "1", "1", "2023-Q2 Wales; 2024-Q3 England; 2024-Q4 England"
)


def test_the_statement_names_the_missing_nation() -> None:
    quarters = ("2023-Q2", "2023-Q3", "2024-Q4")
    assert [STATED.missing_nation(quarter) for quarter in quarters] == ["Wales", "", "England"]
    assert STATED.missing_nation() == "England"
    assert dataclasses.replace(STATED, not_reported="").missing_nation() == ""


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "England and Wales (Wales not reported)"), ("cy", "Cymru a Lloegr (heb ddata Cymru)")],
)
def test_it_is_with_the_name_of_england_and_wales(language: str, name: str) -> None:
    words = Words(language, "Wales")
    assert words.place(ENGLAND_AND_WALES, "England and Wales") == name
    for code in (ENGLAND, "RTH"):
        assert words.place(code, "Any") == Words(language).place(code, "Any")


def test_it_is_in_the_workbook_by_quarter() -> None:
    rows = pd.DataFrame(
        {
            "quarter": ["2023-Q2", "2023-Q3", "2024-Q4", "2024-Q4"],
            "geography_code": [ENGLAND_AND_WALES] * 3 + [WALES],
            "geography_name": ["England and Wales"] * 3 + ["Wales"],
        }
    )
    assert _names(rows["geography_name"], rows, STATED).tolist() == [
        "England and Wales (Wales not reported)",
        "England and Wales",
        "England and Wales (England not reported)",
        "Wales",
    ]


def test_a_gap_is_drawn_as_a_gap() -> None:
    """People of Wales alone are no point of a line whose last quarter has both nations."""
    assert unbroken(["2024-Q2", "2023-Q3"]) == ["2023-Q3", "2023-Q4", "2024-Q1", "2024-Q2"]
    assert unbroken([]) == []
    people = {"2023-Q1": 90, "2023-Q2": 10, "2023-Q3": 91, "2024-Q1": 92, "2024-Q2": 93}
    table = pd.DataFrame(
        [
            {
                "quarter": quarter,
                "geography_type": "england_and_wales",
                "geography_code": ENGLAND_AND_WALES,
                "geography_name": "England and Wales",
                **dict.fromkeys(("sex", "age_band", "years_since_mbc"), "all"),
                "presentation": "all",
                "people": count,
                "rate_per_100k": None,
                "suppressed": False,
            }
            for quarter, count in people.items()
        ]
    )
    stated = dataclasses.replace(STATED, quarter="2024-Q2", not_reported="2023-Q2 England")
    figures = Figures(Publication({"prevalence": table}, stated))
    words = Words("en", stated.missing_nation())
    edition = Edition(figures, Places(figures), words)
    drawn = trend(edition, edition.places.national[0])
    assert drawn is not None
    tips = [own for own in drawn.chart.split("<title") if ": 9" in own or ": 10" in own]
    assert [own.split(": ")[1].split("<")[0] for own in tips] == ["90", "91", "92", "93"]
    # Three stretches, 2023-Q1, 2023-Q3 and 2024: a line joins the last two points alone.
    assert [row[0].text for row in drawn.table.rows] == [
        "30 June 2024",
        "31 March 2024",
        "30 September 2023",
        "30 June 2023 (England not reported)",
        "31 March 2023",
    ]
    assert words("not_reported.note") in drawn.notes


def test_a_heat_map_keeps_the_column_of_a_gap() -> None:
    rows = pd.DataFrame(
        {
            "geography_code": ENGLAND_AND_WALES,
            "source": "all",
            "period": "quarter",
            "item": "sex",
            "quarter": ["2023-Q4", "2024-Q2"],
            "completeness_pct": [90.0, 91.0],
        }
    )
    table = by_quarter(rows)
    assert list(table.columns) == ["2023-Q4", "2024-Q1", "2024-Q2"]
    assert table["2024-Q1"].isna().all()


def test_windows_that_lack_a_nation_need_not_add_up() -> None:
    rows = pd.DataFrame(
        {"quarter": ["2023-Q4", "2024-Q2", "2024-Q3"], "period": "quarter", "complete": True}
    )
    windows = Windows.of([rows], {"2024-Q2": WALES})
    assert windows.quarters == ("2023-Q4", "2024-Q1", "2024-Q2", "2024-Q3")
    quarters = slice(0, 4)
    np.testing.assert_array_equal(windows.reported[quarters], [True, False, True, True])
    np.testing.assert_array_equal(
        windows.reported_of(ENGLAND)[quarters], windows.reported[quarters]
    )
    np.testing.assert_array_equal(windows.reported_of(WALES)[quarters], [True, False, False, True])
    np.testing.assert_array_equal(windows.whole[quarters], [True, False, False, True])
    assert not windows.whole[4:].any()
