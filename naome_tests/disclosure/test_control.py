"""Every table leaves by the rules that its record names, and nations leave unchanged."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from naome_assets.contract.dimensions import NATIONAL, day_of
from naome_assets.contract.published_tables import TABLE
from naome_assets.disclosure.control import Controlled, control
from naome_assets.disclosure.suppression import load_profile
from naome_tests.disclosure.full_world import Audit
from naome_tests.disclosure.world import LISTED, WALES

HES = load_profile("nhs_england_hes")
AUDIT = Audit(4, (30.0, 3.0, 20.0, 9.0), 6)
BOARDS = ("7A1", "7A2", "7A3")
#: A curve of a nation with a step a day, and a table of nations with a row of a place.
CURVE = pd.DataFrame({"day": range(100), "at_risk": range(200, 0, -2), "survival": 100.0}).assign(
    quarter="2021-Q2", period="rolling_36m", geography_type="nation", geography_code=WALES,
    geography_name="Wales", presentation="all", lower_95=99.0, upper_95=100.0,
)  # fmt: skip
PROJECTION = pd.DataFrame(
    {"geography_type": ["nation", "provider"], "geography_code": [WALES, "7A1"], "people": [9, 3]}
)

Tables = Mapping[str, pd.DataFrame]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return {**AUDIT.tables(6), "survival_curve": CURVE, "prevalence_projection": PROJECTION}


@pytest.fixture(scope="module")
def controlled(tables: Tables) -> Controlled:
    return control(tables, LISTED, HES)


def local(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[~frame["geography_type"].isin(NATIONAL)]


def national(frame: pd.DataFrame) -> pd.DataFrame:
    own = frame[frame["geography_type"].isin(NATIONAL)]
    own = own.sort_values(list(own.columns[:9]), kind="stable", ignore_index=True)
    return own.astype(object).where(own.notna(), None)


def test_nations_are_as_they_were(tables: Tables, controlled: Controlled) -> None:
    assert list(controlled.tables) == list(tables)
    assert controlled.unprotected == 0
    for name, frame in controlled.tables.items():
        if name in ("survival_curve", "case_mix_value"):
            continue
        before = national(tables[name])
        after = national(frame[tables[name].columns])
        pd.testing.assert_frame_equal(after, before)
        assert not frame[frame["geography_type"].isin(NATIONAL)]["suppressed"].any()


@pytest.mark.parametrize("name", ["prevalence", "cns_access", "time_to_treatment", "indicator",
                                  "survival", "data_quality"])  # fmt: skip
def test_counts_of_places_are_rounded_or_hidden(
    tables: Tables, controlled: Controlled, name: str
) -> None:
    places = local(controlled.tables[name])
    assert places["suppressed"].any()
    assert places[list(TABLE[name].counts)].notna().any(axis=None)
    assert (local(tables[name])[list(TABLE[name].counts)] % 5 != 0).any(axis=None)
    for column in TABLE[name].counts:
        counts = places[column].dropna().to_numpy(np.int64)
        assert set(counts % 5) <= {0}


def test_columns_are_added_to_their_own_tables(tables: Tables, controlled: Controlled) -> None:
    for name, frame in controlled.tables.items():
        added = [own.name for own in TABLE[name].added]
        assert list(frame.columns.drop(tables[name].columns)) == [*added, "suppressed"]
    times = controlled.tables["time_to_treatment"]
    together = times[times["modality"] == "any"].groupby(["quarter", "period", "presentation"])
    targets = together["target_pct_31d"].agg(["min", "max"]).dropna()
    assert len(targets) > 0
    assert (targets["min"] == targets["max"]).all()
    notes = controlled.tables["indicator"].groupby("indicator")["notes"].first()
    assert notes["mdt_discussed"].startswith("Counted are people of England and Wales")


def test_curves_and_tables_of_nations_have_their_own_rules(controlled: Controlled) -> None:
    curve = controlled.tables["survival_curve"]
    assert curve["day"].tolist() == [day_of(month) for month in range(4)]
    projection = controlled.tables["prevalence_projection"]
    assert projection.to_dict("records") == [
        {"geography_type": "nation", "geography_code": WALES, "people": 9, "suppressed": False}
    ]


def test_what_was_published_before_is_looked_back_to(
    tables: Tables, controlled: Controlled
) -> None:
    past = control(AUDIT.tables(5), LISTED, HES)
    again = control(tables, LISTED, HES, before=past.tables)
    hidden = {
        name: (controlled.tables[name]["suppressed"].sum(), again.tables[name]["suppressed"].sum())
        for name in ("prevalence", "survival")
    }
    assert all(after > before for before, after in hidden.values())


def test_a_nation_that_sent_nothing_has_no_rows_of_that_quarter(tables: Tables) -> None:
    quality = tables["data_quality"]
    gone = (quality["quarter"] == "2020-Q3") & quality["geography_code"].isin([WALES, *BOARDS])
    rows = {"data_quality": quality[~gone]}
    with_word = control(rows, LISTED, HES, missing={"2020-Q3": WALES}).tables["data_quality"]
    without = control(rows, LISTED, HES).tables["data_quality"]
    for frame, has_rows in ((with_word, False), (without, True)):
        of_boards = frame[(frame["quarter"] == "2020-Q3") & frame["geography_code"].isin(BOARDS)]
        assert (len(of_boards) > 0) is has_rows


def test_nothing_to_control_is_published_as_it_is(tables: Tables) -> None:
    nobody = {name: tables[name].iloc[:0] for name in ("cns_access", "prevalence")}
    found = control({**nobody, "prevalence_projection": PROJECTION}, LISTED, HES)
    assert found.unprotected == 0
    assert {name: len(frame) for name, frame in found.tables.items()} == {
        **dict.fromkeys(nobody, 0),
        "prevalence_projection": 2,
    }
    assert not any(frame["suppressed"].any() for frame in found.tables.values())
