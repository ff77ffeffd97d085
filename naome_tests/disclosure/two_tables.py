"""Audits of two tables that share their patients, as published, for a reader of both."""

from __future__ import annotations

import numpy as np
import pandas as pd

from naome_assets.disclosure.suppression import Profile
from naome_tests.disclosure.attacker import LOCAL, Attacker, Cell, Rounding
from naome_tests.disclosure.world import (
    PROVIDERS,
    Counts,
    cns_access,
    indicator,
    quarters,
    some_of,
)


def tables_of(
    seed: int, patients: Counts, recorded_share: float, seen_share: float
) -> dict[str, pd.DataFrame]:
    """True tables of an audit, which share their patients."""
    recorded = some_of(seed + 1, patients, recorded_share)
    return {
        "cns_access": cns_access(patients, recorded, some_of(seed + 2, recorded, seen_share)),
        "indicator": indicator(patients, some_of(seed + 3, patients, seen_share)),
    }


def attacker_of(
    profile: Profile, n_quarters: int, publications: list[dict[str, pd.DataFrame]]
) -> Attacker:
    """An attacker who has read publications."""
    attacker = Attacker(
        PROVIDERS,
        quarters(n_quarters),
        Rounding(profile.small_to, profile.round_to),
        linked=[
            ("cns_access.recorded", "cns_access.patients"),
            ("cns_access.seen", "cns_access.recorded"),
            # The same people: among one another, so equal.
            ("indicator.denominator", "cns_access.patients"),
            ("cns_access.patients", "indicator.denominator"),
            ("indicator.numerator", "indicator.denominator"),
        ],
    )
    for published in publications:
        attacker.read("cns_access", published["cns_access"], ["patients", "recorded", "seen"])
        attacker.read("indicator", published["indicator"], ["denominator", "numerator"])
    return attacker


def small_hidden(
    attacker: Attacker, tables: dict[str, pd.DataFrame], profile: Profile
) -> dict[Cell, int]:
    """True value of each hidden small count."""
    found: dict[Cell, int] = {}
    for name, frame in tables.items():
        for row in frame[frame["geography_type"].isin(LOCAL)].to_dict("records"):
            for column in ("patients", "recorded", "seen", "denominator", "numerator"):
                cell = (
                    f"{name}.{column}",
                    row["geography_code"],
                    row["presentation"],
                    row["quarter"],
                    row["period"],
                )
                if cell in attacker.hidden and 1 <= row[column] <= profile.small_to:
                    found[cell] = int(row[column])
    return found


def sample(cells: dict[Cell, int], seed: int, size: int) -> list[Cell]:
    """Some of the cells."""
    names = list(cells)
    chosen = np.random.default_rng(seed).permutation(len(names))[:size]
    return [names[number] for number in chosen]
