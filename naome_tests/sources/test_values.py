"""Single values, read the same for every source."""

from __future__ import annotations

import datetime as dt

import pytest

from naome_assets.sources.values import (
    MISSING,
    as_whole_number,
    has_lost_digits,
    is_no_date,
    read_count,
    read_date,
    without_text_marks,
)

DAY = dt.date(2024, 1, 31)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-01-31", (DAY, None, "iso")),
        (" 2024-01-31T10:15:00 ", (DAY, None, "other")),
        ("2024-01-31Z", (DAY, None, "other")),
        ("20240131", (DAY, None, "compact")),
        ("20240131 101500", (DAY, None, "other")),
        ("31/01/2024", (DAY, None, "other")),
        ("1/2/2024", (dt.date(2024, 2, 1), None, "other")),
        # Ruling B12: an unknown day is the 15th, an unknown month 1 July.
        ("20240100", (dt.date(2024, 1, 15), "partial", "compact")),
        ("20240000", (dt.date(2024, 7, 1), "partial", "compact")),
        ("2024-02-30", (None, "unreadable", None)),
        ("31.01.2024", (None, "unreadable", None)),
        ("2024", (None, "unreadable", None)),
    ],
)
def test_a_date_is_read_or_what_is_wrong_is_said(text: str, expected: tuple[object, ...]) -> None:
    assert tuple(read_date(text)) == expected


@pytest.mark.parametrize("text", [None, "", "  ", "-4714-12-31", "-4714-12-31 00:00:00"])
def test_nothing_is_no_date(text: str | None) -> None:
    assert read_date(text) == MISSING


@pytest.mark.parametrize(
    ("text", "is_none"),
    [
        ("9999-12-31", True),
        ("31/12/9999 00:00", True),
        ("1900-01-00", True),
        ("0000-00-00", True),
        ("00/00/0000", True),
        ("1900-01-01", False),
        ("2024-01-31", False),
    ],
)
def test_days_that_stand_for_none(text: str, is_none: bool) -> None:
    assert is_no_date(text) is is_none


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'03", "03"),
        ('="03"', "03"),
        ('" 03 "', "03"),
        ("\u201903", "03"),
        ("03", "03"),
        ("''03", "''03"),
    ],
)
def test_marks_of_a_spreadsheet_go(text: str, value: str) -> None:
    assert without_text_marks(text) == value


@pytest.mark.parametrize(
    ("text", "value", "is_cut"),
    [
        ("2.0", "2", False),
        ("2.5", "2.5", False),
        ("9.434765919E+09", "9434765919", False),
        ("9.4347659190E+09", "9434765919", False),
        ("9.43477E+09", "9.43477E+09", True),
        ("9.4347659191E+09", "9.4347659191E+09", True),
        ("9E+09", "9E+09", True),
        ("C50", "C50", False),
    ],
)
def test_a_number_is_whole_where_no_digit_was_lost(text: str, value: str, is_cut: bool) -> None:
    assert as_whole_number(text) == value
    assert has_lost_digits(text) is is_cut


@pytest.mark.parametrize(
    ("text", "count"),
    [("12", 12), (" 0 ", 0), ("", None), (None, None), ("-1", None), ("1.0", None),
     ("\u0662", None), ("999999999", 999999999), ("9434765919", None)],
)  # fmt: skip
def test_a_count_of_a_header_is_one_that_a_file_could_hold(
    text: str | None, count: int | None
) -> None:
    assert read_count(text) == count
