"""The page on the quality of the data."""

from __future__ import annotations

from dataclasses import replace

from naome_assets.contract.dimensions import FOLLOWED_PERIOD
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits.exhibit import text_table
from naome_assets.publication.report.exhibits.quality import completeness, grid
from naome_assets.publication.report.figures import RECURRENT_SHARE_MINIMUM
from naome_assets.publication.report.html_tables import Table
from naome_assets.publication.report.links import PATHS
from naome_assets.publication.report.pages.page import Page, crumbs, window


def page(edition: Edition) -> Page:
    """How well items are recorded, by provider and nation, and the share that is recurrent."""
    words, path = edition.words, PATHS["quality"]
    return Page(
        path,
        "quality.jinja",
        words("quality.page_title"),
        {
            "lede": words("quality.lede", span=window(edition, FOLLOWED_PERIOD)),
            "national": [
                replace(exhibit, title=edition.name(place))
                for place in edition.places.national
                if (exhibit := completeness(edition, place)) is not None
            ],
            "grid": grid(edition, path),
            "minimum": f"{RECURRENT_SHARE_MINIMUM:.0f}",
            "recurrent": _recurrent(edition),
        },
        crumbs=crumbs(edition),
    )


def _recurrent(edition: Edition) -> Table:
    words = edition.words
    body = []
    for place in edition.places.national:
        share = edition.figures.recurrent_share(place.key)
        text = words("none.short") if share is None else f"{share:.1f}%"
        body.append([edition.name(place), text])
    head = [words("table.place"), words("quality.recurrent_of_living")]
    return text_table(words("quality.recurrent_title"), head, body)
