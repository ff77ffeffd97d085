"""Every column of a dbt seed has a type: dbt would make numbers of codes such as 5E1."""

from __future__ import annotations

import csv

import pytest

from naome_assets.transform.project import load_project

SEEDS = load_project().seeds


@pytest.mark.parametrize("name", SEEDS)
def test_every_column_of_a_seed_is_typed(name: str) -> None:
    seed = SEEDS[name]
    with seed.path.open(encoding="utf-8", newline="") as file:
        heading = next(csv.reader(file))
    assert list(seed.column_types) == heading
