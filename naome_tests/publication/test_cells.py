"""What is in the cells of a file."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from naome_assets.publication.cells import cells, cells_as_text


def test_by_hand() -> None:
    published = pd.DataFrame(
        {
            "place": ["R1A", "=1+1", None],
            "day": pd.to_datetime(["2024-02-29", None, None]),
            "complete": [True, False, True],
            "people": pd.array([8, None, None], dtype="Int64"),
            "share": [12.5, None, None],
            "suppressed": [False, True, False],
        }
    )
    assert cells(published, "[x]", "[c]").to_dict("list") == {
        "place": ["R1A", "'=1+1", "[x]"],
        "day": ["2024-02-29", "[x]", "[x]"],
        "complete": ["true", "false", "true"],
        "people": [8, "[c]", "[x]"],
        "share": [12.5, "[c]", "[x]"],
    }
    assert cells_as_text(published).to_pydict() == {
        "place": ["R1A", "'=1+1", None],
        "day": ["2024-02-29", None, None],
        "complete": ["true", "false", "true"],
        "people": ["8", "*", None],
        "share": ["12.5", "*", None],
    }


TEXTS = st.none() | st.text(alphabet="=+-@\t\rA1 ", max_size=3)
ROWS = st.lists(
    st.tuples(
        TEXTS,
        st.none() | st.integers(-9, 10**12),
        st.none() | st.floats(-1e6, 1e6),
        st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1)),
        st.booleans(),
    ),
    min_size=1,
)


@given(ROWS)
def test_both_ways_say_the_same(rows: list[tuple[object, ...]]) -> None:
    published = pd.DataFrame(rows, columns=["place", "people", "share", "day", "suppressed"])
    published = published.astype(
        {"place": object, "people": "Int64", "share": float, "day": "datetime64[ns]"}
    )
    as_objects = cells(published, "").to_dict("records")
    as_text = [
        {name: "" if value is None else value for name, value in row.items()}
        for row in cells_as_text(published).to_pylist()
    ]
    for one, other in zip(as_objects, as_text, strict=True):
        share = one.pop("share"), other.pop("share")
        assert share[0] == share[1] or float(str(share[0])) == float(share[1])
        assert {name: str(value) for name, value in one.items()} == other
        assert not str(one["place"]).startswith(("=", "+", "-", "@", "\t", "\r"))
