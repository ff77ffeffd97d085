"""How single values are read, the same for every source."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Literal, NamedTuple

#: Longer values are cut: no code is, and free text is never stored.
LONGEST_CODE = 60

_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:[T ].*|Z|[+-]\d{2}:\d{2})?")
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")
_BRITISH = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})(?: .*)?")
#: What some SACT systems write for "none": the first day of the Julian period.
NO_DATE = "-4714-12-31"
#: How a date is written: as 2024-01-31, as 20240131, or otherwise.
DateForm = Literal["iso", "compact", "other"]


class ReadDate(NamedTuple):
    """A date as read, or what is wrong with it; and how it was written, where it could be read."""

    value: dt.date | None
    fault: Literal["unreadable", "partial"] | None
    form: DateForm | None = None


#: Nothing stands there.
MISSING = ReadDate(None, None)
_UNREADABLE = ReadDate(None, "unreadable")


@lru_cache(maxsize=1 << 16)
def read_date(text: str | None) -> ReadDate:
    """A date: ``2024-01-31`` (also with a time or zone), ``20240131`` or ``31/01/2024``.

    ``20240100`` (day unknown) is the 15th and ``20240000`` (month unknown) 1 July, both marked
    partial (ruling B12).
    """
    cleaned = (text or "").strip()
    if not cleaned or cleaned.startswith(NO_DATE):
        return MISSING
    if match := _COMPACT.fullmatch(cleaned):
        year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
        if month == 0 and day == 0:
            return _date(year, 7, 1, "compact", partial=True)
        if day == 0:
            return _date(year, month, 15, "compact", partial=True)
        return _date(year, month, day, "compact")
    match = _ISO.fullmatch(cleaned) or _BRITISH.fullmatch(cleaned)
    if match is None:
        return _UNREADABLE
    # Without a time or zone an ISO date has ten characters.
    form: DateForm = "iso" if match.re is _ISO and len(cleaned) == 10 else "other"
    return _date(int(match["year"]), int(match["month"]), int(match["day"]), form)


def _date(year: int, month: int, day: int, form: DateForm, *, partial: bool = False) -> ReadDate:
    try:
        return ReadDate(dt.date(year, month, day), "partial" if partial else None, form)
    except ValueError:
        return _UNREADABLE


def read_code(text: str | None) -> str | None:
    """A code as sent, without blanks at its ends; None when nothing is left."""
    return (text or "").strip()[:LONGEST_CODE] or None


#: A header that states more counts nothing: no file holds a thousand million records, and an NHS
#: number, which has ten digits, can stand there by mistake.
_LONGEST_COUNT = 9


def read_count(text: str | None) -> int | None:
    """A count that a header states; None when it is no number, or one that nothing could hold."""
    stated = (text or "").strip()
    is_count = stated.isascii() and stated.isdigit() and len(stated) <= _LONGEST_COUNT
    return int(stated) if is_count else None
