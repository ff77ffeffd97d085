"""Tables of overlapping windows as they are published."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from naome_assets.contract.published_tables import STATED
from naome_assets.disclosure.derived import Method
from naome_assets.disclosure.prevalence_counts import LivingDecisions
from naome_assets.disclosure.slices import Decisions
from naome_assets.disclosure.windowed import publish_windowed
from naome_tests.disclosure.few_places import (
    B1,
    ENGLAND,
    HES,
    RA1,
    RA2,
    RX1,
    decisions_of,
    rows,
    same,
    some_living,
)

SPEC = next(own for own in STATED if own.name == "indicator")
METHOD = Method(10, 1e-9, 1.959963984540054, 3.090232306167813)


def figures(**changes: Sequence[object]) -> pd.DataFrame:
    """Two indicators of three places and England in a window that is complete."""
    table = [
        ("2023-Q2", "rolling_12m", code, "all", indicator, numerator, denominator)
        for indicator, numerator, denominator in (("sact", 30, 60), ("mdt", 20, 40))
        for code in ("RA1", "RA2", "RX1", ENGLAND)
    ]
    frame = rows(table, "indicator", "numerator", "denominator").assign(
        at_risk=pd.array([pd.NA] * 8, "Int64"), unit="percent", value=50.0, lower_95=40.0,
        upper_95=60.0, target_pct=50.0, outlier="within",
        **{f"limit_{side}_{tail}": 1.0 for side in ("lower", "upper") for tail in ("95", "998")},
    )  # fmt: skip
    return frame.assign(**changes)


def counts_of_figures() -> Decisions:
    return decisions_of(
        {
            (("indicator", "sact", "denominator"), 0): same(60),
            (("indicator", "sact", "numerator"), 0): same(30),
            (("indicator", "mdt", "denominator"), 0): same(40),
            (("indicator", "mdt", "numerator"), 0): same(20),
        }
    )


def publish(
    frame: pd.DataFrame, decisions: Decisions, living: LivingDecisions | None = None
) -> pd.DataFrame:
    published = publish_windowed(frame, SPEC, decisions, living, HES, METHOD)
    return published.set_index(["indicator", "geography_code"])


def test_each_indicator_is_hidden_by_its_own_decisions() -> None:
    decisions = counts_of_figures()
    decisions.hidden[1][RA1, 3] = True
    decisions.hidden[2][[RA2, B1], 3] = True
    decisions.hidden[3][[RA2, B1], 3] = True
    published = publish(figures(), decisions)
    hidden = published["numerator"].isna()
    assert set(hidden[hidden].index) == {("sact", "RA1"), ("mdt", "RA2"), ("mdt", "7A1")}
    gone = published["denominator"].isna()
    assert set(gone[gone].index) == {("mdt", "RA2"), ("mdt", "7A1")}
    assert (published["suppressed"] == hidden).all()
    assert published.loc[("sact", "RA2"), "value"] == 50
    # The board has nobody: its row stands because it is hidden, and looks like the other.
    board, other = published.loc[("mdt", "7A1")], published.loc[("mdt", "RA2")]
    assert (board["geography_name"], board["geography_type"]) == ("Board 1", "provider")
    assert (board["quarter"], board["period"]) == ("2023-Q2", "rolling_12m")
    given = [name for name in published if name not in ("geography_name",)]
    assert board[given].isna().tolist() == other[given].isna().tolist()
    assert (board["unit"], board["target_pct"]) == ("percent", 50)
    assert len(published) == 9


def test_what_is_withheld_has_no_rows() -> None:
    decisions = counts_of_figures()
    decisions.withheld[0][RA1] = True
    decisions.withheld[3][RX1] = True
    published = publish(figures(), decisions)
    assert ("sact", "RA1") not in published.index
    assert ("mdt", "RA1") in published.index
    # A part alone that is withheld is hidden; its row stands.
    assert pd.isna(published.loc[("mdt", "RX1"), "numerator"])
    assert published.loc[("mdt", "RX1"), "denominator"] == 40
    assert len(published) == 7


def test_the_share_of_the_living_is_published_by_the_decisions_of_the_living() -> None:
    _, living = some_living()
    frame = figures(indicator=["recurrent_share_of_living"] * 4 + ["mdt"] * 4)
    living.hidden[0, RA1, 1] = True
    published = publish(frame, counts_of_figures(), living)
    name = "recurrent_share_of_living"
    assert published.loc[[(name, "RA1")], ["numerator", "denominator"]].isna().all(axis=None)
    assert published.loc[(name, "RA2"), "denominator"] == 60
    # The boards, hidden among the living, have rows that say so.
    assert published.loc[(name, "7A1"), "suppressed"]
    assert ("mdt", "7A1") not in published.index
    assert not publish(frame, counts_of_figures()).loc[(name, "RA1"), "suppressed"]


def test_windows_that_begin_before_the_data_are_published_of_nations_alone() -> None:
    frame = figures(complete=[True, False] * 4)
    published = publish(frame, counts_of_figures())
    assert {code for _, code in published.index} == {"RA1", "RX1", ENGLAND}
