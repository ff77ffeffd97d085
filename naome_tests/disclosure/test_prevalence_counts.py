"""What is hidden of people living with MBC."""

from __future__ import annotations

import pandas as pd

from naome_assets.disclosure.prevalence_counts import decide_living, is_margin
from naome_tests.disclosure.few_places import (
    B1,
    B2,
    HES,
    MARGINS,
    RA1,
    decisions_of,
    some_living,
)


def test_margins_give_one_dimension_at_most() -> None:
    frame = pd.DataFrame(
        [("all",) * 4, ("female", "all", "all", "all"), ("all", "80+", "all", "<1"),
         ("female", "80+", "de_novo", "<1"), ("all", "all", "all", "5+")],
        columns=list(MARGINS),
    )  # fmt: skip
    assert is_margin(frame).tolist() == [True, True, False, False, True]


def test_what_was_hidden_or_shown_of_the_living_before_is_taken_in() -> None:
    """The board of 40 stood as 40: readers know it, and the few of the other with it."""
    frame, _ = some_living()
    code, presentation = frame["geography_code"], frame["presentation"]
    before = frame.assign(people=frame["people"].astype("Int64"), suppressed=False)
    before.loc[code.isin(["7A2"]), "people"] = pd.NA
    before.loc[(code == "RA1") & (presentation == "all"), "people"] = pd.NA
    living = decide_living(frame, decisions_of({}), HES, before)
    everyone = 0
    assert not living.hidden[everyone, B1].any(), "what everybody knows protects nobody"
    assert living.hidden[everyone, B2].all()
    assert living.hidden[everyone, RA1].all(), "what was hidden stays hidden"
    # Of another quarter alone it says nothing of this one.
    old = before[before["quarter"] == "2023-Q1"]
    living = decide_living(frame, decisions_of({}), HES, old)
    assert living.hidden[everyone, B1].tolist() == [False, True]
    # What is of no category any more, or of a nation, is not looked at.
    other = before.assign(sex="male", people=pd.array([pd.NA] * len(before), "Int64"))
    again = decide_living(frame, decisions_of({}), HES, other)
    assert (again.hidden == some_living()[1].hidden).all()
