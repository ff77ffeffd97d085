"""How moments are read: when a file, or a row of one, was made.

COSD asks for ``2024-03-20T10:15:00`` (an XML dateTime, with or without a fraction and a zone),
Wales for ``20240320T101500``. What senders write besides is read too, day before month, and counted
by the convention ``timestamp_form``; what cannot be read is told in the ledger, because a file
without a moment sorts before every file that has one (ruling B6).
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Literal, NamedTuple

#: How a moment is written: as XML has it, without separators as Wales has it, or otherwise.
TimestampForm = Literal["iso", "compact", "other"]


class ReadTimestamp(NamedTuple):
    """A moment in UTC without a zone, or that it cannot be read; and how it was written."""

    value: dt.datetime | None
    fault: Literal["unreadable"] | None
    form: TimestampForm | None = None


_MISSING = ReadTimestamp(None, None)
_UNREADABLE = ReadTimestamp(None, "unreadable")
#: A placeholder (0001-01-01 and 9999-12-31 of some programs) says as little as nothing.
_EARLIEST, _LATEST = dt.datetime(1900, 1, 1), dt.datetime(9999, 1, 1)

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_ZONES = {"z": 0, "utc": 0, "gmt": 0, "bst": 60}
_MONTH_NAME = r"(?P<name>[a-z]{3,9})"
_ZONE = r"(?:\s*(?P<zone>z|utc|gmt|bst|[+-]\d{2}(?::?\d{2})?))?"
_FRACTION = r"(?:[.,](?P<fraction>\d{1,9}))?"
_CLOCK = (
    r"(?P<hour>\d{1,2})[:._-](?P<minute>\d{2})"
    rf"(?:[:._-](?P<second>\d{{2}}){_FRACTION})?(?:\s*(?P<half>[ap])\.?m\.?)?"
)
_DATES = (
    r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})",
    r"(?P<day>\d{1,2})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})",
    rf"(?P<day>\d{{1,2}})[- /]?{_MONTH_NAME}[- /]?(?P<year>\d{{4}})",
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
)
_FORMS = (
    *(re.compile(rf"{date}(?:(?:t|,?\s+|[-_:]){_CLOCK})?{_ZONE}", re.ASCII) for date in _DATES),
    re.compile(
        r"(?P<year>\d{4})-?(?P<month>\d{2})-?(?P<day>\d{2})[t _-]?"
        rf"(?P<hour>\d{{2}})(?P<minute>\d{{2}})(?:(?P<second>\d{{2}}){_FRACTION})?{_ZONE}",
        re.ASCII,
    ),
)
_XML_DATE_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII
)
_COMPACT = re.compile(r"\d{8}T\d{6}", re.ASCII)


@lru_cache(maxsize=1 << 12)
def read_timestamp(text: str | None) -> ReadTimestamp:
    """A moment in UTC; one sent without a zone is in UTC, one without a time at midnight (B6).

    Read are, with or without seconds, a fraction and a zone (``Z``, ``+01:00``, ``+0100``, ``+01``,
    UTC, GMT, BST): ``2024-03-20T10:15:00`` (also with a blank for the ``T``), ``20240320T101500``,
    ``20240320101500``, ``20/03/2024 10:15:00`` (day first; also ``-`` or ``.``), ``20-Mar-2024
    10:15``; times of twelve hours with am or pm; and each of these dates alone. ``24:00`` ends the
    day. A moment before 1900 or in 9999 is unreadable: no file was made then.
    """
    sent = (text or "").strip()
    if not sent:
        return _MISSING
    lower = sent.lower()
    match = next((found for form in _FORMS if (found := form.fullmatch(lower))), None)
    moment = _moment(match.groupdict()) if match else None
    if moment is None or not _EARLIEST <= moment < _LATEST:
        return _UNREADABLE
    form: TimestampForm = "other"
    if _XML_DATE_TIME.fullmatch(sent):
        form = "iso"
    elif _COMPACT.fullmatch(sent):
        form = "compact"
    return ReadTimestamp(moment, None, form)


def _moment(part: dict[str, str | None]) -> dt.datetime | None:
    """The moment that the parts of a text name; None when there is no such moment."""
    month = _month(part)
    hour = int(part.get("hour") or 0)
    if half := part.get("half"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    minute, second = int(part.get("minute") or 0), int(part.get("second") or 0)
    microsecond = int((part.get("fraction") or "0")[:6].ljust(6, "0"))
    ends_the_day = (hour, minute, second, microsecond) == (24, 0, 0, 0)
    try:
        moment = dt.datetime(
            int(part["year"] or 0),
            month,
            int(part["day"] or 0),
            0 if ends_the_day else hour,
            minute,
            second,
            microsecond,
        )
        return moment + dt.timedelta(days=ends_the_day) - _offset(part.get("zone"))
    except (ValueError, OverflowError):
        return None


def _month(part: dict[str, str | None]) -> int:
    """The month's number; 0 when the name is of none. Three letters or more name a month."""
    if name := part.get("name"):
        return next((n for n, month in enumerate(_MONTHS, 1) if month.startswith(name)), 0)
    return int(part.get("month") or 0)


def _offset(zone: str | None) -> dt.timedelta:
    """How far a zone is ahead of UTC.

    Raises:
        ValueError: when no clock on Earth is that far ahead.
    """
    if not zone or zone in _ZONES:
        return dt.timedelta(minutes=_ZONES[zone] if zone else 0)
    hours, minutes = int(zone[1:3]), int(zone[3:].lstrip(":") or 0)
    if hours > 14 or minutes > 59:
        raise ValueError(zone)
    return dt.timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
