"""What a query gives pandas: the same types from every engine."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from naome_assets.warehouse.engines import open_warehouse
from naome_assets.warehouse.frame import frame_of

ROWS = (
    "select cast(1 as integer) as whole, cast(null as integer) as n, "
    "cast(null as bigint) as large, cast(null as boolean) as is_so, 0.5 as share, 'x' as code "
    "union all select 2, 3, 4, true, 1.5, 'x' order by whole"
)
TYPES = ["int32", "Int32", "Int64", "boolean", "float64", "object"]


def test_whole_numbers_and_truth_stay_what_they_are_beside_nulls(
    postgres_url: str, tmp_path: Path
) -> None:
    for url in (f"duckdb:///{tmp_path}/w.duckdb", postgres_url):
        warehouse = open_warehouse(url)
        frame = warehouse.query(ROWS)
        warehouse.close()
        assert [str(type_) for type_ in frame.dtypes] == TYPES, url
        assert frame.iloc[1].tolist() == [2, 3, 4, True, 1.5, "x"]


def test_equal_texts_are_one_object() -> None:
    frame = frame_of(pa.table({"code": ["".join(["R", "A", "1"]) for _ in range(3)]}))
    assert len({id(code) for code in frame["code"]}) == 1


def test_decimals_are_doubles() -> None:
    assert frame_of(pa.table({"n": [Decimal("1.25"), None]}))["n"].tolist()[0] == 1.25
