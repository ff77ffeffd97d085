"""Which code counts for which provider of today."""

from __future__ import annotations

import csv
import datetime as dt

from naome_assets.reference import seed_path
from naome_assets.warehouse.protocol import Warehouse


def test_a_predecessor_stands_with_its_successor_and_since_when(empty_warehouse: Warehouse) -> None:
    with seed_path("provider_succession").open(encoding="utf-8", newline="") as file:
        listed = {
            row["predecessor"]: (row["final_successor"], dt.date.fromisoformat(row["effective"]))
            for row in csv.DictReader(file)
        }
    rows = empty_warehouse.arrow(
        "select code, provider_code, succeeded_on from organisation where succeeded_on is not null"
    ).to_pylist()
    assert listed["RBA"] == ("RH5", dt.date(2020, 4, 1))
    assert {row["code"]: (row["provider_code"], row["succeeded_on"]) for row in rows} == listed


def test_a_provider_of_today_is_its_own(empty_warehouse: Warehouse) -> None:
    others = empty_warehouse.arrow(
        "select code from organisation where succeeded_on is null and provider_code <> code"
    )
    assert others.num_rows == 0
