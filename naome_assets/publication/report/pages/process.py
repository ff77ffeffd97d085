"""Quarter by quarter: each nation against itself, between process limits."""

from __future__ import annotations

from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits import process
from naome_assets.publication.report.links import PATHS
from naome_assets.publication.report.pages.page import Page, crumbs


def page(edition: Edition) -> Page:
    """A section for each nation that has quarters enough."""
    words = edition.words
    return Page(
        PATHS["process"],
        "process.jinja",
        words("process.title"),
        {
            "least": str(process.LEAST_QUARTERS),
            "sections": [
                (place.code, edition.name(place), exhibits)
                for place in edition.places.national
                if (exhibits := process.of_nation(edition, place))
            ],
        },
        crumbs=crumbs(edition),
    )
