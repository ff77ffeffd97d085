"""Rules on populations."""

# The SQL is put together from the names in this file only.

from __future__ import annotations

from naome_assets.checks.rule import (
    between,
    critical,
)

RULES = (
    critical(
        "population_by_band",
        "people_in_every_group",
        "Every population is above zero.",
        "select coalesce(population, 0) as population from population_by_band",
        between("population", 1, None),
        "Rates are divided by it.",
    ),
)
