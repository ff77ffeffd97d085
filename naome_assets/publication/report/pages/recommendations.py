"""The page of recommendations: what, to whom, how far by year, and the figure of today."""

from __future__ import annotations

from naome_assets.contract.dimensions import COMPARED_PERIOD
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits.quality import items_of
from naome_assets.publication.report.figures import ENGLAND_AND_WALES
from naome_assets.publication.report.links import PATHS
from naome_assets.publication.report.measures import MEASURES
from naome_assets.publication.report.pages.page import Page, crumbs
from naome_assets.publication.report.recommendations import (
    Recommendation,
    read_recommendations,
)
from naome_assets.publication.team_files import team_file


def page(edition: Edition) -> Page:
    """Each recommendation of the file, the newest first.

    Raises:
        RecommendationsError: when the file breaks a rule.
    """
    held = read_recommendations(team_file("NAOME_RECOMMENDATIONS"))
    return Page(
        PATHS["recommendations"],
        "recommendations.jinja",
        edition.words("recommendations.title"),
        {
            "is_example": held.is_example,
            "entries": [
                _entry(edition, own)
                for own in sorted(held.entries, key=lambda own: -own.first_year)
            ],
        },
        crumbs=crumbs(edition),
    )


def _entry(edition: Edition, own: Recommendation) -> dict[str, object]:
    words = edition.words
    said = {
        "to": own.to[words.language],
        "first_year": str(own.first_year),
        "figure": _figure(edition, own),
        "status": "; ".join(
            f"{year}: {words(f'recommendations.statuses.{status}')}"
            for year, status in sorted(own.status.items())
        ),
    }
    return {
        "id": own.id,
        "text": own.text[words.language],
        "said": [(words(f"recommendations.{name}"), text) for name, text in said.items() if text],
    }


def _figure(edition: Edition, own: Recommendation) -> str:
    """The published figure of England and Wales that the recommendation is about."""
    words, figures = edition.words, edition.figures
    for measure in MEASURES:
        if measure.key == own.measure and figures.has(measure.table):
            row = measure.row(figures, ENGLAND_AND_WALES, COMPARED_PERIOD)
            return f"{edition.title(measure)}: {words.percent(row, measure.value)}"
    if own.item and words.has(f"items.{own.item}"):
        row = items_of(edition, ENGLAND_AND_WALES).get(own.item)
        return f"{words(f'items.{own.item}')}: {words.percent(row, 'completeness_pct')}"
    return ""
