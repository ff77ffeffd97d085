"""Attack made-up audits with everything that is published, and print what is found.

``python -m naome_tests.disclosure.attack --profile nhs_england_hes --audits 20``
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from naome_assets.disclosure.control import control
from naome_assets.disclosure.suppression import Profile, load_profile, load_profiles
from naome_tests.disclosure.attacker import LOCAL
from naome_tests.disclosure.count_reader import COUNTS, rows_of
from naome_tests.disclosure.full_world import Audit, Numbers
from naome_tests.disclosure.late_reader import LateReader, atoms_of
from naome_tests.disclosure.living_world import DIMENSIONS
from naome_tests.disclosure.programme import Programme, joined
from naome_tests.disclosure.reader import Reader
from naome_tests.disclosure.search import SECONDS, Search
from naome_tests.disclosure.world import (
    ENGLAND,
    PROVIDERS,
    WALES,
    Providers,
    listed,
    quarters,
    with_boards,
)


@dataclass
class Findings:
    """What attacks on audits found."""

    audits: int = 0
    attacked: int = 0
    unprotected: int = 0
    out_of_time: int = 0
    told: list[str] = field(default_factory=list)

    def line(self, profile: str, seconds: float) -> str:
        """The figures so far."""
        return (
            f"{profile}: {self.audits} audits, {self.attacked} hidden small counts attacked, "
            f"{len(self.told)} told, {self.unprotected} reported as unprotected, "
            f"{self.out_of_time} searches out of time, {seconds:.0f} s"
        )


RATES = (0.0, 0.3, 1.0, 2.0, 3.0, 5.0, 9.0, 20.0)


_NATIONS = {"wales": (WALES,), "england": (ENGLAND,), "both": (WALES, ENGLAND)}


@dataclass(frozen=True)
class Prey:
    """What is attacked: what readers know, and what is so.

    Attributes:
        programme: what is known.
        small: hidden small counts by name (column and place first): their unknowns, and the count.
        world: true values of the unknowns.
        owners: the provider whose unknown each is.
    """

    programme: Programme
    small: Mapping[tuple[str, ...], tuple[list[int], int]]
    world: Numbers
    owners: Numbers

    @classmethod
    def of(cls, reader: Reader, audit: Audit) -> Prey:
        """Of what a reader has read of an audit."""
        number = len(reader.attacker.quarters)
        atoms = [audit.atoms(name).ravel() for name in reader.names]
        who = np.arange(len(reader.providers))
        owners = np.tile(np.repeat(who, 2 * number), len(reader.names))
        return cls(
            reader.programme,
            _small_hidden(reader, audit.tables()),
            np.concatenate([*atoms, audit.living.ravel()]),
            np.concatenate([owners, np.repeat(who, audit.living[0].size)]),
        )

    def and_later(self, later: Prey, same: Sequence[tuple[int, int]]) -> Prey:
        """With a later publication of more people: nobody has gone.

        Args:
            later: what the same readers know of that, in unknowns of its own.
            same: unknowns of this one and of the later that count the same people.
        """
        programme, (mine, others) = joined(self.programme, later.programme)
        for before, after in same:
            programme.add({others[after]: 1.0, mine[before]: -1.0}, 0.0, np.inf)
        moved = {
            (*name, "later"): ([others[atom] for atom in atoms], count)
            for name, (atoms, count) in later.small.items()
        }
        return Prey(
            programme,
            {**self.small, **moved},
            np.concatenate([self.world, later.world]),
            np.concatenate([self.owners, later.owners]),
        )


def _two_quarters(
    audit: Audit, profile: Profile, before: Profile, findings: Findings, *, nurses: bool
) -> Prey:
    """An audit that is published twice, a quarter apart."""
    number, providers = audit.number, audit.hospitals.providers
    first = control(audit.tables(number - 1), listed(providers), before)
    second = control(audit.tables(), listed(providers), profile, first.tables)
    findings.unprotected += second.unprotected
    published = [(before, first.tables), (profile, second.tables)]
    return Prey.of(Reader(quarters(number), published, providers, nurses=nurses), audit)


def _late_records(
    audit: Audit, late: Audit, profile: Profile, before: Profile, findings: Findings
) -> Prey:
    """An audit that is published twice, with a few people more in the same quarters."""
    names, providers = quarters(audit.number), audit.hospitals.providers
    first = control(audit.tables(), listed(providers), before)
    reader = Reader(names, [(before, first.tables)], providers)
    prey = Prey.of(reader, audit)
    audit.add(late)
    second = control(audit.tables(), listed(providers), profile, first.tables)
    findings.unprotected += second.unprotected
    again = Reader(names, [(profile, second.tables)], providers)
    return prey.and_later(Prey.of(again, audit), list(reader.same_as(again)))


def attack_late_records(
    profile: Profile,
    seed: int,
    findings: Findings,
    late: float,
    nations: Sequence[str] = (WALES, ENGLAND),
    number: int = 13,
) -> None:
    """Publish the same quarters twice, a few people more the second time; kind by kind.

    Args:
        profile: the rules of both; what they call small is attacked.
        seed: of the audit.
        findings: added to.
        late: people a provider and quarter who are in the second publication alone.
        nations: whose counts are attacked.
        number: of quarters.
    """
    draw = np.random.default_rng(seed)
    audit = Audit(seed, tuple(draw.choice(RATES, size=len(PROVIDERS))), number)
    true, atoms = [audit.tables()], [atoms_of(audit)]
    first = control(true[0], listed(PROVIDERS), profile)
    audit.add(Audit(seed + 1, (late,), number))
    true, atoms = [*true, audit.tables()], [*atoms, atoms_of(audit)]
    second = control(true[1], listed(PROVIDERS), profile, first.tables)
    findings.unprotected += second.unprotected
    findings.audits += 1
    reader = LateReader([first.tables, second.tables], true, profile, PROVIDERS, number)
    for name, search in (*reader.kinds(atoms), *reader.living()):
        own = np.zeros(len(search.told()), bool)
        for nation in nations:
            members = [n for n, above in enumerate(PROVIDERS.values()) if nation in above]
            search.run(members)
            own |= search.near[:, members].any(axis=1)
        findings.attacked += int(own.sum())
        findings.out_of_time += search.out_of_time
        findings.told += [f"{seed}: {name}"] * int((own & search.told()).sum())


def attack_audit(
    profile: Profile,
    seed: int,
    findings: Findings,
    number: int = 13,
    nations: Sequence[str] = (WALES, ENGLAND),
    before: Profile | None = None,
    providers: Providers = PROVIDERS,
    late: float | None = None,
    seconds: float = SECONDS,
    *,
    nurses: bool = False,
) -> None:
    """Publish an audit twice and attack every hidden small count of nations.

    Args:
        profile: the rules; what they call small is attacked.
        seed: of the audit.
        findings: added to.
        number: of quarters.
        nations: whose counts are attacked.
        before: the rules of the first publication, if others.
        providers: with the places above each.
        late: people a provider and quarter who are in the second publication alone, of the same
            quarters; without it the second is of a quarter more.
        seconds: for each search.
        nurses: whether readers take every patient to have a record in the quarter of the MBC date,
            which is mostly so and is nowhere.
    """
    draw = np.random.default_rng(seed)
    rates = tuple(draw.choice(RATES, size=len(providers)))
    audit = Audit(seed, rates, number, providers)
    if late is None:
        prey = _two_quarters(audit, profile, before or profile, findings, nurses=nurses)
    else:
        more = Audit(seed + 1, (late,), number, providers)
        prey = _late_records(audit, more, profile, before or profile, findings)
    findings.audits += 1
    places = {own for own, above in providers.items() if set(above) & set(nations)}
    places |= {place for own in places for place in providers[own]}
    small = {name: own for name, own in prey.small.items() if name[1] in places}
    cells = [atoms for atoms, _ in small.values()]
    search = Search(prey.programme, cells, prey.world, prey.owners, seconds)
    # Nothing but the models of case mix joins the nations.
    for nation in nations:
        search.run([n for n, above in enumerate(providers.values()) if nation in above])
    findings.attacked += len(small)
    findings.out_of_time += search.out_of_time
    for (name, (_, count)), is_told in zip(small.items(), search.told(), strict=True):
        if is_told:
            findings.told.append(f"{seed}: {' '.join(name)} = {count}")


def _small_hidden(
    reader: Reader, true: Mapping[str, pd.DataFrame]
) -> dict[tuple[str, ...], tuple[list[int], int]]:
    """Small counts that no publication shows: the unknowns of each, and its true value.

    A name begins with the column and the place.
    """
    small: dict[tuple[str, ...], tuple[list[int], int]] = {}
    shown = {cell for cell, _, _ in reader.attacker.known}
    for table, (kind, columns) in COUNTS.items():
        for name, own in rows_of(true[table], kind):
            for row in own[own["geography_type"].isin(LOCAL)].to_dict("records"):
                for column in columns:
                    cell = (
                        f"{table}.{name}.{column}",
                        *(row[n] for n in ("geography_code", "presentation", "quarter", "period")),
                    )
                    hides = cell in reader.attacker.hidden and cell not in shown
                    if hides and 1 <= row[column] <= reader.profile.small_to:
                        small[cell] = reader.atoms(cell), int(row[column])
    prevalence = true["prevalence"]
    keys = prevalence[["geography_code", *DIMENSIONS, "quarter"]]
    for key, people in zip(
        keys.itertuples(index=False, name=None), prevalence["people"], strict=True
    ):
        if key in reader.living.hidden and 1 <= people <= reader.profile.small_to:
            small["prevalence.people", *key] = reader.living.atoms(key), int(people)
    return small


def main() -> None:
    """Print a line for each count that is told, and the figures of the whole attack."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", default="nhs_england_hes", choices=sorted(load_profiles()))
    parser.add_argument("--audits", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0, help="first seed")
    parser.add_argument(
        "--nation", choices=sorted(_NATIONS), default="both", help="whose counts are attacked"
    )
    parser.add_argument(
        "--before", choices=sorted(load_profiles()), help="profile of the first publication"
    )
    parser.add_argument(
        "--late", type=float, help="people a provider and quarter who come with late records"
    )
    parser.add_argument(
        "--alone",
        action="store_true",
        help="late records, one kind of row at a time: weaker and quick",
    )
    parser.add_argument(
        "--nurses", action="store_true", help="hold records of nurses against patients"
    )
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for each search")
    parser.add_argument("--boards", type=int, default=3, help="boards of Wales, up to seven")
    asked = parser.parse_args()
    earlier = load_profile(asked.before) if asked.before else None
    profile, findings, began = load_profile(asked.profile), Findings(), time.monotonic()
    for seed in range(asked.seed, asked.seed + asked.audits):
        told_before = len(findings.told)
        if asked.alone:
            attack_late_records(profile, seed, findings, asked.late or 0.1, _NATIONS[asked.nation])
        else:
            attack_audit(
                profile,
                seed,
                findings,
                nations=_NATIONS[asked.nation],
                before=earlier,
                providers=with_boards(asked.boards),
                late=asked.late,
                seconds=asked.seconds,
                nurses=asked.nurses,
            )
        for told in findings.told[told_before:]:
            print(f"told: {told}", flush=True)
        print(findings.line(profile.name, time.monotonic() - began), flush=True)


if __name__ == "__main__":
    main()
