"""Slices, each with what is known and decided of it."""

from __future__ import annotations

import numpy as np

from naome_assets.disclosure.slices import Decisions
from naome_assets.disclosure.suppression import EXACT, LATENT, OPEN
from naome_tests.disclosure.few_places import (
    PLACES,
    RA1,
    RA2,
    WINDOWS,
    E,
    same,
)


def test_what_nobody_publishes_counts_as_never_shown() -> None:
    decisions = Decisions(PLACES, WINDOWS)
    true = np.array(same(9))
    role = np.full(true.shape, OPEN, np.int8)
    role[E] = EXACT
    withheld = np.array([False, True, False, True, False, False, False, False])
    assert decisions.add(true, role, role == OPEN, withheld) == 0
    assert decisions.add(true, role, role == OPEN, ~withheld) == 1
    assert (decisions.roles[0][RA1] == LATENT).all()
    assert (decisions.roles[0][E] == EXACT).all(), "what everybody knows stays known"
    assert (decisions.roles[0][RA2] == OPEN).all()
    for flags in (decisions.hidden[0], decisions.shown[0]):
        assert flags.shape == true.shape
        assert not flags.any()
