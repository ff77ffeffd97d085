"""The counts of a table by kind, presentation, place and window."""

from __future__ import annotations

from naome_assets.contract.published_tables import STATED
from naome_assets.disclosure.stated_counts import StatedTable, presentation_of
from naome_tests.disclosure.few_places import (
    CNS,
    ENGLAND,
    PLACES,
    RA1,
    WINDOWS,
    E,
    rows,
)


def test_counts_of_a_table_by_place_and_window() -> None:
    frame = rows(
        [
            ("2023-Q2", "rolling_12m", "RA1", "all", 12, 9, None),
            ("2023-Q2", "rolling_12m", "RA1", "recurrent", 8, 7, None),
            ("2023-Q1", "quarter", ENGLAND, "all", 50, 40, None),
            ("2023-Q1", "quarter", "K04000001", "all", 90, 80, None),
        ],
        "patients", "recorded", "seen",
    )  # fmt: skip
    arrays = StatedTable(CNS, frame).arrays(PLACES, WINDOWS)
    found = {(series, presentation): counts for series, presentation, counts in arrays}
    assert set(found) == {
        (("cns_access", "", name), number) for name in ("patients", "recorded") for number in (0, 2)
    }
    patients = found[("cns_access", "", "patients"), 0]
    assert patients[RA1].tolist() == [0, 0, 0, 12, 0, 0]
    assert patients[E].tolist() == [50, 0, 0, 0, 0, 0]
    assert patients.sum() == 62
    assert found[("cns_access", "", "recorded"), 2].sum() == 7
    assert presentation_of(frame).tolist() == [0, 2, 0, 0]
    assert presentation_of(frame[["quarter"]]).tolist() == [0] * 4


def test_kinds_are_those_that_places_have() -> None:
    spec = next(own for own in STATED if own.name == "indicator")
    frame = rows(
        [
            ("2023-Q2", "rolling_12m", "RA1", "all", "b", 1),
            ("2023-Q2", "rolling_12m", "RA1", "all", "a", 1),
            ("2023-Q2", "rolling_12m", ENGLAND, "all", "rate", 1),
            ("2023-Q2", "rolling_12m", "RA1", "all", "recurrent_share_of_living", 1),
        ],
        "indicator", "denominator",
    )  # fmt: skip
    assert [kind for kind, _ in StatedTable(spec, frame).kinds()] == ["a", "b"]


def test_parts_are_with_their_wholes() -> None:
    frame = rows([("2023-Q2", "rolling_12m", "RA1", "all", 1, 1, 1)], *CNS.counts)
    table = StatedTable(CNS, frame)
    slices = {
        (("cns_access", "", "patients"), 0): 0,
        (("cns_access", "", "recorded"), 0): 1,
        (("cns_access", "", "seen"), 0): 2,
        (("cns_access", "", "recorded"), 1): 3,
        (("other", "", "recorded"), 0): 4,
    }
    assert [*table.parts(slices)] == [
        (1, 0, ("cns_access", "", "patients less recorded"), 0),
        (2, 1, ("cns_access", "", "recorded less seen"), 0),
    ]
    # A part that is the whole everywhere has no rest.
    assert [*table.parts(slices | {(("cns_access", "", "seen"), 0): 1})] == [
        (1, 0, ("cns_access", "", "patients less recorded"), 0)
    ]
