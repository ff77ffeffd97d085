"""The pages of trusts, health boards and alliances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from naome_assets.contract.dimensions import COMPARED_PERIOD
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits import measures, prevalence, treatment
from naome_assets.publication.report.exhibits.exhibit import Exhibit, present
from naome_assets.publication.report.exhibits.funnel import Funnels
from naome_assets.publication.report.exhibits.quality import completeness, grades_note, weak_items
from naome_assets.publication.report.links import PATHS
from naome_assets.publication.report.pages.comparisons import (
    case_mix_table,
    in_short,
    measure_table,
    place_table,
    with_larger,
)
from naome_assets.publication.report.pages.headlines import headlines
from naome_assets.publication.report.pages.page import Page, crumbs, incomplete, window
from naome_assets.publication.report.places import Place


def pages(edition: Edition, funnels: Funnels, siblings: Sequence[Place]) -> list[Page]:
    """A page for each place of a type; each leads to the one before it and the one after it."""
    row = [None, *siblings, None]
    return [
        _page(edition, funnels, row[at], place, row[at + 2]) for at, place in enumerate(siblings)
    ]


def _page(
    edition: Edition, funnels: Funnels, previous: Place | None, place: Place, next_: Place | None
) -> Page:
    words, places = edition.words, edition.places
    is_provider = place.type == "provider"
    parent = "providers" if is_provider else "alliances"
    alliance = places.alliance_of(place)
    members = [] if is_provider else places.grouped_providers().get(place.key, [])
    compared = _compared(edition, funnels, place)
    return Page(
        place.path,
        "place.jinja",
        edition.name(place),
        {
            "lede": words("place_page.lede", span=window(edition, COMPARED_PERIOD)),
            "incomplete": incomplete(edition, place),
            "all_places": PATHS[parent],
            "above": _link(edition, alliance or places.nation_of(place)),
            "includes": _includes(edition, place),
            "headlines": headlines(edition, place),
            "in_short": in_short(edition, place),
            "glance": measure_table(edition, edition.measures, place),
            "compared": compared,
            "trends": _trends(edition, place),
            "treatment": treatment.of_place(edition, place),
            "case_mix": case_mix_table(edition, place),
            "quality": completeness(edition, place),
            "weak": weak_items(edition, place),
            "grades": grades_note(edition),
            "members": place_table(edition, members, place.path) if members else None,
            "previous": _link(edition, previous),
            "next": _link(edition, next_),
        },
        crumbs=[
            *crumbs(edition, parent),
            *([(edition.name(alliance), alliance.path)] if alliance else []),
        ],
        is_archived=True,
    )


def _link(edition: Edition, place: Place | None) -> dict[str, str] | None:
    return None if place is None else {"name": edition.name(place), "path": place.path}


def _includes(edition: Edition, place: Place) -> str:
    """Which trusts of before count here; empty where none does."""
    words = edition.words
    named = [
        words("place_page.predecessor", code=own.code, date=words.date(own.succeeded_on))
        for own in edition.places.predecessors_of(place)
    ]
    return words("place_page.includes", predecessors="; ".join(named)) if named else ""


def _compared(edition: Edition, funnels: Funnels, place: Place) -> list[dict[str, Any]]:
    """A section for each measure that the place has: with larger places, and in the funnel."""
    sections, words = [], edition.words
    for measure in edition.measures:
        if edition.compared(place, measure) is None:
            continue
        pair = present(
            [
                measures.comparison(edition, with_larger(edition, place), place, measure),
                funnels.own(place, measure),
            ]
        )
        if pair:
            sections.append(
                {
                    "key": measure.key,
                    "title": edition.title(measure),
                    "grade": words("place_page.grade", grade=edition.grade(place, measure)),
                    "standard": edition.held_against(place, measure),
                    "notes": edition.notes(measure),
                    "exhibits": pair,
                }
            )
    return sections


def _trends(edition: Edition, place: Place) -> list[Exhibit]:
    """What is followed over time, without the notes of measures that their sections have."""
    known = {
        note
        for measure in edition.measures
        if edition.compared(place, measure) is not None
        for note in edition.notes(measure)
    }
    trends = present([prevalence.trend(edition, place), *measures.of_place(edition, place)])
    return [
        replace(trend, notes=[note for note in trend.notes if note not in known])
        for trend in trends
    ]
