"""Methods of one place share most of their people: what a wider one adds is a count too."""

from __future__ import annotations

import numpy as np
import pytest

from naome_assets.contract import dimensions
from naome_assets.disclosure.suppression import load_profile
from naome_tests.disclosure.method_reader import METHODS, WALES, World, attack, published

SEEDS = range(300, 306)


def test_the_reader_knows_the_methods() -> None:
    assert METHODS == dimensions.METHODS


def test_the_reader_wins_without_protection() -> None:
    tried, found = attack(load_profile("under_5"), SEEDS, protected=False)
    assert tried > 60
    assert found


@pytest.mark.parametrize("profile", ["nhs_england_hes", "under_5", "under_10"])
def test_no_small_difference_of_methods_is_told(profile: str) -> None:
    tried, found = attack(load_profile(profile), SEEDS, protected=True)
    assert tried > 60
    assert found == []


def test_large_differences_are_published() -> None:
    """Protection that hides everything would be none."""
    world = World.drawn(1)
    many = World(np.full_like(world.true, 40), world.quarters)
    table = published(many, load_profile("nhs_england_hes"), protected=True)
    boards = table[table["geography_code"].isin(WALES)]
    assert set(boards["people"]) == {40, 80, 120}


def test_what_registry_publishes_is_not_touched() -> None:
    world, profile = World.drawn(300), load_profile("under_5")
    alone = World(world.true * [1, 0, 0], world.quarters)
    with_others, without = (
        published(own, profile, protected=True).query("method == 'registry'").reset_index(drop=True)
        for own in (world, alone)
    )
    assert with_others.equals(without)
