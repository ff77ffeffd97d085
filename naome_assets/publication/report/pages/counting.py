"""The page on how many people live with MBC by each method of finding them."""

from __future__ import annotations

from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits import by_method
from naome_assets.publication.report.links import PATHS
from naome_assets.publication.report.pages.page import Page, crumbs


def page(edition: Edition) -> Page:
    """The headline by method, the bridge from one to the next, and what it rests on."""
    return Page(
        PATHS["counting"],
        "counting.jinja",
        edition.words("counting.title"),
        {
            "date": edition.words.date(edition.figures.quarter.last_day),
            "headline": by_method.headline(edition),
            "absent": by_method.absent(edition),
            "bridges": by_method.bridges(edition),
            "trends": by_method.trends(edition),
            "uncounted": by_method.uncounted(edition),
            "data": by_method.data(edition),
        },
        crumbs=crumbs(edition),
    )
