"""Which counts add up to which."""

from __future__ import annotations

import numpy as np

from naome_assets.disclosure import sums
from naome_assets.disclosure.suppression import EXACT, REST
from naome_tests.disclosure.few_places import (
    ALLIANCE,
    B1,
    B2,
    PLACES,
    RA1,
    RA2,
    RX1,
    E,
    W,
    decisions_of,
    same,
)


def test_presentations_and_parts_add_up() -> None:
    patients = ("cns_access", "", "patients")
    certificate = ("indicator", "death_certificate_only", "numerator")
    new = ("indicator", "incidence", "numerator")
    decisions = decisions_of(
        {
            (patients, 0): same(20),
            (patients, 1): same(8),
            (patients, 2): same(12),
            (certificate, 0): same(1),
            (new, 0): same(21),
            (new, 1): same(8),
        }
    )
    assert sums.presentation_sums(decisions) == [(0, 1, 2)]
    assert (4, 0, 3) in sums.added_sums(decisions)
    assert len(sums.added_sums(decisions)) == 2
    # Where all people are of one presentation the sum says nothing.
    decisions.slices[patients, 0] = decisions.slices[patients, 2]
    assert sums.presentation_sums(decisions) == []


def test_the_rest_of_a_whole_is_known_where_whole_and_part_are() -> None:
    whole, part = ("cns_access", "", "patients"), ("cns_access", "", "recorded")
    decisions = decisions_of({(whole, 0): same(20), (part, 0): same(15, RA1=20)})
    rest = ("cns_access", "", "patients less recorded")
    sums.add_rests(decisions, [(1, 0, rest, 0)])
    number = decisions.slices[rest, 0]
    assert decisions.splits == [(0, 1, number)]
    assert decisions.true[number].tolist() == same(5, RA1=0)
    assert (decisions.roles[number][[E, W]] == EXACT).all()
    assert (decisions.roles[number][[RA1, B1]] == REST).all()
    assert decisions.known[number].all()
    # A part that is larger than its whole is none, and tells nobody anything.
    decisions = decisions_of({(whole, 0): same(20), (part, 0): same(15, RA1=21)})
    sums.add_rests(decisions, [(1, 0, rest, 0)])
    assert decisions.splits == []


def test_different_people_among_others_leave_a_rest_together() -> None:
    whole = ("indicator", "survival_1y", "denominator")
    dead, followed = (("indicator", "survival_1y", name) for name in ("numerator", "at_risk"))
    decisions = decisions_of({(whole, 1): same(50), (dead, 1): same(9), (followed, 1): same(30)})
    sums.add_rests(decisions, [])
    ((*members, rest),) = decisions.splits
    assert members == [0, 1, 2]
    assert decisions.true[rest].tolist() == same(11)


def test_families_are_sums_at_each_time() -> None:
    cells = np.arange(16, dtype=np.int32).reshape(8, 2)
    found = sums.of_families(cells, PLACES.families(), 99).tolist()
    assert sorted(found) == sorted(
        [
            [cells[ALLIANCE, t], cells[RA1, t], cells[RA2, t]]
            for t in (0, 1)
        ]
        + [[cells[E, t], cells[ALLIANCE, t], cells[RX1, t]] for t in (0, 1)]
        + [[cells[W, t], cells[B1, t], cells[B2, t]] for t in (0, 1)]
    )  # fmt: skip
