"""``naome status``: the same content for people, pipes and programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from naome_assets.publication.status import StatusFormat, show_status
from naome_assets.warehouse.engines import open_warehouse
from naome_assets.warehouse.protocol import Warehouse

#: Names that try to be cut, folded, marked up, or taken for two lines.
NAMES = [
    f"england/cosd/RAE/2024-01/{'long-' * 60}.xml",
    "england/cosd/RAE/2024-01/[bold]two\nlines[/].xml",
    'wales/registry/2024-Q1/a "quoted", name_tumour.csv',
]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    warehouse = open_warehouse(f"duckdb:///{tmp_path_factory.mktemp('status') / 'w.duckdb'}")
    ledger = [
        {
            "file": name,
            "quarter": "2024-Q1",
            "source": "cosd",
            "status": "loaded",
            "received": 1200,
            "accepted": 1199,
            "superseded": 0,
            "out_of_scope": 0,
            "quarantined": 1,
            "reason": f"record_count: {'why ' * 40}" if number else None,
        }
        for number, name in enumerate(NAMES)
    ]
    quarantine = [
        {"file": "a", "position": position, "rule": "sex_missing", "severity": "warning"}
        for position in (1, 2)
    ]
    rule = {"rule": "sex_missing", "message": "No sex.", "action": "Send it. " * 30}
    warehouse.replace_table("ledger", pa.Table.from_pylist(ledger))
    warehouse.replace_table("quarantine", pa.Table.from_pylist(quarantine))
    warehouse.replace_table("quarantine_rule", pa.Table.from_pylist([rule]))
    yield warehouse
    warehouse.close()


def printed(warehouse: Warehouse, format_: StatusFormat) -> str:
    out = io.StringIO()
    show_status(warehouse, format_, out)
    return out.getvalue()


def test_in_a_pipe_each_file_is_one_whole_line(loaded: Warehouse) -> None:
    lines = printed(loaded, "table").splitlines()
    for name in NAMES:
        (line,) = [line for line in lines if name.replace("\n", "\\n") in line]
        assert "2024-Q1" in line
        assert "1,199" in line
    assert sum("why why why" in line for line in lines) == 2
    (rule,) = [line for line in lines if "sex_missing" in line]
    assert ("Send it. " * 30).strip() in rule
    assert "3 files: 3,600 received = 3,597 accepted" in "\n".join(lines)


def test_csv_and_json_have_the_same_content(loaded: Warehouse) -> None:
    from_json = json.loads(printed(loaded, "json"))
    rows = list(csv.DictReader(io.StringIO(printed(loaded, "csv"))))
    assert [row["file"] for row in rows if row["table"] == "ledger"] == sorted(NAMES)
    for table in ("ledger", "quarantine"):
        given = [row for row in rows if row["table"] == table]
        assert len(given) == len(from_json[table]) > 0
        for row, other in zip(given, from_json[table], strict=True):
            assert {name: row[name] for name in other} == {
                name: "" if value is None else str(value) for name, value in other.items()
            }
    (rule,) = from_json["quarantine"]
    assert (rule["rule"], rule["records"], rule["files"]) == ("sex_missing", 2, 1)


def test_before_the_first_run(tmp_path: Path) -> None:
    warehouse = open_warehouse(f"duckdb:///{tmp_path / 'w.duckdb'}")
    try:
        assert "Nothing was loaded yet" in printed(warehouse, "table")
        assert json.loads(printed(warehouse, "json")) == {"ledger": [], "quarantine": []}
        assert len(printed(warehouse, "csv").splitlines()) == 1
    finally:
        warehouse.close()
