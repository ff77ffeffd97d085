"""Every code that is published has its words."""

from __future__ import annotations

import pytest

from naome_assets.contract.published_tables import PUBLISHED_TABLES
from naome_assets.publication.code_lists import code_lists, in_words
from naome_assets.publication.published import Publication
from naome_assets.publication.report.words import LANGUAGES, Words
from naome_assets.transform.project import load_project


def accepted() -> dict[tuple[str, str], list[str]]:
    """The values that the tests of the SQL project allow, by published table and coded column."""
    return {
        (table, test.columns[0]): [str(value) for value in test.values]
        for table, tests in load_project().data_tests.items()
        for test in tests
        if table in PUBLISHED_TABLES and test.kind == "accepted_values"
    }


def test_columns_with_a_list_of_values_are_those_with_words() -> None:
    allowed = accepted()
    assert len(allowed) > 10
    listed = code_lists()
    for (table, column), values in allowed.items():
        assert set(values) <= set(listed[column]), (table, column)
    # "of no place": a table may leave a value out, but a list has none that no table has.
    for column, codes in listed.items():
        known = {value for (_, own), values in allowed.items() if own == column for value in values}
        assert not known or set(codes) == known, column


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_words_of_its_own(language: str) -> None:
    words = Words(language)
    for column, codes in code_lists().items():
        told = [in_words(column, code, words) for code in codes]
        assert len(set(told)) == len(told), column
        assert not any("_" in text or "{" in text for text in told), column


def test_rows_without_people_are_not_told_by_a_code_that_is_not_there(
    publication: Publication,
) -> None:
    for name, table in publication.tables.items():
        assert table["suppressed"].any() or name != "data_quality"
        for column in set(table.columns) & set(code_lists()) - {
            "outlier",
            "outlier_31d",
            "outlier_62d",
        }:
            assert table[column].notna().all(), (name, column)


def test_published_codes_are_in_their_lists(publication: Publication) -> None:
    for name, table in publication.tables.items():
        for column in set(table.columns) & set(code_lists()):
            assert set(table[column].dropna()) <= set(code_lists()[column]), (name, column)
