"""Calendar quarters in the three ways in which they are written."""

from __future__ import annotations

import datetime as dt

import pytest

from naome_assets.quarters import Quarter, quarter_number, quarter_range


@pytest.mark.parametrize(
    ("number", "months", "first", "last"),
    [
        (1, ("2024-01", "2024-02", "2024-03"), dt.date(2024, 1, 1), dt.date(2024, 3, 31)),
        (2, ("2024-04", "2024-05", "2024-06"), dt.date(2024, 4, 1), dt.date(2024, 6, 30)),
        (3, ("2024-07", "2024-08", "2024-09"), dt.date(2024, 7, 1), dt.date(2024, 9, 30)),
        (4, ("2024-10", "2024-11", "2024-12"), dt.date(2024, 10, 1), dt.date(2024, 12, 31)),
    ],
)
def test_a_quarter_is_three_months(
    number: int, months: tuple[str, ...], first: dt.date, last: dt.date
) -> None:
    quarter = Quarter(2024, number)
    assert str(quarter) == f"2024-Q{number}"
    assert quarter.months == months
    assert (quarter.first_day, quarter.last_day) == (first, last)
    assert quarter.partition_key == first.isoformat()
    assert {Quarter.of_month(month) for month in months} == {quarter}
    assert {Quarter.of_date(day) for day in (first, last)} == {quarter}
    assert Quarter.of_partition_key(first.isoformat()) == quarter


def test_quarters_are_counted_over_years() -> None:
    last = Quarter(2023, 4)
    assert last.next == last + 1 == Quarter(2024, 1)
    assert last + -4 == Quarter(2022, 4)
    assert Quarter.of_number(last.number_in_time) == last
    assert quarter_number("2024-Q3") - quarter_number("2023-Q4") == 3
    assert sorted([Quarter(2024, 1), last, Quarter(2023, 2)])[1] == last
    assert list(map(str, quarter_range(last, Quarter(2024, 2)))) == [
        *("2023-Q4", "2024-Q1", "2024-Q2"),
    ]
    assert list(quarter_range(Quarter(2024, 2), last)) == []


@pytest.mark.parametrize("text", ["2024-Q5", "2024-Q0", "2024Q1", "1824-Q1", "2024-01", "x2024-Q1"])
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"'{text}' is not a quarter: write it as 2024-Q1"):
        Quarter.parse(text)


def test_a_quarter_may_be_typed_in_small_letters_and_with_blanks() -> None:
    assert Quarter.parse(" 2024-q1 ") == Quarter(2024, 1)


@pytest.mark.parametrize("text", ["2024-00", "2024-13", "2024-1", "2024-Q1"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"'{text}' is not a month"):
        Quarter.of_month(text)
