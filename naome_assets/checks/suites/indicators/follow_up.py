"""Rules on follow-up."""

# The SQL is put together from the names in this file only.

from __future__ import annotations

from naome_assets.checks.rule import (
    between,
    critical,
)

RULES = (
    critical(
        "follow_up",
        "days_not_negative",
        "No waiting time is below zero.",
        "select coalesce(days, -1) as days from follow_up",
        between("days", 0, None),
        "Earlier treatment counts as day 0 (rulings F6, F8).",
    ),
)
