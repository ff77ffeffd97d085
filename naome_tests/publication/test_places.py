"""Which places belong to which."""

from __future__ import annotations

from naome_assets.contract.dimensions import NATION, WALES
from naome_assets.publication.published import Publication
from naome_assets.publication.report.figures import Figures
from naome_assets.publication.report.places import Places


def test_providers_are_under_their_alliance_or_under_wales(publication: Publication) -> None:
    """Ruling E4: Wales has no cancer alliances."""
    places = Places(Figures(publication))
    groups = places.grouped_providers()
    of_wales = groups[NATION, WALES]
    assert of_wales
    assert of_wales == [place for place in places.providers if place.nation == "Wales"]
    for alliance in places.alliances:
        members = groups.get(alliance.key, [])
        assert members == [place for place in places.providers if place.alliance == alliance.code]
    assert sum(map(len, groups.values())) == len(places.providers)
