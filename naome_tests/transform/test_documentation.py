"""Every table that analysts can meet is described, column by column, as it really is."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from naome_assets.transform.project import Model, Seed, load_project
from naome_assets.warehouse.declared_tables import metadata
from naome_assets.warehouse.protocol import Warehouse

PROJECT = load_project()
BUILT: dict[str, Model | Seed] = {**PROJECT.models, **PROJECT.seeds}


@cache
def entries(kind: str) -> dict[str, dict[str, Any]]:
    """What the YAML files themselves say of models, seeds or sources' tables, by name."""
    files = [*PROJECT.path.glob("models/**/*.yml"), *PROJECT.path.glob("seeds/*.yml")]
    found = [entry for file in files for entry in parsed(file).get(kind, [])]
    if kind == "sources":
        found = [table for group in found for table in group["tables"]]
    return {entry["name"]: entry for entry in found}


@cache
def parsed(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(file.read_text())
    return content


@pytest.mark.parametrize("name", sorted(BUILT))
def test_a_table_is_described_with_each_of_its_columns_in_order(
    name: str, empty_warehouse: Warehouse
) -> None:
    table = BUILT[name]
    assert [column.name for column in table.columns] == [
        column for column, _ in empty_warehouse.columns(name)
    ]
    undescribed = [column.name for column in table.columns if not column.description]
    assert undescribed == []


@pytest.mark.parametrize("name", sorted(PROJECT.models))
def test_a_model_says_what_one_row_is(name: str) -> None:
    # From the YAML: without an entry the runner would fall back to the file's leading comment.
    description = " ".join(entries("models")[name]["description"].split())
    assert "one row " in description.lower()


@pytest.mark.parametrize("name", sorted(PROJECT.sources))
def test_a_source_is_described_as_the_readers_fill_it(name: str) -> None:
    columns = entries("sources")[name]["columns"]
    assert [column["name"] for column in columns] == list(metadata.tables[name].columns.keys())
    assert all(column["description"].strip() for column in columns)


def test_no_model_or_seed_is_described_that_does_not_exist() -> None:
    assert set(entries("models")) == set(PROJECT.models)
    assert set(entries("seeds")) == set(PROJECT.seeds)


@pytest.mark.parametrize(
    ("model", "warning"),
    [
        ("prevalence", "early index dates undercount"),
        ("prevalence", "never die here"),
        ("prevalence", "this is the project's own measure"),
        ("cns_access", "takes the cns code of the first diagnosis"),
        ("time_to_treatment", "untreated here does not mean untreated"),
        ("time_to_treatment", "not a waiting-time standard"),
    ],
)
def test_a_headline_table_carries_the_warnings_of_the_method_book(model: str, warning: str) -> None:
    assert warning in " ".join(PROJECT.models[model].description.split()).lower()
