"""The State of the Nation: calendar years side by side."""

from __future__ import annotations

from naome_assets.contract.dimensions import COMPARED_PERIOD
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits import annual
from naome_assets.publication.report.links import PATHS
from naome_assets.publication.report.pages.page import Page, crumbs


def page(edition: Edition) -> Page:
    """The page of the years that the data hold whole."""
    words = edition.words
    shown = annual.years(edition.figures)
    last = shown[-1].last_quarter if shown else edition.figures.quarter
    return Page(
        PATHS["annual"],
        "annual.jinja",
        words("annual.title"),
        {
            "lede": words("annual.lede", span=words.window(last, COMPARED_PERIOD)),
            "years_intro": words("annual.years_intro", few=str(annual.few_people())),
            "notes": [
                (edition.title(measure), note)
                for measure in edition.measures
                for note in edition.notes(measure)
            ],
            "exhibits": annual.by_year(edition),
            "side_by_side": annual.side_by_side(edition),
            "together": annual.together(edition, last),
        },
        crumbs=crumbs(edition),
    )
