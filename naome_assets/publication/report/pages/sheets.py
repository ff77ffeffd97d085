"""Indicator sheets: what each measure counts, from the contract of the indicators."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

from naome_assets.contract.dimensions import COMPARED_PERIOD
from naome_assets.contract.indicators import INDICATOR
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.links import PATHS
from naome_assets.publication.report.measures import Measure
from naome_assets.publication.report.pages.page import Page, crumbs
from naome_assets.publication.report.words import LANGUAGES
from naome_assets.transform.project import load_project

#: What is said in brackets of settings and rulings is for those who look into the code.
_ASIDE = re.compile(r",? ?\((?:`\w+`|`\w+`, ruling \w+|ruling \w+)\)")
_SETTING = re.compile(r"`(\w+)`")


def page(edition: Edition) -> Page:
    """A sheet for each measure."""
    return Page(
        PATHS["sheets"],
        "sheets.jinja",
        edition.words("sheets.title"),
        {"sheets": [_sheet(edition, measure) for measure in edition.measures]},
        crumbs=crumbs(edition),
    )


def phrase(text: str, language: str) -> str:
    """What the contract says, for readers of a language.

    Asides to those who look into the code are left out, and settings are their values.

    Raises:
        KeyError: when it is not in ``text/indicators_cy.toml``.
    """
    variables = load_project().variables
    plain = _ASIDE.sub("", text)
    plain = _SETTING.sub(lambda found: _setting(found[1], variables.get(found[1])), plain)
    return plain if language == LANGUAGES[0] or not plain else phrases(language)[plain]


def _setting(name: str, value: object) -> str:
    """A setting as its value; what is no setting is a column, and is named."""
    if value is None:
        return name
    return f"{value} days" if name.endswith("_days") else str(value)


@cache
def phrases(language: str) -> Mapping[str, str]:
    """The phrases of the contract in a language that is not English, by the English ones."""
    folder = resources.files("naome_assets.publication.report") / "text"
    read = (folder / f"indicators_{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(read)


def _sheet(edition: Edition, measure: Measure) -> dict[str, object]:
    words, own = edition.words, INDICATOR[measure.key]
    said = [
        (words("sheets.why"), words(f"plain.{measure.key}")),
        *(
            (words(f"sheets.{name}"), phrase(text, words.language))
            for name, text in (
                ("counted", own.numerator),
                ("among", own.denominator),
                ("items", own.items),
                ("weakness", own.weakness),
            )
            if text
        ),
        *((words("sheets.note"), note) for note in edition.notes(measure)),
    ]
    said += _standard(edition, measure)
    if measure.followed_days:
        days = words("sheets.days", days=str(measure.followed_days))
        said.append((words("sheets.followed"), days))
    compared = "compared_yes" if measure.is_proportion else "compared_no"
    said.append((words("sheets.compared"), words(f"sheets.{compared}")))
    adjusted = phrase(own.case_mix, words.language) or words("sheets.not_adjusted")
    said.append((words("sheets.adjusted"), adjusted))
    said.append((words("sheets.column"), f"{own.table}.{own.value}"))
    return {
        "key": measure.key,
        "title": edition.title(measure),
        "said": said,
        "figures": [
            f"{edition.name(place)}: {percent} ({interval})"
            for place in edition.places.national
            if measure.of(row := measure.row(edition.figures, place.key, COMPARED_PERIOD))
            is not None
            for percent in [words.percent(row, measure.value)]
            for interval in [words.interval(row, measure.lower, measure.upper)]
        ],
    }


def _standard(edition: Edition, measure: Measure) -> Iterator[tuple[str, str]]:
    """The standard of a measure with its source, and how far nations are."""
    words, standard = edition.words, edition.standards.get(measure.key)
    if standard is None:
        return
    source = standard.source[words.language]
    percent = f"{standard.percent:g}"
    aim = words("standards.everybody")
    if standard.percent < 100:
        aim = words("standards.at_least", percent=percent)
    said = words("standards.said", aim=aim, source=source, url=standard.url)
    yield words("standards.title"), said
    if not standard.is_same:
        yield words("standards.reached"), words("standards.other", percent=percent)
        return
    reached = [
        f"{edition.name(place)}: {text}"
        for place in edition.places.national
        if (text := edition.held_against(place, measure))
    ]
    if reached:
        yield words("standards.reached"), " ".join(reached)
