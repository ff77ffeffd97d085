"""The pages that list all alliances, and all trusts and health boards."""

from __future__ import annotations

from naome_assets.contract.dimensions import COMPARED_PERIOD
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits.exhibit import Exhibit, present
from naome_assets.publication.report.exhibits.funnel import Funnels
from naome_assets.publication.report.exhibits.tile_map import tile_map
from naome_assets.publication.report.links import PATHS, relative
from naome_assets.publication.report.measures import CNS, SURVIVAL_1Y, WITHIN_31_DAYS
from naome_assets.publication.report.pages.comparisons import place_table
from naome_assets.publication.report.pages.page import Page, crumbs, provider_links, window

#: Measures with a map of the alliances.
_MAPPED = (CNS, WITHIN_31_DAYS, SURVIVAL_1Y)


def providers(edition: Edition, funnels: Funnels) -> Page:
    """Trusts and health boards by alliance, by name, and in funnels."""
    words, path = edition.words, PATHS["providers"]
    groups = []
    for key, members in edition.places.grouped_providers().items():
        above = edition.places.get(key)
        name = edition.name(above) if above else words("overview.not_listed")
        table = place_table(edition, members, path, name)
        groups.append({"name": name, "path": above.path if above else "", "table": table})
    return Page(
        path,
        "overview.jinja",
        words("overview.title"),
        {
            "lede": words("overview.lede", span=window(edition, COMPARED_PERIOD)),
            "groups": groups,
            "units": provider_links(edition),
            "funnels": _funnels(funnels, "provider", path),
        },
        crumbs=crumbs(edition),
    )


def alliances(edition: Edition, funnels: Funnels) -> Page:
    """Alliances on maps, by name, and in funnels."""
    words, path = edition.words, PATHS["alliances"]
    table = place_table(edition, edition.places.alliances, path, words("alliances.title"))
    mapped = [measure for measure in edition.measures if measure in _MAPPED]
    return Page(
        path,
        "overview.jinja",
        words("alliances.title"),
        {
            "lede": words("alliances.lede", span=window(edition, COMPARED_PERIOD)),
            "groups": [{"name": "", "path": "", "table": table}],
            "maps": present(tile_map(edition, measure, path) for measure in mapped),
            "funnels": _funnels(funnels, "cancer_alliance", path),
        },
        crumbs=crumbs(edition),
    )


def _funnels(funnels: Funnels, type_: str, here: str) -> list[Exhibit]:
    return funnels.all(type_, lambda target: relative(target, here))
