"""The page beyond the audit (experimental): projections, and people whom no source names."""

from __future__ import annotations

from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits.capture import capture
from naome_assets.publication.report.exhibits.projection import back_tests, projections
from naome_assets.publication.report.links import PATHS
from naome_assets.publication.report.pages.page import Page, crumbs


def page(edition: Edition) -> Page:
    """Projections with their tests, and recurrent disease by source."""
    return Page(
        PATHS["beyond"],
        "beyond.jinja",
        edition.words("beyond.title"),
        {
            "projections": projections(edition),
            "tests": back_tests(edition),
            "capture": capture(edition),
        },
        crumbs=crumbs(edition),
    )
