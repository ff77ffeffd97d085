"""A decimal is printed where rounding does not show in it (ruling G2)."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from naome_assets.publication.decimals import PEOPLE_OF, decimals_of

PLACE = {"geography_type": "provider"}


@pytest.mark.parametrize(
    ("people", "decimals"), [(999, 0), (1000, 1), (None, 0), (pd.NA, 0), (float("nan"), 0)]
)
def test_a_percentage_of_a_place_has_a_decimal_from_1000_people_on(
    people: Any, decimals: int
) -> None:
    row = {**PLACE, "patients": 5000, "recorded": people}
    assert decimals_of(row, "seen_pct_of_recorded") == decimals
    assert decimals_of(row, "completeness_pct") == 1


@pytest.mark.parametrize("nation", ["england_and_wales", "nation"])
def test_figures_of_nations_are_exact(nation: str) -> None:
    assert decimals_of({"geography_type": nation, "recorded": 5}, "seen_pct_of_recorded") == 1


def test_what_is_no_percentage_of_people_has_its_decimal() -> None:
    assert decimals_of({**PLACE, "recorded": 5}, "rate_per_100k") == 1


def test_survival_of_places_is_in_whole_percents() -> None:
    many = {**PLACE, "denominator": 5000}
    assert decimals_of({**many, "indicator": "mdt_discussed"}, "value") == 1
    assert decimals_of({**many, "indicator": "survival_1y"}, "value") == 0
    assert decimals_of({**many, "at_risk": 4000}, "value") == 0
    assert decimals_of({**many, "at_risk": pd.NA}, "value") == 1


def test_limits_are_of_the_people_of_their_value() -> None:
    # cns_access has `recorded`, indicator has `denominator`, case_mix_value has `people`,
    # data_quality has `records`.
    assert PEOPLE_OF["lower_95"] == ("recorded", "denominator", "people", "records")
    assert PEOPLE_OF["upper_95_62d"] == ("eligible_62d",)
    assert decimals_of({**PLACE, "records": 1000}, "lower_95") == 1
    assert decimals_of({**PLACE, "denominator": 10, "records": 1000}, "lower_95") == 0
    assert decimals_of(PLACE, "lower_95") == 0
