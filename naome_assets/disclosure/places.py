"""The places whose counts are published, and which is a part of which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from naome_assets.contract.dimensions import ENGLAND, NATION, TOGETHER
from naome_assets.disclosure.suppression import Flags, Integers

#: So many providers of a nation keep one another from being its exact figures.
_ENOUGH_PROVIDERS = 3


@dataclass(frozen=True)
class Places:
    """Nations, alliances and providers, each with the place that it is a part of."""

    codes: tuple[str, ...]
    types: tuple[str, ...]
    names: tuple[str, ...]
    parents: tuple[int, ...]
    #: Whether a place has a row anywhere; the others are listed, and have nobody.
    has_rows: Flags

    @property
    def number(self) -> dict[str, int]:
        """Number of a place by its code."""
        return {code: number for number, code in enumerate(self.codes)}

    @property
    def is_national(self) -> Flags:
        """Whether a place is a nation."""
        return np.array([type_ == NATION for type_ in self.types])

    def nations(self) -> Integers:
        """The nation of each place, -1 for none; a nation is its own."""
        nation = np.arange(len(self.codes))
        for _ in set(self.types):  # As many steps up as there are kinds of places, at the most.
            nation = np.array([self.parents[n] if self.parents[n] >= 0 else n for n in nation])
        return np.where(self.is_national[nation], nation, -1)

    def families(self) -> Integers:
        """A row a parent: its number, then its children's, -1 for none."""
        children: dict[int, list[int]] = {}
        for child, parent in enumerate(self.parents):
            if parent >= 0:
                children.setdefault(parent, []).append(child)
        width = max((len(own) for own in children.values()), default=0)
        return np.array(
            [
                [parent, *own, *([-1] * (width - len(own)))]
                for parent, own in sorted(children.items())
            ],
            dtype=np.int64,
        ).reshape(len(children), width + 1)


def places_of(
    frames: Sequence[pd.DataFrame], listed: pd.DataFrame, providers: Mapping[str, Sequence[str]]
) -> Places:
    """The places of tables.

    Where fewer than three providers of a nation have rows, its exact figures would tell theirs:
    then the listed ones without rows are places too, and a 0 there can protect the others.

    Args:
        frames: tables with geography_type, geography_code and geography_name.
        listed: providers with provider_code, provider_name and cancer_alliance_code, as in
            ``organisation``.
        providers: codes of nations, each with the providers that it lists (ruling E1); those of no
            list are England's.
    """
    columns = ["geography_type", "geography_code", "geography_name"]
    with_rows = pd.concat([frame[columns] for frame in frames]).drop_duplicates("geography_code")
    known = with_rows[with_rows["geography_type"] != TOGETHER]
    nation_of = {provider: nation for nation, own in providers.items() for provider in own}
    for own in filter(None, providers.values()):
        if known["geography_code"].isin(own).sum() < _ENOUGH_PROVIDERS:
            absent = listed[
                listed["provider_code"].isin(own)
                & ~listed["provider_code"].isin(known["geography_code"])
            ]
            absent = absent[["provider_code", "provider_name"]].set_axis(columns[1:], axis=1)
            known = pd.concat([known, absent.assign(geography_type="provider")])
    known = known.sort_values(columns[:2])
    codes = [str(code) for code in known["geography_code"]]
    types = [str(type_) for type_ in known["geography_type"]]
    number = {code: index for index, code in enumerate(codes)}
    alliances = dict(zip(listed["provider_code"], listed["cancer_alliance_code"], strict=True))

    def parent(code: str, type_: str) -> int:
        if type_ == NATION:
            return -1
        if type_ == "provider" and code in nation_of:
            return number.get(nation_of[code], -1)
        alliance = alliances.get(code) if type_ == "provider" else None
        return number.get(str(alliance), number.get(ENGLAND, -1))

    return Places(
        tuple(codes),
        tuple(types),
        tuple(str(name) for name in known["geography_name"]),
        tuple(parent(code, type_) for code, type_ in zip(codes, types, strict=True)),
        known["geography_code"].isin(with_rows["geography_code"]).to_numpy(bool),
    )
