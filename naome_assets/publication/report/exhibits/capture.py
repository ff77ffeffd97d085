"""People with recurrent disease whom no source may name (experimental); docs/beyond.md."""

from __future__ import annotations

import math

from naome_assets.contract.dimensions import COMPARED_PERIOD, ENGLAND, NATION
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits.exhibit import text_table
from naome_assets.publication.report.words import Row, Words, number

#: In the order of the table: people by the sources that name them.
_PATTERNS = (
    "cosd_only",
    "sact_only",
    "certificate_only",
    "cosd_and_sact",
    "cosd_and_certificate",
    "sact_and_certificate",
    "all_three",
)


def capture(edition: Edition) -> dict[str, object] | None:
    """People with recurrent disease by source, and how many all sources may miss, in England."""
    words = edition.words
    row = edition.figures.row("recurrence_capture", (NATION, ENGLAND))
    if row is None:
        return None
    model = row.get("model")
    return {
        "window": words.window(edition.figures.quarter, COMPARED_PERIOD),
        "incomplete": not bool(row.get("complete", True)),
        # A bound of another method need not lie below the estimate: said, not hidden.
        "chao_above": (number(row, "chao_lower_bound") or 0.0)
        > (number(row, "estimate") or math.inf),
        "model": model_words(words, model)
        if isinstance(model, str)
        else words("beyond.capture.none"),
        "sources": text_table(
            words("beyond.capture.sources"),
            [words("beyond.capture.source"), words("prevalence.people")],
            [_named(words, row, pattern) for pattern in (*_PATTERNS, "found")],
        ),
        "estimates": text_table(
            words("beyond.capture.estimates"),
            [words("table.measure"), words("beyond.capture.value"), words("table.interval")],
            [
                _estimate(words, row, "estimate", "lower_95", "upper_95"),
                [words("beyond.capture.chao"), words.cell(row, "chao_lower_bound"), ""],
                _estimate(words, row, "cosd_pct", "cosd_pct_lower_95", "cosd_pct_upper_95", 1),
                [*_named(words, row, "prevalence"), ""],
                _estimate(
                    words, row, "prevalence_corrected", "prevalence_lower_95", "prevalence_upper_95"
                ),
            ],
        ),
    }


def _named(words: Words, row: Row, column: str, decimals: int = 0) -> list[str]:
    return [words(f"beyond.capture.{column}"), words.cell(row, column, decimals)]


def _estimate(
    words: Words, row: Row, column: str, lower: str, upper: str, decimals: int = 0
) -> list[str]:
    return [*_named(words, row, column, decimals), words.interval(row, lower, upper, decimals)]


def model_words(words: Words, model: str) -> str:
    """Which model of the sources was chosen, as a sentence."""
    if model == "independent":
        return words("beyond.capture.independent")
    pairs = [pair.split(" with ") for pair in model.split(", ")]
    shown = [
        " + ".join(words(f"beyond.capture.names.{source}") for source in pair) for pair in pairs
    ]
    return words("beyond.capture.dependent", pairs="; ".join(shown))
