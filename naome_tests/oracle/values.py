"""What single values mean: dates in each source's notation, codes, NHS numbers, ages."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

EARLIEST = dt.date(1900, 1, 1)
#: Answers that say nothing, without their blanks and stops (ruling I2).
NO_ANSWER = {
    *("", "null", "nil", "none", "nan", "nat", "na", "nk", "nr", "unk", "unknown", "blank"),
    *("notknown", "notrecorded", "notapplicable", "notgiven", "notstated", "nonerecorded"),
    *("notavailable", "missing", "undefined", "tbc"),
}


@dataclass(frozen=True)
class Day:
    """A date as read. ``fault``: none, missing, unreadable, or partial (ruling B12)."""

    date: dt.date | None
    fault: str = "none"


MISSING = Day(None, "missing")
UNREADABLE = Day(None, "unreadable")


def given(text: str | None) -> str:
    """A value without blanks at its ends; empty when it says that there is none (ruling I2)."""
    text = (text or "").strip()
    bare = re.sub(r"[^a-z0-9+]", "", text.lower())
    return "" if bare in NO_ANSWER else text.removeprefix("'")


def whole(text: str) -> str:
    """A number as it was before a program made a fraction of it: 2.0 is 2."""
    return re.sub(r"^([0-9]+)[.]0+$", r"\1", text)


def iso_day(text: str | None) -> Day:
    """YYYY-MM-DD: COSD. A time zone, which xs:date allows, is dropped."""
    text = given(text)
    if not text:
        return MISSING
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(Z|[+-]\d\d:\d\d)?", text)
    return _day(*match.groups()[:3]) if match else UNREADABLE


def compact_day(text: str | None) -> Day:
    """CCYYMMDD: Wales and deaths. Unknown day: the 15th; unknown month: 1 July (ruling B12)."""
    text = whole(given(text))
    if not text:
        return MISSING
    match = re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text)
    if match is None:
        return UNREADABLE
    year, month, day = match.groups()
    if (year, month, day) in _NO_DAYS:
        return MISSING
    if month == day == "00":
        month, day, fault = "07", "01", "partial"
    elif day == "00":
        day, fault = "15", "partial"
    else:
        fault = "none"
    read = _day(year, month, day)
    return Day(read.date, fault) if read.date else read


def sact_day(text: str | None) -> Day:
    """YYYY-MM-DD or DD/MM/YYYY; -4714-12-31 says that there is none."""
    text = given(text)
    if text == "-4714-12-31":
        return MISSING
    match = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", text)
    return _day(match[3], match[2], match[1]) if match else iso_day(text)


def any_day(text: str | None) -> dt.date | None:
    """A day in whichever of these notations it is written; None when in none of them."""
    days = (read(text).date for read in (iso_day, compact_day, sact_day))
    return next((day for day in days if day), None)


#: What programs write for no day at all: their last, and the eve of a spreadsheet's first.
_NO_DAYS = {("9999", "12", "31"), ("1900", "01", "00")}


def _day(year: str, month: str, day: str) -> Day:
    if (year, month, day) in _NO_DAYS:
        return MISSING
    try:
        return Day(dt.date(int(year), int(month), int(day)))
    except ValueError:
        return UNREADABLE


_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%Y/%m/%d", "%d-%m-%Y", "%d.%m.%Y", "%d-%b-%Y", "%d %B %Y")
_CLOCKS = ("%H:%M:%S.%f", "%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p")
_NOTATIONS = (*(f"{day} {clock}" for day in _DAYS for clock in _CLOCKS), *_DAYS)


def instant(text: str | None) -> dt.datetime | None:
    """A time in UTC; none given counts as UTC (ruling B6). None when missing or unreadable.

    Whatever notation a sender's program writes, the day before the month; a day alone begins at
    midnight, and no file was made before 1900 or in the year 9999.
    """
    text = re.sub(r"\s*(Z|UTC|GMT)$", "+00:00", (text or "").strip())
    zone = re.search(r"(?<=\d)\s*([+-])(\d\d):?(\d\d)$", text)
    # In a day alone a hyphen and four digits are its year.
    if zone and not re.fullmatch(r"\d\d?-(\d\d?|\w{3})-\d{4}", text):
        ahead = dt.timedelta(hours=int(zone[2]), minutes=int(zone[3]))
        ahead = ahead if zone[1] == "+" else -ahead
        text = text[: zone.start()]
    else:
        ahead = dt.timedelta()
    # Digits run together are taken apart first.
    text = re.sub(r"^(\d{4})(\d\d)(\d\d)(?=\D|\d{4}|\d{6}|$)", r"\1-\2-\3 ", text)
    text = re.sub(r"(?<= )[T ]*(\d\d)(\d\d)(\d\d)?(?=\.|$)", _with_colons, text)
    text = re.sub(r"(?<=\d) *T *(?=\d)", " ", re.sub(r"(\.\d{6})\d+$", r"\1", text)).strip()
    for notation in _NOTATIONS:
        try:
            time = dt.datetime.strptime(text, notation)
        except ValueError:
            continue
        return time - ahead if EARLIEST <= time.date() < dt.date(9999, 1, 1) else None
    return None


def _with_colons(clock: re.Match[str]) -> str:
    return ":".join(part for part in clock.groups() if part)


def code(text: str | None) -> str:
    """A code for comparison: blanks gone, upper case, no fraction; empty when missing."""
    return whole(re.sub(r"\s+", "", given(text)).upper())


def two_digits(text: str | None) -> str:
    """A code of two digits, of which the first can have been lost where it is a zero."""
    read = code(text)
    return read.zfill(2) if read.isdigit() else read


def one_digit(text: str | None) -> str:
    """A code of one digit, before which zeros can have come."""
    read = code(text)
    return str(int(read)) if read.isdigit() else read


def organisation(text: str | None) -> str:
    """The first three characters, upper case (ruling B5)."""
    return code(text)[:3]


def tnm(*sent: str) -> str:
    """A T, N or M category, the first that is given; X with any prefix is not (ruling D4)."""
    return next((code(text) for text in sent if without_prefix(text) not in ("", "X")), "")


def without_prefix(category: str) -> str:
    """Of ypT1c: 1C."""
    return code(category).lstrip("CPYRATNM")


def stage(*sent: str) -> str:
    """A stage group without the word STAGE, the first that is given (ruling D6)."""
    groups = (code(text).replace("STAGE", "") for text in sent)
    return next((group for group in groups if group not in ("", "X", "U", "?")), "")


def icd3(text: str | None) -> str:
    """Dots and blanks dropped, upper case, three characters (ruling B1)."""
    return code(text).replace(".", "")[:3]


def local_identifier(text: str | None) -> str:
    """Trimmed, upper case, leading zeros kept (ruling C6)."""
    return whole(given(text)).upper()


def same_identifier(text: str | None) -> str:
    """A record's Id as it is compared: trimmed, without case, no fraction (rulings B3, I2)."""
    return whole(given(text)).upper()


def nhs_number(text: str | None) -> tuple[str, str]:
    """The number and ``valid``, ``invalid`` or ``missing`` (rulings C1, C3)."""
    number = whole(re.sub(r"[\s-]+", "", given(text)))
    if number in ("", "0000000000", "9999999999"):
        return "", "missing"
    return number, "valid" if passes_modulus_11(number) else "invalid"


def passes_modulus_11(number: str) -> bool:
    """Ten digits, the last of which is 11 less the weighted sum of the others, modulo 11."""
    if not re.fullmatch(r"[0-9]{10}", number):
        return False
    weighted = sum(
        int(digit) * weight for digit, weight in zip(number[:9], range(10, 1, -1), strict=True)
    )
    return (11 - weighted % 11) % 11 == int(number[9])


def completed_years(since: dt.date, on: dt.date) -> int:
    """Birthdays passed; one on 29 February passes on 1 March in common years (ruling C5)."""
    not_yet = (on.month, on.day) < (since.month, since.day)
    return on.year - since.year - not_yet
