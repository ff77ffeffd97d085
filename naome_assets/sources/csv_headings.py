"""The heading of a CSV file: which of its columns are read, and what to say of the others.

Headings are compared by their letters and digits alone: blanks, underscores, brackets, line breaks
and capitals are typed in many ways and never decide. What a heading says is the sender's; a ledger
quotes it only where it is made of words that published headings have, because the first row of a
file without a heading is a patient.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from naome_assets.sources.errors import RefusedFileError

#: A file with more columns is none that any reader takes: the widest published has about 250.
MOST_COLUMNS = 1_000
#: Names of columns that one reason quotes; the others are counted.
_MOST_NAMED = 12
_PARTS = re.compile(r"[A-Za-z]+|\d+")
#: Words of headings beside those of the published ones.
_WORDS = frozenset((
    "additional", "age", "audit", "batch", "category", "clinic", "code", "comment", "comments",
    "cost", "count", "created", "date", "extract", "field", "file", "flag", "form", "free",
    "group", "hospital", "identifier", "index", "item", "line", "list", "name", "note", "notes",
    "number", "old", "other", "reason", "reference", "remark", "remarks", "row", "site", "source",
    "specialty", "start", "status", "system", "team", "text", "time", "total", "trust", "type",
    "unit", "updated", "user", "value", "version", "ward", "week", "year",
))  # fmt: skip


@lru_cache(maxsize=1 << 12)
def heading_key(heading: str) -> str:
    """Letters and digits of a heading, in lower case: what headings are compared by."""
    plain = unicodedata.normalize("NFKD", heading).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


@dataclass(frozen=True)
class Columns:
    """The columns of one kind of file.

    Attributes:
        required: without them the file is refused.
        wanted: read as well; one that is not found is told.
        optional: read where sent; many senders of this kind of file have none.
        known: published, and left alone (names, addresses, and what no figure needs).
        aliases: other names of a column; the first that the file has is read in its place.
        tells_others: whether columns that no reader takes are told; not of deliveries whose columns
            are cut to order.
    """

    required: Sequence[str]
    wanted: Sequence[str] = ()
    optional: Sequence[str] = ()
    known: Sequence[str] = ()
    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    tells_others: bool = True

    @property
    def read(self) -> tuple[str, ...]:
        """All that a reader may ask for."""
        return (*self.required, *self.wanted, *self.optional)

    def find(self, headings: Sequence[str]) -> dict[str, int]:
        """Place of each column that the file has, by the key of its name.

        Raises:
            RefusedFileError: when a required column is missing, or one that is read appears twice.
        """
        keys = [heading_key(heading) for heading in headings]
        often = Counter(keys)
        places: dict[str, int] = {}
        for name in self.read:
            names = (name, *self.aliases.get(name, ()))
            sent = next((key for key in map(heading_key, names) if key in often), None)
            if sent is None:
                continue
            if often[sent] > 1:
                raise RefusedFileError(
                    "columns_repeated",
                    f"two columns have the name of {name} (letters and digits are compared)",
                )
            places[heading_key(name)] = keys.index(sent)
        missing = [name for name in self.required if heading_key(name) not in places]
        if missing:
            raise RefusedFileError("columns_missing", f"columns are missing: {', '.join(missing)}")
        return places

    def remarks(self, headings: Sequence[str], places: Mapping[str, int]) -> Iterator[str]:
        """What the ledger says of a file that is read: columns not found, columns not taken."""
        absent = [name for name in self.wanted if heading_key(name) not in places]
        if absent:
            yield f"columns_not_found: nothing is read of {_some(absent)}"
        if not self.tells_others:
            return
        left = set(self.read) | set(self.known)
        left |= {other for others in self.aliases.values() for other in others}
        known = {heading_key(name) for name in left} | {""}
        unknown = [
            (number, heading)
            for number, heading in enumerate(headings, start=1)
            if number - 1 not in places.values() and heading_key(heading) not in known
        ]
        if unknown:
            words = _WORDS | _words(left)
            # With data among the headings (a line break lost after them) none is quoted.
            is_data = any(_is_data(heading) for heading in headings)
            names = [
                _quoted(heading)
                if not is_data and _is_plain(heading, words)
                else f"column {number}"
                for number, heading in unknown
            ]
            yield f"columns_not_taken: no reader takes {_some(names)}"


def _some(names: Sequence[str]) -> str:
    told = ", ".join(names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return f"{told} and {more} more" if more > 0 else told


def _words(names: set[str]) -> frozenset[str]:
    return frozenset(
        part.lower() for name in names for part in _PARTS.findall(name) if not part.isdigit()
    )


def _quoted(heading: str) -> str:
    return " ".join(heading.split())


def _is_data(heading: str) -> bool:
    """Whether it has so many digits in a row as dates and identifiers have."""
    digits = re.sub(r"[^0-9A-Za-z]", "", heading)
    return re.search(r"\d{5}", digits) is not None and heading_key(heading)[:1].isdigit()


def _is_plain(heading: str, words: frozenset[str]) -> bool:
    """Whether it is made of words of headings, or has one of them in a name like Drug_Nme."""
    parts = _PARTS.findall(heading)
    if not parts or len(heading) > 80 or not heading.isascii():
        return False
    if any(len(part) > 2 for part in parts if part.isdigit()):
        return False
    letters = [part.lower() for part in parts if not part.isdigit()]
    if all(part in words for part in letters):
        return bool(letters)
    joined = re.fullmatch(r"[A-Za-z]+(_[A-Za-z]+)+", heading) is not None
    return joined and any(part in words for part in letters)
