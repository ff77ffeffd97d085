"""A reader of people by method, who wants to know how many a wider method adds at a place.

It shares no code with disclosure control. Unknown are, of each provider and quarter, the people of
`registry` and those whom each wider method adds. Nations are exact, places rounded or hidden, and a
place without a row has nobody. Whole numbers only: all sums of a quarter are asked at once.

    python -m naome_tests.disclosure.method_reader --profile under_5 --worlds 40 --seed 1
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from naome_assets.disclosure.methods import decide_methods, publish_methods
from naome_assets.disclosure.places import Places, places_of
from naome_assets.disclosure.prevalence import publish_prevalence
from naome_assets.disclosure.prevalence_counts import decide_living
from naome_assets.disclosure.slices import Decisions
from naome_assets.disclosure.suppression import Profile, load_profile

if TYPE_CHECKING:
    from naome_assets.disclosure.windows import Windows

METHODS = ("registry", "registry_hospital", "registry_hospital_broad")
#: What a wider method adds to a narrower one: numbers of the unknowns that it is the sum of.
ADDED: Mapping[str, tuple[int, ...]] = {
    "registry_hospital less registry": (1,),
    "broad less registry_hospital": (2,),
    "broad less registry": (1, 2),
}
WALES = ("7A1", "7A2", "7A3", "7A4", "7A5", "7A6", "7A7")
#: Alliances of England with their providers.
ENGLAND = {
    "E56000010": ("R0A", "RAJ", "RAL"),
    "E56000011": ("RAN", "RAS", "RAX", "RBD"),
    "E56000012": ("RBK", "RBN", "RBQ"),
}
NATION = {
    "W92000004": WALES,
    "E92000001": tuple(own for group in ENGLAND.values() for own in group),
}
#: Every place with its providers.
PLACES: Mapping[str, tuple[str, ...]] = {
    **NATION,
    **ENGLAND,
    **{own: (own,) for providers in NATION.values() for own in providers},
}
PROVIDERS = tuple(own for providers in NATION.values() for own in providers)


def type_of(place: str) -> str:
    if place in NATION:
        return "nation"
    return "cancer_alliance" if place in ENGLAND else "provider"


@dataclass(frozen=True)
class World:
    """True counts, [quarter, provider, unknown]: `registry`, and what each wider method adds."""

    true: np.ndarray
    quarters: tuple[str, ...]

    @classmethod
    def drawn(cls, seed: int, quarters: int = 3) -> World:
        """Places of any size, of which hospital data add few."""
        rng = np.random.default_rng(seed)
        size = rng.choice([0, 3, 12, 40, 150], len(PROVIDERS), p=[0.05, 0.15, 0.3, 0.3, 0.2])
        added = rng.choice([0.02, 0.3, 1, 6], (2, len(PROVIDERS)), p=[0.6, 0.25, 0.1, 0.05])
        means = np.stack([size, *added], axis=1)
        names = tuple(f"2024-Q{number}" for number in range(1, quarters + 1))
        return cls(rng.poisson(means, (quarters, *means.shape)), names)

    def prevalence(self) -> pd.DataFrame:
        """The table with the totals of every place, without those of nobody."""
        rows = [
            {
                "quarter": quarter,
                "index_date": "",
                "geography_type": type_of(place),
                "geography_code": place,
                "geography_name": place,
                "method": method,
                "sex": "all",
                "age_band": "all",
                "presentation": "all",
                "years_since_mbc": "all",
                "people": people,
                "notes": "",
            }
            for number, quarter in enumerate(self.quarters)
            for place, providers in PLACES.items()
            for reach, method in enumerate(METHODS, 1)
            if (people := int(self._of(number, providers)[:reach].sum()))
        ]
        return pd.DataFrame(rows)

    def added(self, quarter: int, place: str, unknowns: Sequence[int]) -> int:
        return int(self._of(quarter, PLACES[place])[list(unknowns)].sum())

    def _of(self, quarter: int, providers: Sequence[str]) -> np.ndarray:
        own = [PROVIDERS.index(provider) for provider in providers]
        return np.asarray(self.true[quarter, own].sum(axis=0))


def places() -> Places:
    listed = pd.DataFrame(
        [
            {"provider_code": own, "provider_name": own, "cancer_alliance_code": alliance}
            for alliance, providers in {**ENGLAND, "": WALES}.items()
            for own in providers
        ]
    )
    frame = pd.DataFrame(
        [
            {"geography_type": type_of(place), "geography_code": place, "geography_name": place}
            for place in PLACES
        ]
    )
    return places_of([frame], listed, {"W92000004": WALES})


def published(world: World, profile: Profile, *, protected: bool) -> pd.DataFrame:
    """What leaves; unprotected, small totals alone are hidden."""
    table = world.prevalence()
    registry = table[table["method"] == "registry"]
    living = decide_living(registry, Decisions(places(), cast("Windows", None)), profile)
    first = publish_prevalence(registry, living, profile)
    if protected:
        others = publish_methods(table, decide_methods(table, living, profile), profile)
        return pd.concat([first, others], ignore_index=True)
    others = table[table["method"] != "registry"].copy()
    people = others["people"].to_numpy(np.int64)
    is_local = others["geography_type"] != "nation"
    shown = pd.Series(profile.rounded(people), index=others.index, dtype="Int64")
    shown[profile.is_small(people)] = pd.NA
    others["people"] = others["people"].astype("Int64").where(~is_local, shown)
    return pd.concat([first, others], ignore_index=True)


def told(world: World, table: pd.DataFrame, profile: Profile) -> Iterator[tuple[str, bool]]:
    """Each small number of people that a method adds at a place, and whether one value is left."""
    for number, quarter in enumerate(world.quarters):
        constraint = _known(table[table["quarter"] == quarter], profile)
        for place in PLACES:
            for name, unknowns in ADDED.items():
                true = world.added(number, place, unknowns)
                if type_of(place) != "nation" and 1 <= true <= profile.small_to:
                    ends = _ends(constraint, PLACES[place], unknowns)
                    if not ends[0] <= true <= ends[1]:
                        raise AssertionError(f"{place} {quarter}: {true} is not in {ends}")
                    yield f"{quarter} {place} {name}", ends[0] == ends[1]


def _known(table: pd.DataFrame, profile: Profile) -> LinearConstraint:
    half = profile.round_to // 2
    shown = {
        (row["geography_code"], row["method"]): row["people"] for row in table.to_dict("records")
    }
    matrix, low, high = [], [], []
    for place, providers in PLACES.items():
        for reach, method in enumerate(METHODS, 1):
            people = shown.get((place, method), 0)
            if pd.isna(people):
                continue
            is_exact = type_of(place) == "nation" or people == 0
            matrix.append(_summed(providers, range(reach)))
            low.append(people if is_exact else max(people - half, profile.small_to + 1))
            high.append(people if is_exact else people + half)
    return LinearConstraint(np.stack(matrix), low, high)


def _summed(providers: Sequence[str], unknowns: Sequence[int] | range) -> np.ndarray:
    row = np.zeros((len(PROVIDERS), len(METHODS)))
    for provider in providers:
        row[PROVIDERS.index(provider), list(unknowns)] = 1
    return row.ravel()


def _ends(
    constraint: LinearConstraint, providers: Sequence[str], unknowns: Sequence[int]
) -> tuple[int, int]:
    direction = _summed(providers, unknowns)
    ends = []
    for sign in (1, -1):
        answer = milp(
            sign * direction,
            constraints=constraint,
            integrality=np.ones(len(direction)),
            bounds=Bounds(0, np.inf),
            options={"mip_rel_gap": 0},
        )
        if answer.fun is None:
            raise AssertionError(f"what is published cannot be true: {answer.message}")
        ends.append(round(sign * answer.fun))
    return ends[0], ends[1]


def attack(profile: Profile, seeds: Sequence[int], *, protected: bool) -> tuple[int, list[str]]:
    """How many small numbers were tried, and which were told."""
    tried, found = 0, []
    for seed in seeds:
        world = World.drawn(seed)
        for name, is_told in told(world, published(world, profile, protected=protected), profile):
            tried += 1
            found += [f"seed {seed} {name}"] * is_told
    return tried, found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", default="nhs_england_hes")
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    seeds = range(asked.seed, asked.seed + asked.worlds)
    for protected in (False, True):
        tried, found = attack(load_profile(asked.profile), seeds, protected=protected)
        print(f"{'with' if protected else 'without'} protection: {tried} tried, {len(found)} told")
