"""Calendar quarters: the audit's unit of time and Dagster's partition.

A quarter is written three ways, and only here are they turned into one another: ``2024-Q1``
(tables, command line, Welsh folders), ``2024-01-01`` (Dagster partition key) and a span of
calendar months ``2024-01`` to ``2024-03`` (COSD, SACT and deaths folders). A year of the NHS,
``2023-2024``, is April to March; its quarter is the one that ends it (ruling H5).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

_QUARTER = re.compile(r"(?P<year>(?:19|20)\d{2})-[Qq](?P<number>[1-4])")
_MONTH = re.compile(r"(?P<year>(?:19|20)\d{2})-(?P<month>0[1-9]|1[0-2])")
_NHS_YEAR = re.compile(r"(?P<first>(?:19|20)\d{2})-(?P<second>(?:19|20)\d{2})")

#: Data of a quarter are frozen on this day of the second month after it (docs/operation.md).
FREEZE_DAY = 20


@dataclass(frozen=True, order=True)
class Quarter:
    """One calendar quarter, ordered in time."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read ``2024-Q1``.

        Raises:
            ValueError: when the text is not a quarter.
        """
        match = _QUARTER.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"'{text}' is not a quarter: write it as 2024-Q1")
        return cls(int(match["year"]), int(match["number"]))

    @classmethod
    def of_month(cls, text: str) -> Quarter:
        """The quarter of a month folder such as ``2024-02``.

        Raises:
            ValueError: when the text is not a month.
        """
        match = _MONTH.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"'{text}' is not a month: write it as 2024-02")
        return cls(int(match["year"]), (int(match["month"]) + 2) // 3)

    @classmethod
    def of_nhs_year(cls, text: str) -> Quarter:
        """The last quarter of a year of the NHS such as ``2023-2024`` (ruling H5).

        Raises:
            ValueError: when the text is not two years that follow each other.
        """
        match = _NHS_YEAR.fullmatch(text.strip())
        if match is None or int(match["first"]) + 1 != int(match["second"]):
            raise ValueError(f"'{text}' is not a year of the NHS: write it as 2023-2024")
        return cls(int(match["second"]), 1)

    @classmethod
    def of_date(cls, day: dt.date) -> Quarter:
        """The quarter that holds a day."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def of_number(cls, number: int) -> Quarter:
        """The quarter of a number in time."""
        return cls(number // 4, number % 4 + 1)

    @property
    def number_in_time(self) -> int:
        """Quarters since that of number 0: differences are lengths of time."""
        return self.year * 4 + self.number - 1

    @classmethod
    def of_partition_key(cls, key: str) -> Quarter:
        """The quarter of a Dagster partition key, its first day (``2024-01-01``)."""
        return cls.of_date(dt.date.fromisoformat(key))

    @property
    def partition_key(self) -> str:
        """Dagster's partition key: the first day, ISO."""
        return self.first_day.isoformat()

    @property
    def first_day(self) -> dt.date:
        """First calendar day."""
        return dt.date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> dt.date:
        """Last calendar day: the index date of prevalence."""
        return self.next.first_day - dt.timedelta(days=1)

    @property
    def months(self) -> tuple[str, str, str]:
        """The three month folders, ``2024-01`` and so on."""
        first = 3 * self.number - 2
        return (
            f"{self.year}-{first:02d}",
            f"{self.year}-{first + 1:02d}",
            f"{self.year}-{first + 2:02d}",
        )

    @property
    def freeze(self) -> dt.date:
        """The day on which its data are frozen: no figures of it are published before."""
        second = self.next.first_day.month + 1
        return dt.date(self.next.year, second, FREEZE_DAY)

    @property
    def next(self) -> Quarter:
        """The quarter after this one."""
        return self + 1

    def __add__(self, quarters: int) -> Quarter:
        """The quarter so many quarters later (earlier when negative)."""
        return Quarter.of_number(self.number_in_time + quarters)

    def __str__(self) -> str:
        """As the tables write it, ``2024-Q1``."""
        return f"{self.year}-Q{self.number}"


def quarter_number(text: str) -> int:
    """The number of a quarter such as ``2024-Q1``: the next has the next number."""
    return Quarter.parse(text).number_in_time


def quarter_range(first: Quarter, last: Quarter) -> Iterator[Quarter]:
    """Every quarter from first to last, both included; nothing when last is before first."""
    quarter = first
    while quarter <= last:
        yield quarter
        quarter = quarter.next
