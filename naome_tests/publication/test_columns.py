"""Columns of published tables are described where their tables are."""

from __future__ import annotations

from naome_assets.contract.published_tables import PUBLISHED_TABLES, TABLE
from naome_assets.figures.computed_tables import descriptions
from naome_assets.publication.columns import SUPPRESSED_COLUMN, described
from naome_assets.transform.project import load_project


def test_a_table_of_sql_has_the_words_of_its_model_and_what_is_added() -> None:
    model = load_project().models["time_to_treatment"]
    found = described("time_to_treatment")
    added = [own.name for own in TABLE["time_to_treatment"].added]
    assert list(found) == [*model.described, *added, "suppressed"]
    assert found["target_pct_31d"].startswith("Within 31 days in both nations together")
    assert found["suppressed"] == SUPPRESSED_COLUMN


def test_a_table_of_python_has_the_words_of_its_schema() -> None:
    assert described("survival_curve") == {
        **descriptions("survival_curve"),
        "suppressed": SUPPRESSED_COLUMN,
    }


def test_every_published_column_says_what_it_holds() -> None:
    for table in PUBLISHED_TABLES:
        assert all(described(table).values()), table
