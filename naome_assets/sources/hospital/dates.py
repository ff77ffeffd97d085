"""Dates of hospital data: one form a column of a file, and days that stand for none (H9, H10)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from naome_assets.sources.conventions import reading_of
from naome_assets.sources.csv_table import Batch
from naome_assets.sources.line_table import Lines
from naome_assets.sources.values import read_date

_FORMS = {
    "iso": re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ].*)?"),
    "british": re.compile(r"\d{2}/\d{2}/\d{4}(?: .*)?"),
    "compact": re.compile(r"\d{8}"),
}
_LONGEST_DATE = 10


@dataclass
class DateColumns:
    """The dates of one file.

    Attributes:
        names: of its columns of dates.
    """

    names: Sequence[str]
    _forms: dict[str, str] = field(default_factory=dict)

    def note(self, lines: Lines) -> None:
        """Look at rows, wanted or not, until the first date of each column is met."""
        for name in self.names:
            if name in self._forms:
                continue
            place = lines.place(name)
            if place is None:
                continue
            heads = lines.heads([place], _LONGEST_DATE)[:, 0]
            if not heads.any():
                continue
            # Only what has the marks of a form, or no more than eight signs, can be of one.
            marked = (heads[:, 4] == ord("-")) | (heads[:, 2] == ord("/")) | (heads[:, 8] == 0)
            marked &= heads[:, 7] != 0
            texts = (bytes(head).rstrip(b"\0") for head in heads[marked])
            self._note(name, (text.decode("ascii", "replace") for text in texts))

    def date(self, batch: Batch, name: str, column: str) -> dict[str, pa.Array]:
        """``column`` and ``column_fault``: unreadable where something stands that is no date.

        1800-01-01 and 1801-01-01 are counted apart by the file, days before 1900 too.
        """
        if name not in self._forms:
            values, places = batch.sent(name)
            self._note(name, (values[place] or "" for place in places.tolist()))
        form = self._forms.get(name)

        def read(text: str | None) -> Sequence[Any]:
            if text is None:
                return None, None
            if form is None or not _FORMS[form].fullmatch(text):
                return None, "unreadable"
            return read_date(text)[:2] if "00" not in _day_and_month(text, form) else _UNREADABLE

        return batch.distinct(
            name,
            reading_of(name, "hospital_date"),
            read,
            {column: pa.date32(), f"{column}_fault": pa.string()},
        )

    def _note(self, name: str, texts: Iterable[str]) -> None:
        for text in texts:
            for form, pattern in _FORMS.items():
                if pattern.fullmatch(text.strip()):
                    self._forms[name] = form
                    return


_UNREADABLE = (None, "unreadable")


def _day_and_month(text: str, form: str) -> tuple[str, str]:
    if form == "compact":
        return text[4:6], text[6:8]
    return (text[5:7], text[8:10]) if form == "iso" else (text[0:2], text[3:5])
