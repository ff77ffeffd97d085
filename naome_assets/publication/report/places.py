"""The places that have a page: nations, alliances and providers."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from naome_assets.contract.dimensions import ENGLAND, NATION, WITHOUT_ALLIANCES, named_by
from naome_assets.publication.report.figures import ENGLAND_AND_WALES, NATIONS, Figures, Key
from naome_assets.publication.report.links import PATHS
from naome_assets.reference import seed_path

_FILES = {
    ENGLAND_AND_WALES: PATHS["home"],
    **{key: PATHS[named_by(nation)] for nation, key in NATIONS.items()},
}


@dataclass(frozen=True)
class Place:
    """A place with figures; a provider in England has an alliance, in Wales it has none."""

    type: str
    code: str
    name: str
    nation: str = ""
    alliance: str = ""

    @property
    def key(self) -> Key:
        """As the tables name it."""
        return (self.type, self.code)

    @property
    def path(self) -> str:
        """Its page within the pages of a language."""
        folder = {"cancer_alliance": "alliances", "provider": "providers"}.get(self.type)
        return f"{folder}/{self.code}.html" if folder else _FILES[self.key]


@dataclass(frozen=True)
class Predecessor:
    """A trust that became part of another; what it sent counts for that one (ruling E3)."""

    code: str
    succeeded_on: dt.date


class Places:
    """All places of a publication, in the order of their names."""

    def __init__(self, figures: Figures) -> None:
        """Take the places from the tables, and who belongs where from the reference data."""
        with seed_path("provider").open(encoding="utf-8", newline="") as file:
            provider = {row["code"]: row for row in csv.DictReader(file)}
        self._predecessors = _predecessors()
        self._places = {
            key: Place(
                key[0],
                key[1],
                name,
                nation=provider.get(key[1], {}).get("nation", ""),
                alliance=provider.get(key[1], {}).get("cancer_alliance_code", ""),
            )
            for key, name in figures.places().items()
        }

    def get(self, key: Key) -> Place | None:
        """A place by its key, None when it has no figures."""
        return self._places.get(key)

    def _of_type(self, type_: str) -> list[Place]:
        found = [place for place in self._places.values() if place.type == type_]
        return sorted(found, key=lambda place: (place.name, place.code))

    @cached_property
    def national(self) -> list[Place]:
        """England and Wales, England, Wales."""
        return [self._places[key] for key in _FILES if key in self._places]

    @cached_property
    def alliances(self) -> list[Place]:
        """Cancer alliances, all in England (ruling E4)."""
        return self._of_type("cancer_alliance")

    @cached_property
    def providers(self) -> list[Place]:
        """Trusts and health boards."""
        return self._of_type("provider")

    def alliance_of(self, place: Place) -> Place | None:
        """The alliance of a provider."""
        return self.get(("cancer_alliance", place.alliance)) if place.alliance else None

    def predecessors_of(self, place: Place) -> list[Predecessor]:
        """The trusts that became part of a provider, also by way of another, earliest first."""
        return self._predecessors.get(place.code, []) if place.type == "provider" else []

    def nation_of(self, place: Place) -> Place | None:
        """The nation of a provider or alliance; of a provider that is not listed none is known."""
        if place.type == "cancer_alliance":
            return self.get((NATION, ENGLAND))
        return self.get(NATIONS.get(place.nation, ("", "")))

    def grouped_providers(self) -> Mapping[Key, list[Place]]:
        """Providers under their alliance, or under a nation that has none.

        Those not listed are under ``("", "")``.
        """
        groups: dict[Key, list[Place]] = {alliance.key: [] for alliance in self.alliances}
        groups |= {(NATION, code): [] for code in WITHOUT_ALLIANCES}
        groups["", ""] = []
        for place in self.providers:
            alliance = self.alliance_of(place)
            key = alliance.key if alliance else ("", "")
            nation = NATIONS.get(place.nation)
            groups[nation if nation in groups else key].append(place)
        return {key: members for key, members in groups.items() if members}


def _predecessors() -> dict[str, list[Predecessor]]:
    """Of each provider of today."""
    found: dict[str, list[Predecessor]] = {}
    with seed_path("provider_succession").open(encoding="utf-8", newline="") as file:
        for row in sorted(
            csv.DictReader(file), key=lambda row: (row["effective"], row["predecessor"])
        ):
            predecessor = Predecessor(row["predecessor"], dt.date.fromisoformat(row["effective"]))
            found.setdefault(row["final_successor"], []).append(predecessor)
    return found
