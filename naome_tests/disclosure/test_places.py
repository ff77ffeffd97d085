"""The places of tables, and which is a part of which."""

from __future__ import annotations

import pandas as pd
import pytest

from naome_assets.disclosure.places import Places, places_of

ENGLAND, WALES, BOTH = "E92000001", "W92000004", "K04000001"
LISTED = pd.DataFrame(
    [
        ("RA1", "Trust A", "E56000001"),
        ("RA2", "Trust B", "E56000001"),
        ("RX9", "Trust without an alliance", None),
        *((code, f"Board {code}", None) for code in ("7A1", "7A2", "7A3")),
    ],
    columns=["provider_code", "provider_name", "cancer_alliance_code"],
)
WELSH = ("7A1", "7A2", "7A3")
LISTS = {ENGLAND: (), WALES: WELSH}


def rows_of(*codes: str) -> pd.DataFrame:
    kinds = {"K": "england_and_wales", "E9": "nation", "W9": "nation", "E5": "cancer_alliance"}
    types = [kinds.get(code[:2], kinds.get(code[:1], "provider")) for code in codes]
    return pd.DataFrame(
        {"geography_type": types, "geography_code": codes, "geography_name": [*codes]}
    )


def parents_of(places: Places) -> dict[str, str | None]:
    return {
        code: places.codes[parent] if parent >= 0 else None
        for code, parent in zip(places.codes, places.parents, strict=True)
    }


def test_each_place_is_part_of_its_alliance_and_nation() -> None:
    frames = [rows_of(BOTH, ENGLAND, WALES, "E56000001"), rows_of("RA1", "RX9", ENGLAND, *WELSH)]
    places = places_of(frames, LISTED, LISTS)
    assert parents_of(places) == {
        "E56000001": ENGLAND,
        ENGLAND: None,
        WALES: None,
        "RA1": "E56000001",
        "RX9": ENGLAND,
        **dict.fromkeys(WELSH, WALES),
    }
    number = places.number
    nations = places.nations()
    assert {code: places.codes[nations[number[code]]] for code in places.codes} == {
        **dict.fromkeys((ENGLAND, "E56000001", "RA1", "RX9"), ENGLAND),
        **dict.fromkeys((WALES, *WELSH), WALES),
    }
    assert {code for code in places.codes if places.is_national[number[code]]} == {ENGLAND, WALES}
    assert places.has_rows.all()
    families = {
        places.codes[whole]: {places.codes[part] for part in parts if part >= 0}
        for whole, *parts in places.families().tolist()
    }
    assert families == {
        "E56000001": {"RA1"},
        ENGLAND: {"E56000001", "RX9"},
        WALES: {*WELSH},
    }


@pytest.mark.parametrize(("with_rows", "listed_too"), [(1, 2), (2, 1), (3, 0)])
def test_boards_without_people_are_places_where_fewer_than_three_have_people(
    with_rows: int, listed_too: int
) -> None:
    places = places_of([rows_of(WALES, *WELSH[:with_rows])], LISTED, LISTS)
    assert sorted(places.codes) == [*WELSH[: with_rows + listed_too], WALES]
    has = dict(zip(places.codes, places.has_rows, strict=True))
    assert [has[code] for code in WELSH] == [True] * with_rows + [False] * listed_too
    name = dict(zip(places.codes, places.names, strict=True))
    assert name["7A3"] == ("Board 7A3" if listed_too else "7A3")
    assert dict(zip(places.codes, places.types, strict=True))["7A3"] == "provider"
    assert {parents_of(places)[code] for code in WELSH} == {WALES}


def test_places_without_a_nation_have_none() -> None:
    places = places_of([rows_of("RA1", *WELSH)], LISTED, LISTS)
    assert places.nations().tolist() == [-1] * 4
    assert places.families().shape == (0, 1)


def test_the_providers_of_each_nation_are_listed_where_few_have_rows() -> None:
    """Whatever nation it is: the few of one are not those of another."""
    lists = {WALES: ("7A1", "7A2"), ENGLAND: ("RA1", "RA2", "RX9")}
    places = places_of([rows_of(WALES, ENGLAND, "7A1", "RA1", "RA2", "RX9")], LISTED, lists)
    has = dict(zip(places.codes, places.has_rows, strict=True))
    assert {code for code, own in has.items() if not own} == {"7A2"}
    assert parents_of(places) == {
        **dict.fromkeys((ENGLAND, WALES)),
        **dict.fromkeys(("7A1", "7A2"), WALES),
        **dict.fromkeys(("RA1", "RA2", "RX9"), ENGLAND),
    }
