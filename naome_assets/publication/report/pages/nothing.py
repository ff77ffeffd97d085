"""The first page of an audit without data."""

from __future__ import annotations

from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.links import PATHS
from naome_assets.publication.report.pages.page import Page


def page(edition: Edition) -> Page:
    """That there is nothing to show, of which quarters."""
    figures, words = edition.figures, edition.words
    quarters = words(
        "nothing.quarters",
        first=words.date(figures.first_quarter.first_day),
        last=words.date(figures.quarter.last_day),
    )
    return Page(PATHS["home"], "nothing.jinja", words("nothing.title"), {"quarters": quarters})
