"""The page in plain words, for patients and the public."""

from __future__ import annotations

from naome_assets.contract.dimensions import COMPARED_PERIOD
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.figures import ENGLAND_AND_WALES
from naome_assets.publication.report.links import PATHS
from naome_assets.publication.report.measures import (
    CNS,
    MDT,
    SURVIVAL_1Y,
    WITHIN_31_DAYS,
    Measure,
)
from naome_assets.publication.report.pages.headlines import living_row, new_row
from naome_assets.publication.report.pages.page import Page, crumbs
from naome_assets.publication.report.words import Words, number

#: The measures that are put into plain words, in the order of the pathway.
_SAID = (CNS, MDT, WITHIN_31_DAYS, SURVIVAL_1Y)


def page(edition: Edition) -> Page:
    """The figures of England and Wales in words, what they cannot say, and a glossary."""
    words, figures = edition.words, edition.figures
    numbers = []
    living = living_row(edition, ENGLAND_AND_WALES)
    if number(living, "people") is not None:
        day = words.date(figures.quarter.last_day)
        numbers.append(words("patients.living", people=words.cell(living, "people"), date=day))
    new = new_row(edition, ENGLAND_AND_WALES)
    if number(new, "value") is not None:
        numbers.append(words("patients.new", people=words.cell(new, "value")))
    numbers += [_in_words(edition, measure) for measure in edition.measures if measure in _SAID]
    terms = words.group("glossary")
    return Page(
        PATHS["patients"],
        "patients.jinja",
        words("patients.title"),
        {
            "span": words.window(figures.quarter, COMPARED_PERIOD),
            "numbers": numbers,
            "measures": [
                (measure.key, edition.title(measure), words(f"plain.{measure.key}"))
                for measure in edition.measures
            ],
            "glossary": [
                (words(f"glossary.{key}.term"), words(f"glossary.{key}.meaning")) for key in terms
            ],
            "sheets": PATHS["sheets"],
        },
        crumbs=crumbs(edition),
    )


def tenths(words: Words, percent: float, what: str) -> str:
    """A percentage as so many in ten; the two ends have words of their own."""
    found = round(percent / 10)
    if found == 0:
        return words("patients.tenths_least", what=what)
    if found == 10:
        return words("patients.tenths_most", what=what)
    return words("patients.tenths", tenths=str(found), what=what)


def _in_words(edition: Edition, measure: Measure) -> str:
    words = edition.words
    what = words(f"patients.what.{measure.key}")
    row = measure.row(edition.figures, ENGLAND_AND_WALES, COMPARED_PERIOD)
    value = measure.of(row)
    if value is None:
        return words("patients.no_number", what=what)
    said = [tenths(words, value, what)]
    lower, upper = (words.cell(row, name, 1) for name in (measure.lower, measure.upper))
    if lower[0].isdigit() and upper[0].isdigit():
        said.append(words("patients.sure", lower=lower, upper=upper))
    if measure is CNS:
        said.append(words("patients.recorded", percent=words.percent(row, "completeness_pct")))
    return " ".join(said)
