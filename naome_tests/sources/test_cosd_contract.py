"""The contract: complete, and what is written from it up to date."""

from __future__ import annotations

import csv
import inspect
import re

import pytest

from naome_assets.reference import sql_project_path
from naome_assets.sources import wales
from naome_assets.sources.conventions import KINDS, SQL_KINDS, CodedColumn, coded_columns
from naome_assets.sources.cosd.contract import Item, every_coded_column, items
from naome_assets.sources.cosd.documents import files
from naome_assets.warehouse.tables import metadata
from naome_tests.synthetic.standard import v9_items, v10_paths


def test_what_is_written_from_the_contract_is_up_to_date() -> None:
    stale = [path.name for path, text in files().items() if path.read_text() != text]
    assert stale == [], "run: python -m naome_assets.sources.cosd.documents"


@pytest.mark.parametrize("item", list(items()), ids=lambda item: f"{item.item_code}-{item.table}")
def test_every_item_is_whole(item: Item) -> None:
    assert item.kind in KINDS
    assert item.requirement in ("mandatory", "required", "optional", "not stated")
    assert item.used_by
    assert item.v8 or item.v9 or item.v10
    if item.wales:
        assert item.wales in _welsh_columns()


@pytest.mark.parametrize(
    ("family", "paths"), [("v9", list(v9_items())), ("v10", v10_paths())], ids=["v9", "v10"]
)
def test_every_path_is_one_of_the_standard(family: str, paths: list[str]) -> None:
    standard = set(paths)
    ours = {getattr(item, family) for item in items()} - {"", "Id"}
    assert len(ours) > 40
    assert ours <= standard


def test_every_list_stands_in_the_seed() -> None:
    with (sql_project_path() / "seeds" / "cosd_code.csv").open(encoding="utf-8") as file:
        listed = {line["item_code"] for line in csv.DictReader(file)}
    assert {item.code_list for item in items() if item.code_list} <= listed


@pytest.mark.parametrize("coded", list(coded_columns()), ids=lambda c: f"{c.table}.{c.column}")
def test_every_coded_column_is_one_of_a_submission_table(coded: CodedColumn) -> None:
    assert coded.column in metadata.tables[coded.table].columns
    assert coded.kind in SQL_KINDS


#: Columns that a model reads by another macro than that of their kind, for a reason of its own.
READ_OTHERWISE = {
    # Older SACT files have letters for the intent.
    ("intent", "code"),
}


def test_the_models_read_columns_by_the_macro_of_their_kind() -> None:
    """Where a model uses a macro of a kind on a column, the contract says the same kind."""
    declared: dict[str, set[str]] = {}
    for coded in every_coded_column():
        declared.setdefault(coded.column, set()).add(coded.kind)
    used = {
        (column, macro)
        for path in (sql_project_path() / "models").rglob("*.sql")
        for macro, column in re.findall(
            rf"\b({'|'.join(SQL_KINDS)})\('(?:\w+\.)?(\w+)'\)", path.read_text()
        )
    }
    assert len(used) > 30
    assert {pair for pair in used if pair[1] not in declared.get(pair[0], ())} == READ_OTHERWISE
    assert set(declared) <= {column for column, _ in used}


def _welsh_columns() -> set[str]:
    """Columns that the readers of the Welsh registry ask for."""
    return set(re.findall(r'"([a-z_0-9]+)"', inspect.getsource(wales)))
