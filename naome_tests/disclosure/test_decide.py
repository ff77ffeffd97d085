"""What is decided together, and what readers saw before."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from naome_assets.disclosure import decide
from naome_assets.disclosure.suppression import EXACT, LATENT, OPEN
from naome_tests.disclosure.few_places import (
    ALLIANCE,
    B1,
    B2,
    CNS,
    ENGLAND,
    HES,
    PLACES,
    RA1,
    RA2,
    RX1,
    WALES,
    WINDOWS,
    E,
    W,
    component_of,
    rows,
    same,
)


def test_windows_of_places_are_open_when_complete_and_nations_are_exact() -> None:
    role = decide._role(PLACES, WINDOWS, has_quarters=True)
    assert (role[[E, W]] == EXACT).all()
    for place in (ALLIANCE, RA1, B1):
        assert role[place].tolist() == [OPEN, OPEN, LATENT, OPEN, LATENT, LATENT]
    assert decide._role(PLACES, WINDOWS, has_quarters=False)[RA1].tolist() == [
        *(LATENT, LATENT, LATENT, OPEN, LATENT, LATENT)
    ]
    silent = np.array([True, False] * 3)
    lacking = dataclasses.replace(WINDOWS, missing={WALES: silent})
    role = decide._role(PLACES, lacking, has_quarters=True)
    assert role[W].tolist() == [LATENT, EXACT] * 3
    assert role[B1].tolist() == [LATENT, OPEN, LATENT, OPEN, LATENT, LATENT]
    assert (role[E] == EXACT).all()


def test_a_place_without_a_row_is_known_to_have_nobody_where_others_of_its_type_have_one() -> None:
    told = decide._told_as_nobody(PLACES, np.array([RA1, RA1]), np.array([3, 1]), (8, 6))
    assert {tuple(at) for at in np.argwhere(told).tolist()} == {
        (place, window) for place in (RA2, RX1, B1, B2) for window in (1, 3)
    }


def test_decisions_look_back_at_what_each_presentation_showed() -> None:
    table = [
        ("2023-Q2", "rolling_12m", code, presentation, n, n, n)
        for code, counts in (("RA1", (60, 20)), ("RA2", (50, 22)), ("RX1", (40, 18)),
                             ("E56", (110, 42)), (ENGLAND, (150, 60)))
        for presentation, n in zip(("all", "de_novo"), counts, strict=True)
    ]  # fmt: skip
    frame = rows(table, *CNS.counts).assign(suppressed=False)
    before = frame.astype(dict.fromkeys(CNS.counts, "Int64"))
    was_hidden = (before["geography_code"] == "RA1") & (before["presentation"] == "de_novo")
    before.loc[was_hidden, [*CNS.counts]] = pd.NA
    before.loc[was_hidden, "suppressed"] = True
    decided = decide.decide({"cns_access": frame}, PLACES, WINDOWS, HES, {"cns_access": before})
    patients = ("cns_access", "", "patients")
    everyone, de_novo = (decided.slices[patients, n] for n in (0, 1))
    assert decided.hidden[de_novo][RA1, 3]
    assert not decided.hidden[everyone].any()
    assert decided.shown[everyone][[RA1, RA2, RX1], 3].all()
    assert decided.shown[de_novo][[RA2, RX1], 3].all()
    assert not decided.shown[de_novo][RA1, 3]
    # Boards had no row where other providers had one: nobody, as everybody knows.
    assert decided.shown[everyone][[B1, B2], 3].all()
    assert not decided.shown[everyone][:, :3].any()
    assert not decide.decide({"cns_access": frame}, PLACES, WINDOWS, HES).hidden[de_novo].any()
    # What is published now as 60 was not 60 before: nobody has seen the count of now.
    other = before.assign(patients=before["patients"] + 100)
    decided = decide.decide({"cns_access": frame}, PLACES, WINDOWS, HES, {"cns_access": other})
    few = decided.slices[patients, 0]
    assert decided.hidden[decided.slices[patients, 1]][RA1, 3]
    assert decided.true[few][RA1, 3] == 60


def test_a_part_of_nothing_is_known_with_its_whole() -> None:
    whole, part, deeper = same(20, B1=0, RA1=0), same(9, B1=0, RA1=0), same(4, B1=0, RA1=0)
    # From the last to the first: parts of parts follow whatever their order.
    component = component_of([whole, part, deeper], parts=[[2, 1], [1, 0]])
    component.shown[0, B1] = True
    decide._know_parts_of_nothing(component)
    assert (component.role[1:, B1] == EXACT).all()
    assert (component.role[0, B1] == OPEN).all()
    # Nobody has seen that RA1 has none.
    assert (component.role[:, RA1] == OPEN).all()
    assert (component.role[:, RA2] == OPEN).all()


def test_what_is_hidden_together() -> None:
    whole, part = same(20, B1=0), same(9, B1=0, RA1=0)
    component = component_of([whole, part], parts=[[1, 0]])
    cells = component.cells
    pairs = {tuple(pair) for pair in decide._hidden_together(component).T.tolist()}
    assert (cells[0, RA2, 0], cells[1, RA2, 0]) in pairs, "a part with its whole"
    assert (cells[1, RA2, 0], cells[0, RA2, 0]) not in pairs, "and not the other way"
    assert (cells[1, B1, 0], cells[0, B1, 0]) in pairs, "but for nothing of nothing"
    assert (cells[1, RA1, 0], cells[0, RA1, 0]) not in pairs
    assert not {cells[0, E, 0], cells[1, E, 0]} & {one for pair in pairs for one in pair}
    of_all = component_of([same(20), same(20, RA1=0), same(0, RA1=20)],
                          of_presentations=[[0, 1, 2]])  # fmt: skip
    cells = of_all.cells
    pairs = {tuple(pair) for pair in decide._hidden_together(of_all).T.tolist()}
    assert (cells[0, RA1, 3], cells[1, RA1, 3]) in pairs
    assert (cells[0, RA1, 3], cells[2, RA1, 3]) not in pairs
    assert (cells[0, RA2, 3], cells[2, RA2, 3]) in pairs
    assert len(pairs) == 6 * 6
