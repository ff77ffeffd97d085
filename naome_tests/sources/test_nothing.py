"""Words for nothing are no codes, and no code is taken for one (ruling I2)."""

from __future__ import annotations

import pytest

from naome_assets.sources.nothing import is_no_metastasis, is_nothing, word_of


@pytest.mark.parametrize(
    "value",
    ["", " ", "-", "?", "n/k", "(Not known)", "#N/A", "Not\u2013Known", "NULL", "\\N", "#ref!",
     "not yet known", "None recorded.", "\u201cunknown\u201d", "n.a.", "[blank]"],
)  # fmt: skip
def test_a_word_counts_whatever_its_case_and_signs(value: str) -> None:
    assert is_nothing(value)


@pytest.mark.parametrize("value", ["0", "9", "X", "+", "N1", "NN", "U", "Unknown 3", "no", "N+K"])
def test_other_values_are_kept(value: str) -> None:
    assert not is_nothing(value)


def test_a_sentence_is_no_word() -> None:
    assert is_nothing("-" * 40)
    assert not is_nothing("-" * 41)


@pytest.mark.parametrize(
    "value", ["No metastases", "no distant mets", "NIL METASTATIC DISEASE", "No evidence of mets"]
)
def test_no_metastasis_is_nothing_given_of_a_site_alone(value: str) -> None:
    assert is_no_metastasis(value)
    assert not is_nothing(value)
    assert not is_no_metastasis(f"{value}, bone")


def test_words_are_compared_by_letters_and_digits() -> None:
    assert word_of(" Not-known (2)\u200b ") == "NOTKNOWN2"
