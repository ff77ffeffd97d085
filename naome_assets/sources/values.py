"""How single values are read, the same for every source."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Literal, NamedTuple

_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:[T ].*|Z|[+-]\d{2}:\d{2})?")
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:[T ].*)?")
_BRITISH = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})(?: .*)?")
_TEXT_MARKS = re.compile(r"[\u2018\u2019'`](?P<marked>[^'].*)|=?\"(?P<quoted>[^\"]*)\"")
_FRACTION = re.compile(r"(?P<whole>\d+)\.0+")
_POWER = re.compile(r"(?P<whole>\d)(?:\.(?P<fraction>\d+))?[eE]\+(?P<power>\d{2,3})")
#: What some SACT systems write for "none": the first day of the Julian period.
NO_DATE = "-4714-12-31"
#: Days that databases and spreadsheets write where there is none: the last that they know, and day
#: zero. Other days before 1900 are faults (A6).
_NO_DAY = re.compile(rf"{NO_DATE}|9999-12-31|31/12/9999|99991231|1900-01-00|00/01/1900|19000100")
#: How a date is written: as 2024-01-31, as 20240131, or otherwise.
DateForm = Literal["iso", "compact", "other"]


class ReadDate(NamedTuple):
    """A date as read, or what is wrong with it; and how it was written, where it could be read."""

    value: dt.date | None
    fault: Literal["unreadable", "partial"] | None
    form: DateForm | None = None


#: Nothing is there.
MISSING = ReadDate(None, None)
_UNREADABLE = ReadDate(None, "unreadable")


@lru_cache(maxsize=1 << 16)
def read_date(text: str | None) -> ReadDate:
    """A date: ``2024-01-31``, ``20240131`` or ``31/01/2024``, also with a time behind.

    ``20240100`` (day unknown) is the 15th and ``20240000`` (month unknown) 1 July, both marked
    partial (ruling B12).
    """
    cleaned = (text or "").strip()
    if not cleaned or cleaned.startswith(NO_DATE):
        return MISSING
    if match := _COMPACT.fullmatch(cleaned):
        year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
        written: DateForm = "compact" if len(cleaned) == 8 else "other"
        if month == 0 and day == 0:
            return _date(year, 7, 1, written, partial=True)
        if day == 0:
            return _date(year, month, 15, written, partial=True)
        return _date(year, month, day, written)
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


def is_no_date(text: str) -> bool:
    """Whether a date says that there is none: a day that only stands for none, or zeros alone."""
    return _NO_DAY.match(text) is not None or not text.strip("0-/:. T")


_BEFORE_1900 = re.compile(
    r"(?:0\d|1[0-8])\d\d(?:-\d\d-\d\d|\d{4})(?:[T ].*)?|\d\d/\d\d/(?:0\d|1[0-8])\d\d(?: .*)?"
)


def is_before_1900(text: str) -> bool:
    """Whether a date in one of the forms lies before 1900."""
    return _BEFORE_1900.fullmatch(text) is not None


def without_text_marks(text: str) -> str:
    """A value without what a spreadsheet puts around text: ``'03``, ``="03"``, ``"03"``."""
    match = _TEXT_MARKS.fullmatch(text)
    return (match["marked"] or match["quoted"]).strip() if match else text


def as_whole_number(text: str) -> str:
    """``2.0`` is 2 and ``9.434765919E+09`` is 9434765919; anything else is as it was."""
    if match := _FRACTION.fullmatch(text):
        return match["whole"]
    power = _POWER.fullmatch(text)
    if power is None or _is_cut(power):
        return text
    fraction = (power["fraction"] or "").ljust(int(power["power"]), "0")
    return power["whole"] + fraction[: int(power["power"])]


def has_lost_digits(text: str) -> bool:
    """Whether a number is written as a power with fewer digits than it has."""
    power = _POWER.fullmatch(text)
    return power is not None and _is_cut(power)


def _is_cut(power: re.Match[str]) -> bool:
    # Of 9.43477E+09 nobody can tell whether zeros follow: most often other digits did.
    fraction, places = power["fraction"] or "", int(power["power"])
    return len(fraction) < places or fraction[places:].strip("0") != ""


#: A header that states more counts nothing: no file holds a thousand million records, and an NHS
#: number, which has ten digits, can be there by mistake.
_LONGEST_COUNT = 9


def read_count(text: str | None) -> int | None:
    """A count that a header states; None when it is no number, or one that nothing could hold."""
    stated = (text or "").strip()
    is_count = stated.isascii() and stated.isdigit() and len(stated) <= _LONGEST_COUNT
    return int(stated) if is_count else None
