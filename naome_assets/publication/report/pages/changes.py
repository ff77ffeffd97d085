"""The page on what changed since the publication before."""

from __future__ import annotations

from typing import Any

from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits import changes
from naome_assets.publication.report.links import PATHS
from naome_assets.publication.report.pages.page import Page, crumbs


def page(edition: Edition) -> Page:
    """Figures of earlier quarters that changed; that there are none, or nothing to compare with."""
    words = edition.words
    return Page(
        PATHS["changes"],
        "changes.jinja",
        words("changes.title"),
        _values(edition),
        crumbs=crumbs(edition),
    )


def _values(edition: Edition) -> dict[str, Any]:
    figures, words = edition.figures, edition.words
    if not figures.vintage_before:
        return {"lede": words("changes.first")}
    vintages = {
        "before": words.vintage(figures.vintage_before),
        "now": words.vintage(figures.statement.vintage),
    }
    if not len(figures.changes):
        return {"lede": words("changes.none", **vintages)}
    return {
        "lede": words("changes.lede", count=f"{len(figures.changes):,}", **vintages),
        "reasons": changes.reasons(edition),
        "by_table": changes.by_table(edition),
        "national": changes.national(edition),
        "by_place": changes.by_place(edition, PATHS["changes"]),
    }
