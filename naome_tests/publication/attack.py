"""Attack many made-up audits and print what was told: ``python -m naome_tests.publication.attack``.

Each audit is published by a profile; the attacker (``attacker.py``) has the published tables alone
and asks for the least and largest value of hidden small counts. A count is told when one value
alone is possible.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import click
import numpy as np
import pandas as pd

from naome_assets.publication.published import control
from naome_assets.statistics.disclosure import Profile, load_profile, load_profiles
from naome_tests.publication.attacker import LOCAL, Attacker, Cell, Rounding
from naome_tests.publication.world import (
    LISTED,
    PROVIDERS,
    Counts,
    cns_access,
    indicator,
    people,
    quarters,
    some_of,
)

#: New people a quarter of a provider, from a village to a city.
RATES = (0.0, 0.3, 1.0, 2.0, 3.0, 5.0, 9.0, 20.0)
#: With 13 quarters, two windows of 36 months are complete.
QUARTERS = (5, 8, 13)


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


@dataclass
class Outcome:
    """What attacks on the audits of a profile came to."""

    audits: int = 0
    hidden: int = 0
    attacked: int = 0
    told: int = 0
    narrow: int = 0
    wrong: int = 0
    unprotected: int = 0


def attack_audit(profile: Profile, seed: int, size: int, outcome: Outcome) -> None:
    """Publish one audit and attack it."""
    draw = np.random.default_rng([seed, 7])
    number = int(draw.choice(QUARTERS))
    rates = tuple(float(rate) for rate in draw.choice(RATES, len(PROVIDERS)))
    shares = draw.choice([0.1, 0.5, 0.8, 1.0], 2)
    tables = tables_of(seed, people(seed, number, rates), float(shares[0]), float(shares[1]))
    controlled = control(tables, LISTED, profile)
    attacker = attacker_of(profile, number, [dict(controlled.tables)])
    cells = small_hidden(attacker, tables, profile)
    outcome.audits += 1
    outcome.hidden += len(cells)
    outcome.unprotected += controlled.unprotected
    for cell, (least, most) in attacker.intervals(
        sample(cells, seed, size), whole_numbers=True
    ).items():
        outcome.attacked += 1
        top = profile.small_to if most is None else min(most, profile.small_to)
        outcome.wrong += not least <= cells[cell] <= top
        outcome.told += most is not None and least == most
        outcome.narrow += top - least < 2
        if most is not None and least == most:
            click.echo(f"{profile.name}, audit {seed}: {' '.join(cell)} is {least}", err=True)


@click.command()
@click.option("--profile", "names", multiple=True, help="Every profile when not given.")
@click.option("--audits", default=20, show_default=True, help="Made-up audits a profile.")
@click.option("--counts", default=12, show_default=True, help="Hidden counts attacked an audit.")
@click.option("--first", default=0, show_default=True, help="Seed of the first audit.")
def main(names: tuple[str, ...], audits: int, counts: int, first: int) -> None:
    """Attack made-up audits, and end with 1 when a count is told."""
    told = 0
    click.echo("| profile | audits | small counts hidden | attacked | told | two values left |")
    click.echo("|---|---|---|---|---|---|")
    for name in names or sorted(load_profiles()):
        outcome = Outcome()
        for seed in range(first, first + audits):
            attack_audit(load_profile(name), seed, counts, outcome)
        told += outcome.told + outcome.wrong
        click.echo(
            f"| {name} | {outcome.audits} | {outcome.hidden:,} | {outcome.attacked:,} "
            f"| {outcome.told} | {outcome.narrow - outcome.told} |"
        )
    sys.exit(1 if told else 0)


if __name__ == "__main__":
    main()
