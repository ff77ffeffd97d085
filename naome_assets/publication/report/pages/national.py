"""The pages of England and Wales together and of each nation."""

from __future__ import annotations

from naome_assets.contract.dimensions import COMPARED_PERIOD, WITHOUT_ALLIANCES
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits import measures, prevalence, survival, treatment
from naome_assets.publication.report.exhibits.quality import grades_note
from naome_assets.publication.report.exhibits.tile_map import tile_map
from naome_assets.publication.report.figures import ENGLAND_AND_WALES, RECURRENT_SHARE_MINIMUM
from naome_assets.publication.report.links import PATHS
from naome_assets.publication.report.measures import CNS, WITHIN_31_DAYS, WITHIN_62_DAYS
from naome_assets.publication.report.pages.comparisons import measure_table
from naome_assets.publication.report.pages.findings import findings
from naome_assets.publication.report.pages.headlines import headlines
from naome_assets.publication.report.pages.page import Page, incomplete, provider_links, window
from naome_assets.publication.report.places import Place

#: Measures that have charts of their own on the page; the others are in a table.
_CHARTED = (CNS, WITHIN_31_DAYS, WITHIN_62_DAYS)


def page(edition: Edition, place: Place) -> Page:
    """The page of a nation or of both; the first page of the site is that of both."""
    words = edition.words
    others = [measure for measure in edition.measures if measure not in _CHARTED]
    has_map = place.code not in WITHOUT_ALLIANCES and edition.places.alliances
    return Page(
        place.path,
        "national.jinja",
        words("national.title", place=edition.name(place)),
        {
            "lede": words("national.lede", span=window(edition, COMPARED_PERIOD)),
            "headlines": headlines(edition, place),
            "findings": findings(edition) if place.key == ENGLAND_AND_WALES else [],
            "warning": _warning(edition, place),
            "incomplete": incomplete(edition, place),
            "sections": {
                "living": prevalence.of_nation(edition, place),
                "nursing": measures.of_nation(edition, place),
                "treatment": treatment.of_nation(edition, place),
                "survival": survival.of_nation(edition, place),
            },
            "grades": grades_note(edition),
            "others": measure_table(edition, others, place) if others else None,
            "tiles": tile_map(edition, CNS, place.path) if has_map else None,
            "units": provider_links(edition, place),
            "providers": PATHS["providers"],
        },
    )


def _warning(edition: Edition, place: Place) -> str:
    """That too few of those living have recurrent disease for the data to be whole; or nothing."""
    share = edition.figures.recurrent_share(place.key)
    if share is None or share >= RECURRENT_SHARE_MINIMUM:
        return ""
    return edition.words(
        "national.recurrence", share=f"{share:.1f}", minimum=f"{RECURRENT_SHARE_MINIMUM:.0f}"
    )
