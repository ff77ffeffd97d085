"""When a file or row was made, in every form that senders write (rulings B6, B7)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from naome_assets.sources.timestamps import read_timestamp
from naome_tests.oracle.values import instant

from .support import NHS_NUMBER, V9_BREAST, cosd, put, read, read_cosd

QUARTER_PAST_TEN = dt.datetime(2024, 3, 20, 10, 15)

#: Text, the moment, and whether XML (COSD) or the compact form (Wales) has it so.
READ = [
    ("2024-03-20T10:15:00", QUARTER_PAST_TEN, "iso"),
    (" 2024-03-20T10:15:00Z ", QUARTER_PAST_TEN, "iso"),
    ("2024-03-20T11:15:00+01:00", QUARTER_PAST_TEN, "iso"),
    ("2024-03-20T10:15:00.0000000", QUARTER_PAST_TEN, "iso"),
    ("20240320T101500", QUARTER_PAST_TEN, "compact"),
    ("20240320T101500Z", QUARTER_PAST_TEN, "other"),
    ("20240320T111500+0100", QUARTER_PAST_TEN, "other"),
    ("20240320101500", QUARTER_PAST_TEN, "other"),
    ("202403201015", QUARTER_PAST_TEN, "other"),
    ("20240320 10:15:00", QUARTER_PAST_TEN, "other"),
    ("2024-03-20 10:15", QUARTER_PAST_TEN, "other"),
    ("2024-03-20 10:15:00 GMT", QUARTER_PAST_TEN, "other"),
    ("2024/03/20 10:15:00.000", QUARTER_PAST_TEN, "other"),
    ("20/03/2024 10:15:00", QUARTER_PAST_TEN, "other"),
    ("20/03/2024 10:15:00 AM", QUARTER_PAST_TEN, "other"),
    ("20-03-2024 10:15", QUARTER_PAST_TEN, "other"),
    ("20.03.2024 10:15", QUARTER_PAST_TEN, "other"),
    ("20-MAR-2024 10:15:00", QUARTER_PAST_TEN, "other"),
    ("20/03/2024 03:04:05 pm", dt.datetime(2024, 3, 20, 15, 4, 5), "other"),
    ("20/03/2024 12:00 am", dt.datetime(2024, 3, 20), "other"),
    ("03/04/2024", dt.datetime(2024, 4, 3), "other"),  # the day first
    ("2024-03-20", dt.datetime(2024, 3, 20), "other"),
    ("20240320", dt.datetime(2024, 3, 20), "other"),
    ("20240320T101500.25", QUARTER_PAST_TEN.replace(microsecond=250_000), "other"),
]


@pytest.mark.parametrize(("text", "moment", "form"), READ)
def test_forms_that_are_read(text: str, moment: dt.datetime, form: str) -> None:
    assert read_timestamp(text) == (moment, None, form)
    assert instant(text) == moment


def test_the_end_of_the_day_and_the_summer_time() -> None:
    assert read_timestamp("2024-03-20T24:00:00").value == dt.datetime(2024, 3, 21)
    assert read_timestamp("20/06/2024 10:15 BST").value == dt.datetime(2024, 6, 20, 9, 15)


@pytest.mark.parametrize(
    "text",
    [
        *("whenever", "NULL", "1710929700", "20/03/24 10:15", "20032024", "03/20/2024"),
        *("2024-02-30", "2024-03-20T25:00:00", "2024-03-20T24:00:01", "2024-03-20T10:15:00+15:00"),
        *("13/03/2024 13:00 pm", "2024-03-20T10:15:00.", "20-Foo-2024", "0001-01-01T00:00:00"),
        *("9999-12-31T23:59:59", "99991231T235959", "31/12/9999"),
        *("2024-03-20T10:15:00Z\x00", "\u0662\u0660\u0662\u0664-03-20"),
    ],
)
def test_what_cannot_be_read(text: str) -> None:
    assert read_timestamp(text) == (None, "unreadable", None)


def test_nothing_is_missing_not_unreadable() -> None:
    assert {read_timestamp(text) for text in (None, "", "  ")} == {(None, None, None)}


def counted(landed_rows: list[dict[str, object]]) -> set[tuple[object, object, object]]:
    return {(row["item"], row["convention"], row["changed"]) for row in landed_rows}


def test_a_header_in_other_forms_is_read_and_counted(tmp_path: Path) -> None:
    content = (
        cosd(V9_BREAST)
        .replace("2024-02-20T10:15:00", "20/02/2024 10:15:00")
        .replace("EndDate>2024-01-31", "EndDate>31/01/2024")
        .replace("StartDate>2024-01-01", "StartDate>20240101")
    )
    landed = read_cosd(tmp_path, content)
    header = landed.submission
    assert header["created_at"] == dt.datetime(2024, 2, 20, 10, 15)
    assert (header["period_start"], header["period_end"]) == (
        dt.date(2024, 1, 1),
        dt.date(2024, 1, 31),
    )
    assert header["reason"] is None
    assert counted(landed.rows("submission_convention")) >= {
        ("FileCreationDateTime", "timestamp_form", 1),
        ("ReportingPeriodStartDate", "date_form", 1),
        ("ReportingPeriodEndDate", "date_form", 1),
    }


def test_a_header_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    content = (
        cosd(V9_BREAST)
        .replace("2024-02-20T10:15:00", NHS_NUMBER)
        .replace("EndDate>2024-01-31", "EndDate>soon")
    )
    submission = read_cosd(tmp_path, content).submission
    assert (submission["status"], submission["created_at"]) == ("loaded", None)
    assert "creation_time: the header's FileCreationDateTime cannot be read" in submission["reason"]
    assert "reporting_period: the end of the header's period" in submission["reason"]
    assert NHS_NUMBER not in submission["reason"]


@pytest.mark.parametrize("stated", [NHS_NUMBER, "943 476 5919", "Smith", "1e3", "-1"])
def test_a_record_count_that_is_none_is_not_quoted(tmp_path: Path, stated: str) -> None:
    content = cosd(V9_BREAST).replace('RecordCount value="1"', f'RecordCount value="{stated}"')
    submission = read_cosd(tmp_path, content).submission
    assert submission["record_count"] is None
    assert submission["reason"] == (
        "record_count: the header's RecordCount is no count, 1 records were found"
    )


def test_welsh_rows_that_cannot_be_read_are_reported(tmp_path: Path) -> None:
    header = (
        "record_id,extract_created,nhs_number,local_patient_identifier,provider,pathway,icd10,"
        "event_date"
    )
    rows = [
        f"r{number},{text},{NHS_NUMBER},,7A1,primary,C509,20240110"
        for number, text in enumerate(("20/03/2024 10:15:00", "soon", ""))
    ]
    put(tmp_path, "wales/registry/2024-Q1/7A1_tumour.csv", "\n".join((header, *rows)) + "\n")
    landed = read(tmp_path)
    assert [row["created_at"] for row in landed.rows("wales_tumour")] == [
        QUARTER_PAST_TEN,
        None,
        None,
    ]
    (fault,) = landed.rows("submission_fault")
    assert (fault["position"], fault["rule"], fault["severity"]) == (
        2,
        "extract_created_unreadable",
        "warning",
    )
    assert "creation_time: extract_created of 1 rows" in landed.submission["reason"]
    assert ("extract_created", "timestamp_form", 1) in counted(landed.rows("submission_convention"))
