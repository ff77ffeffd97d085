"""The contract: complete, and what is written from it up to date."""

from __future__ import annotations

import csv
import inspect
import re

import pytest

from naome_assets.reference import sql_project_path
from naome_assets.sources import wales
from naome_assets.sources.cosd.contract import KINDS, Item, items
from naome_assets.sources.cosd.documents import files


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


def test_every_list_stands_in_the_seed() -> None:
    with (sql_project_path() / "seeds" / "cosd_code.csv").open(encoding="utf-8") as file:
        listed = {line["item_code"] for line in csv.DictReader(file)}
    assert {item.code_list for item in items() if item.code_list} <= listed


def _welsh_columns() -> set[str]:
    """Columns that the readers of the Welsh registry ask for."""
    return set(re.findall(r'"([a-z_0-9]+)"', inspect.getsource(wales)))
