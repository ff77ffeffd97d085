"""The pages of the report, a module for each family: which exhibits a page has, in which order.

A page is the values of its template; nothing is drawn here but by :mod:`..exhibits`.
"""

from __future__ import annotations

from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits.funnel import Funnels
from naome_assets.publication.report.pages import (
    annual,
    beyond,
    changes,
    counting,
    data,
    methods,
    national,
    nothing,
    outliers,
    overview,
    patients,
    place,
    process,
    quality,
    recommendations,
    sheets,
    uk,
)
from naome_assets.publication.report.pages.page import Page

__all__ = ["Page", "all_pages", "data", "outliers"]


def all_pages(edition: Edition) -> list[Page]:
    """Every page; of an audit without data, one that says so and those without figures."""
    places, funnels = edition.places, Funnels(edition)
    if places.national:
        pages = [national.page(edition, nation) for nation in places.national]
        pages += [overview.alliances(edition, funnels), overview.providers(edition, funnels)]
        pages += [annual.page(edition), process.page(edition), counting.page(edition)]
        pages += [quality.page(edition), patients.page(edition), sheets.page(edition)]
        pages += [recommendations.page(edition)]
    else:
        pages = [nothing.page(edition)]
    pages += [changes.page(edition), methods.page(edition), beyond.page(edition), uk.page(edition)]
    for siblings in (places.alliances, places.providers):
        pages += place.pages(edition, funnels, siblings)
    return pages
