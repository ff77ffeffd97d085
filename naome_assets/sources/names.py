"""Names are data too: how the names of files, folders and archive members are shown.

People name files after patients. A part of a path that holds what can be an identifier is replaced
by a short keyed hash before the path enters a row, so that it reaches no table, log or message:
``england/cosd/RAE/2024-01/withheld-kdmfhpbacgle.xml``. The same name gives the same hash as long as
the key is the same, so that a file sent again at its place replaces itself; another name gives
another. Who has the landing folder finds the file by its place.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.shapes import (
    INWARD,
    NO_ORDINAL,
    OUTWARD,
    digits_of_groups,
    is_valid_nhs_number,
)

_ENDING = re.compile(r"\.(?:xml|csv)(?:\.gz)?$|\.zip$", re.IGNORECASE)
#: No file system has a longer name; an archive can, and an engine may not take it.
_LONGEST_PART = 255
_LONGEST_PATH = 1_000

#: Form of an organisation code of the ODS: three to six characters, never digits alone (ruling B5).
_ORGANISATION = re.compile(r"(?=\d*[A-Z])[A-Z0-9]{3,6}", re.IGNORECASE | re.ASCII)
#: Folders of England whose folders are named by organisation.
_BY_ORGANISATION = (["england", "cosd"], ["england", "pathology"])

#: A file of Wales is named by its health board.
_BOARD = re.compile(r"(.*)_(?:tumour|treatment)\.", re.IGNORECASE | re.DOTALL)

#: Ids that programs make: no number of a person is written so.
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DIGEST = re.compile(
    r"(?<![0-9a-z])(?:[0-9a-f]{128}|[0-9a-f]{96}|[0-9a-f]{64}|[0-9a-f]{56}|[0-9a-f]{40}|[0-9a-f]{32})"
    r"(?![0-9a-z])",
    re.IGNORECASE,
)
_SHORT_DIGEST = re.compile(r"(?=(?:\d*[a-f]){2})[0-9a-f]{8,}", re.IGNORECASE)
#: Ten digits as they are printed, 943 476 5919, with any separators.
_NHS_NUMBER = re.compile(
    r"(?<!\d)(?=(\d{3})[^0-9A-Za-z]{0,3}(\d{3})[^0-9A-Za-z]{0,3}(\d{4})(?!\d))"
)
#: Days that are no part of such a number.
_DAY_OF_A_FILE = re.compile(
    # The version of a standard, v10-0-1, as well.
    r"(?<![^\W_])v\d{1,2}(?:[-_.]\d){1,2}(?![^\W_])|"
    r"(?<!\d)(?:20\d\d([-_./ ])\d\d\1\d\d|\d\d([-_./ ])\d\d\2\s*20\d\d)(?!\d)"
)
#: A day of the last centuries is a birthday, not that of a report.
_BIRTHDAY = re.compile(
    r"(?<!\d)(?:1[89]\d\d([-_./ ])\d{1,2}\1\d{1,2}|\d{1,2}([-_./ ])\d{1,2}\2(?:18|19)\d\d)(?!\d)|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:[-_., ]*\d{1,2}[a-z]*)?"
    r"[-_., ]*1[89]\d\d(?!\d)",
    re.IGNORECASE,
)
#: Behind the day of a file: the time of it.
_DAY_AND_TIME = re.compile(
    r"(?:\0d|(?<!\d)(?:20\d{6}|\d{4}20\d\d))[-_ T]{1,2}(?:[01]\d|2[0-3])([-_.:]?)[0-5]\d\1[0-5]\d"
    r"(?!\d)"
)
#: Days with two digits of their year (of which century they do not say) in groups, and with a month
#: in letters; together they are in six digits.
_SHORT_DAY = re.compile(
    r"(?<![^\W_])(\d{1,2})([-_./ ])(\d{1,2})\2(\d{2})(?![^\W_])|(?<!\d)(\d{6})(?!\d)"
)
_SHORT_DAY_IN_WORDS = re.compile(
    r"(?<!\d)\d{1,2}(?:st|nd|rd|th)?[-_., ]*"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}[-_., ]*\d{2}(?!\d)",
    re.IGNORECASE,
)
#: A postcode, with what stands for its blank in names of files.
_POSTCODE = re.compile(
    rf"(?<![A-Z\d]){OUTWARD}[\s_.-]?{INWARD}(?![A-Z\d]){NO_ORDINAL}", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_]+")
#: Shorter runs of digits that are no day count files or name months; longer ones that are no moment
#: name people.
_SHORTEST_NUMBER = 7
#: A counter with zeros in front.
_HIGHEST_COUNTER = 9_999
#: Digits beside letters in one word: R0A02 and v10 have fewer, local identifiers (Q7Z00431) do not.
_FEWEST_DIGITS = 5


def shown_path(path: str, pseudonymiser: Pseudonymiser) -> str:
    """A path relative to the landing folder, or of a member in its archive, fit to be stored.

    Args:
        path: with ``/`` between its parts.
        pseudonymiser: makes the hashes.
    """
    if len(path.encode()) > _LONGEST_PATH:
        return _withheld(path, pseudonymiser)
    parts = path.split("/")
    shown = [
        _withheld(part, pseudonymiser)
        if holds_identifier(part) or len(part.encode()) > _LONGEST_PART
        else part
        for part in parts
    ]
    if parts[:2] in _BY_ORGANISATION and len(parts) > 3:
        shown[2] = shown_organisation(parts[2], pseudonymiser)
    board = _BOARD.match(parts[-1]) if parts[:2] == ["wales", "registry"] else None
    if board and not _ORGANISATION.fullmatch(board[1]):
        shown[-1] = _withheld(parts[-1], pseudonymiser)
    return "/".join(shown)


def shown_organisation(name: str, pseudonymiser: Pseudonymiser) -> str:
    """The name of a provider's folder, or of a health board in a file's name, fit to be stored."""
    return name if _ORGANISATION.fullmatch(name) else _withheld(name.upper(), pseudonymiser)


def _withheld(name: str, pseudonymiser: Pseudonymiser) -> str:
    ending = _ENDING.search(name)
    return f"withheld-{pseudonymiser.name(name)}{ending[0].lower() if ending else ''}"


@lru_cache(maxsize=1 << 12)
def holds_identifier(name: str) -> bool:
    """Whether a name holds what can be an NHS number, local identifier, birthday or postcode.

    Names as senders' systems write them do not, such as
    ``COSD_INFOFLEX(BR)_RTH_2020-03-01_2020-03-31_2020-05-18T12_18_38.xml``; nor do ids of programs
    (UUIDs, digests), counters, and dates and moments since 2000 with the century in their year. In
    doubt a name is withheld.
    """
    if not any(map(str.isdigit, name)):
        return False
    plain = _DIGEST.sub(" ", _UUID.sub(" ", _plain(name)))
    numbers = ["".join(found.groups()) for found in _NHS_NUMBER.finditer(plain)]
    without_days = _DAY_OF_A_FILE.sub("\0d", plain)
    numbers += digits_of_groups(without_days)
    if any(map(is_valid_nhs_number, numbers)):
        return True
    if _BIRTHDAY.search(plain) or _POSTCODE.search(plain):
        return True
    if _holds_short_day(_DAY_AND_TIME.sub("\0d", without_days)):
        return True
    return any(_is_number_of_a_person(word) for word in _WORD.findall(plain))


def _holds_short_day(text: str) -> bool:
    """Whether a text without days of files holds a day of any century: in doubt a birthday."""
    if _SHORT_DAY_IN_WORDS.search(text):
        return True
    for found in _SHORT_DAY.finditer(text):
        first, _, middle, last, run = found.groups()
        if run is None:
            run = f"{first:0>2}{middle:0>2}{last}"
        elif int(run) <= _HIGHEST_COUNTER or any(_moments(run)):
            continue  # Months: 201203 is March 2012, and not 20 December.
        if any(_is_day(run, form) for form in ("%d%m%y", "%y%m%d")):
            return True
    return False


def _is_day(run: str, form: str) -> bool:
    try:
        dt.datetime.strptime(run, form)
    except ValueError:
        return False
    return True


def _plain(name: str) -> str:
    """Escapes of web addresses undone, and every digit of any script as 0 to 9."""
    wide = unicodedata.normalize("NFKC", unquote(name))
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in wide)


def _is_number_of_a_person(word: str) -> bool:
    runs = re.findall(r"\d+", word)
    if word.isdecimal() and int(word) <= _HIGHEST_COUNTER:
        return False
    if any(len(run) >= _SHORTEST_NUMBER and not any(_moments(run)) for run in runs):
        return True
    if word.isdecimal() or _ORGANISATION.fullmatch(word) or _SHORT_DIGEST.fullmatch(word):
        return False
    left = [run for run in runs if not any(_moments(run))]
    # Beside a moment (20240320T101500) a word has the letters T and Z at most.
    if len(left) < len(runs) and re.fullmatch(r"[\dTZ]+", word, re.IGNORECASE):
        return False
    return sum(map(len, left)) >= _FEWEST_DIGITS


def _moments(run: str) -> Iterator[bool]:
    """Whether digits are a month, a day, a moment since 2000, or two days of a period."""
    for form in _FORMS.get(len(run), ()):
        try:
            years = {dt.datetime.strptime(run[at : at + n], of).year for at, n, of in form}
        except ValueError:
            continue
        yield all(2000 <= year < 2100 for year in years)


_DAY, _BRITISH_DAY = "%Y%m%d", "%d%m%Y"
#: By length: where each date in the digits begins, how long it is, and its form.
_FORMS: dict[int, tuple[tuple[tuple[int, int, str], ...], ...]] = {
    6: (((0, 6, "%Y%m"),),),
    8: (((0, 8, _DAY),), ((0, 8, _BRITISH_DAY),)),
    10: (((0, 10, f"{_DAY}%H"),),),
    12: (((0, 12, f"{_DAY}%H%M"),), ((0, 12, f"{_BRITISH_DAY}%H%M"),)),
    14: (((0, 14, f"{_DAY}%H%M%S"),), ((0, 14, f"{_BRITISH_DAY}%H%M%S"),)),
    16: (((0, 8, _DAY), (8, 8, _DAY)), ((0, 8, _BRITISH_DAY), (8, 8, _BRITISH_DAY))),
    17: (((0, 14, f"{_DAY}%H%M%S"),),),
}
