"""What a page is, and what several families of pages say in the same way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits.exhibit import Exhibit
from naome_assets.publication.report.figures import ENGLAND_AND_WALES
from naome_assets.publication.report.links import PATHS
from naome_assets.publication.report.measures import CNS
from naome_assets.publication.report.places import Place

#: A page above another one: words and path.
Crumb = tuple[str, str]


@dataclass(frozen=True)
class Page:
    """A page within the pages of a language."""

    path: str
    template: str
    title: str
    values: Mapping[str, Any] = field(default_factory=dict)
    crumbs: Sequence[Crumb] = ()
    #: Whether what is taken away of its charts is one archive, not a file for each.
    is_archived: bool = False

    @property
    def exhibits(self) -> list[Exhibit]:
        """Its charts, in the order of its values; each once."""
        return list({own.key: own for own in _exhibits(self.values)}.values())


def _exhibits(held: object) -> Iterator[Exhibit]:
    if isinstance(held, Exhibit):
        yield held
    elif isinstance(held, Mapping):
        for own in held.values():
            yield from _exhibits(own)
    elif isinstance(held, (list, tuple)):
        for own in held:
            yield from _exhibits(own)


def crumbs(edition: Edition, *keys: str) -> list[Crumb]:
    """The first page, and those below it by their keys under ``nav``."""
    return [(edition.words(f"nav.{key}"), PATHS[key]) for key in ("home", *keys)]


def window(edition: Edition, period: str) -> str:
    """The window of the published quarter in words, with its length and its months."""
    words = edition.words
    span = words.window(edition.figures.quarter, period)
    return words("period.dated", length=words(f"period.{period}"), span=span)


def incomplete(edition: Edition, place: Place) -> str:
    """That the window of a place begins before the data; empty where it does not."""
    row = edition.compared(place, CNS)
    if row is None or bool(row.get("complete", True)):
        return ""
    first = edition.words.date(edition.figures.first_quarter.first_day)
    return edition.words("period.incomplete", first=first)


def provider_links(edition: Edition, nation: Place | None = None) -> list[tuple[str, str, str]]:
    """Name, page and code of each provider, of a nation or of both, by name."""
    places = edition.places
    if nation is not None and nation.key == ENGLAND_AND_WALES:
        nation = None
    return sorted(
        (edition.name(place), place.path, place.code)
        for place in places.providers
        if nation is None or places.nation_of(place) is nation
    )
