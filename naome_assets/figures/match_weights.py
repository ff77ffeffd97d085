"""Chart of ``person_link``: how far an outcome of a comparison speaks for the same person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from naome_assets.publication import charts

_TITLE = "What speaks for the same person"


def match_weights(weights: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """A bar an outcome, as a picture by its title; none where nothing was compared.

    Args:
        weights: ``comparison``, ``outcome`` and ``weight``, log2(m / u), of the linkage model.
    """
    if not weights:
        return {}
    drawn = charts.signed_bars(
        charts.Heading("match-weights", _TITLE, "To the right for the same person, to the left "
                       "against."),
        [f"{weight['comparison']}: {weight['outcome']}" for weight in weights],
        [float(weight["weight"]) for weight in weights],
        "match weight, log2(m / u)",
    )  # fmt: skip
    return {_TITLE: charts.standalone(drawn)}
