"""``prevalence`` as it is published, and the share made of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from naome_assets.disclosure.prevalence import hidden_shares, hide_as_living, publish_prevalence
from naome_tests.disclosure.few_places import (
    ALLIANCE,
    B1,
    B2,
    HES,
    QUARTERS,
    RA1,
    RA2,
    RX1,
    E,
    W,
    decisions_of,
    rows,
    some_living,
)


def test_few_living_are_hidden_with_others_of_their_family() -> None:
    frame, living = some_living()
    assert living.categories[0] == ("all",) * 4
    assert living.quarters == QUARTERS
    assert living.unprotected == 0
    everyone, recurrent, de_novo = (
        living.categories.index(("all", "all", presentation, "all"))
        for presentation in ("all", "recurrent", "de_novo")
    )
    # 3 of 43 at one board: the other is hidden too, and what the 3 are with them.
    assert living.hidden[everyone, [B1, B2]].all()
    assert living.hidden[de_novo, [B1, B2]].all()
    assert living.hidden[recurrent, [B1, B2]].all()
    assert not living.hidden[:, [E, W, ALLIANCE, RA1, RA2, RX1]].any()
    published = publish_prevalence(frame, living, HES)
    wales = published[published["geography_code"].isin(["7A1", "7A2"])]
    assert len(wales) == 12, "nobody recurrent at a board stands too, hidden like the others"
    assert wales["people"].isna().all()
    assert wales["suppressed"].all()
    assert wales[["geography_name", "index_date", "notes"]].notna().all(axis=None)
    assert set(wales["index_date"]) == {"2023-03-31", "2023-06-30"}
    england = published[published["geography_code"] == "RA1"].set_index(["quarter", "presentation"])
    assert england["people"].to_dict() == {
        (quarter, name): count
        for quarter in QUARTERS
        for name, count in (("all", 60), ("recurrent", 40), ("de_novo", 20))
    }
    nations = published[published["geography_type"] == "nation"]
    assert nations["people"].sum() == 2 * (2 * 43 + 2 * 150)
    assert not nations["suppressed"].any()
    assert list(published) == [*frame, "suppressed"]


def test_crossed_rows_leave_of_nations_alone() -> None:
    frame, living = some_living()
    crossed = frame[frame["presentation"] != "all"].assign(sex="female")
    published = publish_prevalence(pd.concat([frame, crossed]), living, HES)
    crossed = published[(published["sex"] == "female") & (published["presentation"] != "all")]
    assert set(crossed["geography_type"]) == {"nation"}
    assert len(crossed) == 8


def test_the_share_of_the_living_takes_the_decisions_of_the_living() -> None:
    _, living = some_living()
    name = "recurrent_share_of_living"
    frame = rows(
        [("2023-Q2", "rolling_12m", code, "all", indicator, n, 40)
         for code in ("7A1", "RA1", "RX1") for indicator, n in ((name, 30), ("mdt", 12))],
        "indicator", "numerator", "denominator",
    )  # fmt: skip
    hidden = {column: np.zeros(6, bool) for column in ("numerator", "denominator")}
    hide_as_living(frame, hidden, living)
    for flags in hidden.values():
        assert flags.tolist() == [True, False, False, False, False, False]
    living.hidden[:] = False
    recurrent = living.categories.index(("all", "all", "recurrent", "all"))
    living.hidden[recurrent, RA1, 1] = True
    living.hidden[0, RX1, 1] = True
    hidden = {column: np.zeros(6, bool) for column in ("numerator", "denominator")}
    hide_as_living(frame, hidden, living)
    assert hidden["numerator"].tolist() == [False, False, True, False, True, False]
    assert hidden["denominator"].tolist() == [False, False, False, False, True, False]
    wanted = hidden_shares(living, frame, decisions_of({}))
    assert wanted == [(name, 0, RX1, 3)]
