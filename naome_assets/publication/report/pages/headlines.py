"""The cards at the top of a page: the few figures that a place is read by."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from naome_assets.contract.dimensions import COMPARED_PERIOD, EVERYBODY, NATIONAL
from naome_assets.publication.cells import SUPPRESSED
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.figures import Key
from naome_assets.publication.report.grades import grade
from naome_assets.publication.report.measures import (
    CNS,
    RECURRENT_SHARE,
    SURVIVAL_1Y,
    WITHIN_31_DAYS,
)
from naome_assets.publication.report.pages.page import window
from naome_assets.publication.report.places import Place
from naome_assets.publication.report.words import Row, Words, number


def headlines(edition: Edition, place: Place) -> list[dict[str, str]]:
    """Each card: its figure, its words, and the details below them."""
    words = edition.words
    found = [_living(edition, place)]
    new = new_row(edition, place.key)
    if new is not None:
        details = [window(edition, COMPARED_PERIOD)]
        share = edition.compared(place, RECURRENT_SHARE)
        details += _detail(words, "recurrent", share, "value", words.percent)
        found.append(_card(words, "incidence", words.cell(new, "value"), details))
    for key, measure, detail, column, shown in (
        ("cns", CNS, "recorded", "completeness_pct", words.percent),
        ("treatment", WITHIN_31_DAYS, "median", "median_days", words.cell),
        ("survival", SURVIVAL_1Y, "deaths", "numerator", words.cell),
    ):
        row = edition.compared(place, measure)
        if row is None:
            continue
        details = []
        if measure.of(row) is not None:
            interval = words.interval(row, measure.lower, measure.upper)
            details.append(words("headline.interval", interval=interval))
        details += _detail(words, detail, row, column, shown)
        if own := grade(edition.figures, place.key, measure):
            details.append(words("headline.grade", grade=own))
        found.append(_card(words, key, words.percent(row, measure.value), details))
    return found


def living_row(edition: Edition, place: Key) -> Row | None:
    """People living with MBC on the last day of the quarter."""
    return edition.figures.row("prevalence", place, presentation="all", **EVERYBODY)


def new_row(edition: Edition, place: Key) -> Row | None:
    """New diagnoses of the window in which places are compared."""
    return edition.figures.row(
        "indicator", place, period=COMPARED_PERIOD, indicator="incidence", presentation="all"
    )


def _living(edition: Edition, place: Place) -> dict[str, str]:
    figures, words = edition.figures, edition.words
    row = living_row(edition, place.key)
    # A place has no row when nobody lives there with MBC, or all its figures are withheld.
    is_withheld = row is None and place.type not in NATIONAL
    people = SUPPRESSED if is_withheld else words.cell(row, "people")
    details = [words.date(figures.quarter.last_day)]
    if number(row, "rate_per_100k") is not None:
        interval = words.interval(row, "rate_lower_95", "rate_upper_95")
        rate = words.cell(row, "rate_per_100k", 1)
        details.append(words("headline.rate", rate=rate, interval=interval))
    return _card(words, "living", people, details)


def _detail(
    words: Words, key: str, row: Row | None, column: str, shown: Callable[[Row | None, str], str]
) -> list[str]:
    """A detail of a card, where its number is published."""
    if number(row, column) is None:
        return []
    return [words(f"headline.{key}", number=shown(row, column))]


def _card(words: Words, key: str, figure: str, details: Sequence[str]) -> dict[str, str]:
    if figure == SUPPRESSED:
        details = [words("headline.hidden"), *details]
    return {"figure": figure, "words": words(f"headline.{key}"), "detail": "; ".join(details)}
