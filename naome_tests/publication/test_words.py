"""Words: the same in both languages, and numbers as readers see them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
import pytest

from naome_assets.contract.published_tables import TABLE
from naome_assets.disclosure.suppression import load_profile
from naome_assets.publication.report.pages.methods import method_settings, profile_words
from naome_assets.publication.report.words import LANGUAGES, Words, read_texts, signed
from naome_assets.quarters import Quarter


def flat(texts: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in texts.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{above}{key}.")
        else:
            yield above + key, value


def test_both_languages_have_the_same_texts_with_the_same_values_in_braces() -> None:
    english, welsh = (dict(flat(read_texts(language))) for language in LANGUAGES)
    # Welsh has names of its own for Welsh places.
    assert {key for key in welsh if not key.startswith("places.")} == set(english)
    for key, text in english.items():
        braces = [set(re.findall(r"{\w+}", str(value))) for value in (text, welsh[key])]
        assert braces[0] == braces[1], key


def test_every_published_table_has_a_name() -> None:
    assert set(Words("en").group("changes.tables")) == set(TABLE)


def test_welsh_is_not_english() -> None:
    english, welsh = (dict(flat(read_texts(language))) for language in LANGUAGES)
    same = {key for key in english if english[key] == welsh[key]}
    allowed = {"presentation.de_novo", "place_page.lede", "period.dated",
               "modality.radiotherapy", "statement.data", "items.icd10"}  # fmt: skip
    assert same <= allowed


def test_named_settings_exist() -> None:
    assert set(Words("en").group("settings")) <= set(method_settings())


def test_choices_that_shape_indicators_are_printed() -> None:
    """Each choice of the project stands beside the figures (method book, first paragraph)."""
    shaping = ("_days", "_intents", "_basis", "_groups", "_nations", "_minimum", "_from")
    chosen = {
        name
        for name in method_settings()
        if name.endswith(shaping) and not name.startswith("projection")
    }
    # The codes of SACT that are valid are the standard's, no choice.
    assert chosen - {"sact_intents"} <= set(Words("en").group("settings"))


@pytest.mark.parametrize("profile", ["nhs_england_hes", "under_5", "under_10"])
def test_english_pages_say_of_a_profile_what_it_says_of_itself(profile: str) -> None:
    assert profile_words(profile, Words("en")) == load_profile(profile).words.strip()


def test_numbers() -> None:
    words = Words("en")
    row = {"people": 1234, "share": 45.678, "none": None, "na": pd.NA, "nan": float("nan")}
    assert words.cell(row, "people") == "1,234"
    assert words.percent(row, "share") == "45.7%"
    for column in ("none", "na", "nan", "missing"):
        assert words.percent(row, column) == "not available"
        assert words.percent({**row, "suppressed": True}, column) == "*"
    assert words.cell(None, "people") == "not available"


def test_changes_have_a_sign_and_nothing_has_none() -> None:
    shown = {"3.1": "+3.1", "-3.1": "-3.1", "0.0": "0.0", "-0.0": "0.0", "1,200": "+1,200"}
    assert {text: signed(text) for text in shown} == shown
    assert signed("not available") == "not available"
    assert signed("*") == "*"


def test_windows_and_dates() -> None:
    assert Words("en").window(Quarter(2024, 1), "rolling_36m") == "April 2021 to March 2024"
    assert (
        Words("cy").window(Quarter(2024, 4), "rolling_12m")
        == "Ionawr 2024 \N{EN DASH} Rhagfyr 2024"
    )
    assert Words("en").date(Quarter(2024, 4).last_day) == "31 December 2024"


def test_an_unknown_text_is_refused() -> None:
    with pytest.raises(KeyError, match="no text 'none\\.such'"):
        Words("en")("none.such")
