"""Code lists of the standard and of naome, from the seeds, for rules that look codes up."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

from naome_assets.reference import seed_path


@cache
def item_codes(item: str) -> tuple[str, ...]:
    """Codes of an item of COSD or COSD Pathology, in whatever version of the standard."""
    return tuple(row["code"] for row in _seed("cosd_code") if row["item_code"] == item)


@cache
def fault_rules() -> Mapping[str, Mapping[str, str]]:
    """The faults that the quarantine can name: the columns of quarantine_rule, by rule."""
    return {row["rule"]: row for row in _seed("quarantine_rule")}


@cache
def _seed(name: str) -> tuple[dict[str, str], ...]:
    with seed_path(name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
