"""The page on methods: what each figure means, and the settings of the method."""

from __future__ import annotations

from typing import Any

from naome_assets.disclosure.suppression import load_profile
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits.exhibit import text_table
from naome_assets.publication.report.links import PATHS
from naome_assets.publication.report.pages.page import Page, crumbs
from naome_assets.publication.report.words import Words
from naome_assets.transform.project import load_project


def page(edition: Edition) -> Page:
    """Sections of text with the settings filled in, and a table of the settings."""
    words = edition.words
    settings = method_settings()
    profile = profile_words(edition.figures.statement.profile, words)
    texts = words.group("methods.sections")
    sections = [
        (key, texts[f"{key}_title"], text.format(**settings, profile_words=profile))
        for key, text in texts.items()
        if not key.endswith("_title")
    ]
    rows = [
        [name, _setting(settings[setting])] for setting, name in words.group("settings").items()
    ]
    head = [words("methods.setting"), words("methods.value")]
    return Page(
        PATHS["methods"],
        "methods.jinja",
        words("methods.title"),
        {
            "sections": sections,
            "settings": text_table(words("methods.settings_title"), head, rows),
        },
        crumbs=crumbs(edition),
    )


def method_settings() -> dict[str, Any]:
    """The named settings of the method, from their one place."""
    return dict(load_project().variables)


def profile_words(name: str, words: Words) -> str:
    """What a disclosure profile does, in the language of the page.

    In English that is what the profile says of itself.
    """
    profile = load_profile(name)
    return words(
        "statement.profile_words",
        small_to=str(profile.small_to),
        round_to=str(profile.round_to),
    )


def _setting(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_setting, value))
    return f"{value:.6g}" if isinstance(value, float) else f"{value}"
