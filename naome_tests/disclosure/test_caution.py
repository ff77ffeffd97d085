"""What is hidden because sums taken together tell more than one by one."""

from __future__ import annotations

import dataclasses

import numpy as np

from naome_assets.disclosure import caution
from naome_assets.disclosure.suppression import EXACT, LATENT, OPEN
from naome_tests.disclosure.few_places import (
    ALLIANCE,
    B1,
    B2,
    HES,
    PLACES,
    RA1,
    RA2,
    E,
    W,
    component_of,
    decisions_of,
    same,
)


def test_a_series_is_withheld_of_a_type_of_places_when_too_many_are_small() -> None:
    role = np.full((8, 6), OPEN, np.int8)
    half = dataclasses.replace(HES, withhold_above=0.5)
    few = np.array(same(20, RA1=3, RA2=3, RX1=3))
    found = caution.withheld(few, role, PLACES, half)
    assert found.tolist() == [False] * 3 + [True] * 5
    few = np.array(same(20, RA1=3, RA2=3, B1=0, B2=0))  # 2 of 3 that are given
    assert caution.withheld(few, role, PLACES, half)[RA1]
    few = np.array(same(20, RA1=3, RA2=3, B2=0))  # 2 of 4: no more than half
    assert not caution.withheld(few, role, PLACES, half).any()
    few = np.array(same(3))  # alliances and providers
    assert caution.withheld(few, role, PLACES, half).tolist() == [True, *[False] * 2, *[True] * 5]
    few = np.array(same(20, ALLIANCE=7))
    assert caution.withheld(few, role, PLACES, half).tolist() == [True] + [False] * 7
    assert not caution.withheld(few * 0, role, PLACES, half).any()
    role[:, 3] = EXACT  # What is not open is not judged.
    few = np.array(same(20))
    few[RA1:, 3] = 1
    assert not caution.withheld(few, role, PLACES, dataclasses.replace(HES, withhold_above=0)).any()


def test_quarters_of_the_kin_of_a_small_place_are_hidden() -> None:
    component = component_of([same(20, RA1=3), same(20)])
    caution.hide_for_caution(component, HES)
    assert component.hidden[0, [RA1, RA2]].tolist() == [[True, True] + [False] * 4] * 2
    component.hidden[0, [RA1, RA2]] = False
    assert not component.hidden.any()
    # Half of the counts small is not mostly.
    rows = same(20)
    rows[RA1][0] = 3
    component = component_of([rows])
    caution.hide_for_caution(component, HES)
    assert not component.hidden.any()


def test_a_sum_with_a_rare_part_is_hidden_at_the_places_of_that_nation() -> None:
    """Incidence is patients and those known by certificate only, of whom Wales has few."""
    whole, patients, certificates = same(40), same(30), same(10, W=2)
    component = component_of([whole, patients, certificates], added=[[0, 1, 2]])
    caution.hide_for_caution(component, HES)
    is_hidden = component.hidden.all(axis=2)
    assert [*np.flatnonzero(is_hidden[0])] == [B1, B2]
    assert not component.hidden[1:].any()
    # Of more parts none tells the other.
    component = component_of([whole, patients, certificates, same(10)], added=[[0, 1, 2, 3]])
    caution.hide_for_caution(component, HES)
    assert not component.hidden.any()


def test_a_nation_is_judged_by_the_counts_that_it_publishes() -> None:
    """Half of its windows small is not mostly; what is not exact is not looked at."""
    rows_of_wales = same(30)
    rows_of_wales[W] = [3, 3, 3, 30, 30, 30]
    component = component_of([same(40), rows_of_wales, same(10)], added=[[0, 1, 2]])
    caution.hide_for_caution(component, HES)
    assert not component.hidden.any()
    rows_of_wales[W] = [3, 3, 3, 0, 0, 30]  # 3 of 4 that are given
    component = component_of([same(40), rows_of_wales, same(10)], added=[[0, 1, 2]])
    caution.hide_for_caution(component, HES)
    assert component.hidden[0, [B1, B2]].all()


def test_every_value_stays_possible_where_a_nation_has_few() -> None:
    component = component_of([same(30), same(30, W=2)])
    component.role[:, ALLIANCE:E, :2] = LATENT
    component.role[:, RA1:, :2] = LATENT
    found = caution.candidates(component, HES)
    assert (found[0] == HES.candidates).all()
    places = [W, B1, B2]
    assert (found[1, places] == HES.small_to + 1).all()
    assert (np.delete(found[1], places, axis=0) == HES.candidates).all()


def test_the_living_are_hidden_beside_hidden_new_people() -> None:
    new = ("indicator", "incidence", "numerator")
    decisions = decisions_of({(new, 0): same(20, RX1=0)})
    assert not caution.beside_hidden_new_people(decisions).any()
    decisions.hidden[0][RA1, 2:4] = True  # 2 of 4 windows of the two trusts
    assert not caution.beside_hidden_new_people(decisions).any()
    decisions.hidden[0][RA2, 3] = True
    beside = caution.beside_hidden_new_people(decisions)
    assert [*np.flatnonzero(beside)] == [RA1, RA2]
    decisions.hidden[0][:] = False
    decisions.hidden[0][[B1, B2], :2] = True  # Quarters are not looked at.
    assert not caution.beside_hidden_new_people(decisions).any()
    decisions.withheld[0][[B1, B2]] = True
    assert [*np.flatnonzero(caution.beside_hidden_new_people(decisions))] == [B1, B2]
    # Without incidence, the patients of the nurses' table are the new people.
    other = decisions_of({(("cns_access", "", "patients"), 0): same(20)})
    other.hidden[0][[B1, B2]] = True
    assert [*np.flatnonzero(caution.beside_hidden_new_people(other))] == [B1, B2]
    assert not caution.beside_hidden_new_people(decisions_of({})).any()
