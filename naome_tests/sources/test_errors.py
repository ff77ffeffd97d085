"""What is told of rows that are refused, or kept with a warning."""

from __future__ import annotations

import pyarrow as pa
import pytest

from naome_assets.sources import errors
from naome_assets.sources.errors import RefusedFileError, RowFaults


def test_a_refusal_says_its_rule_and_what_is_wrong() -> None:
    refused = RefusedFileError("wrong_columns", "No column is named record_id.")
    assert str(refused) == "wrong_columns: No column is named record_id."
    assert (refused.rule, refused.message) == ("wrong_columns", "No column is named record_id.")


def test_refused_rows_are_counted_and_rows_with_a_warning_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(errors, "_AT_ONCE", 2)
    faults = RowFaults()
    faults.refuse("ragged_row", [3, 7])
    faults.warn("not_a_code", [4], "sex")
    faults.refuse("ragged_row", [9])
    faults.warn("not_a_code", [4], "laterality")
    assert len(faults) == 3
    parts = list(faults.tables("a.csv", "2024-Q1"))
    assert [part.num_rows for part in parts] == [2, 2, 1]
    told = pa.concat_tables(parts).to_pylist()
    assert [(row["position"], row["rule"], row["severity"], row["item"]) for row in told] == [
        (3, "ragged_row", "error", None),
        (7, "ragged_row", "error", None),
        (4, "not_a_code", "warning", "sex"),
        (9, "ragged_row", "error", None),
        (4, "not_a_code", "warning", "laterality"),
    ]
    assert {(row["file"], row["quarter"]) for row in told} == {("a.csv", "2024-Q1")}
    assert told[0]["message"] == "The row has more or fewer fields than the header."


def test_a_file_without_faults_tells_nothing() -> None:
    assert list(RowFaults().tables("a.csv", "2024-Q1")) == []
