"""How values as people type them are made comparable: every convention, once.

The reader makes every value comparable, so that what is stored is the code itself or nothing. Here
are the conventions by name, those of each kind of item, and ``Reading``, which reads the values of
one item, counts for the table ``normalisation`` what it changed, and refuses what cannot be a value
of it. The words of ``docs/cosd-items.md`` come from here.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

from naome_assets.contract.cosd_items import carried_items
from naome_assets.sources.nothing import is_no_metastasis, is_nothing
from naome_assets.sources.shapes import SHAPES, labelled
from naome_assets.sources.timestamps import TimestampForm, read_timestamp
from naome_assets.sources.values import (
    NO_DATE,
    DateForm,
    as_whole_number,
    has_lost_digits,
    is_before_1900,
    is_no_date,
    read_date,
    without_text_marks,
)

Kind = Literal[
    "nhs_number",
    "local_identifier",
    "source_identifier",
    "record_identifier",
    "link_key",
    "date",
    "compact_date",
    "hospital_date",
    "timestamp",
    "compact_timestamp",
    "word",
    "name",
    "organisation",
    "icd",
    "code",
    "laterality",
    "number",
    "rank",
    "metastasis",
    "tnm_category",
    "stage_group",
]
#: Why a value is refused: it can be no value of its item, or it is a number cut by a spreadsheet.
Fault = Literal["not_a_code", "digits_lost"]
#: A rank with words behind it, as NDRS writes quintiles.
_RANK = re.compile(r"^(\d)\s*[-(].*$", re.DOTALL)
#: What a copy from a page or a document brings along: blanks of no width, and typeset hyphens.
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_HYPHENS = re.compile("[-\u2010-\u2015\u2212]")
#: Numbers that mean "none" (ruling C3); every other one that passes Modulus 11 is a number.
_NO_NUMBER = frozenset({"0000000000", "9999999999"})
#: Days that hospital data write where there is none (hospital data dictionary), in every form.
_NULL_DATES = frozenset({"1800-01-01", "01/01/1800", "18000101"})
_INVALID_DATES = frozenset({"1801-01-01", "01/01/1801", "18010101"})


@dataclass(frozen=True)
class Convention:
    """One rule by which values are made comparable.

    Attributes:
        words: what is done.
        typed: a value that breaks it, as typed.
        read: what that value counts as.
        step: what is done with a value; None where it depends on the item, or where ``read_date``
            does it.
        is_counted: whether a value that it changes was not written as in the standard.
    """

    words: str
    typed: str
    read: str
    step: Callable[[str], str] | None = None
    is_counted: bool = True


def _letters_and_digits(value: str) -> str:
    plain = unicodedata.normalize("NFKD", value).upper()
    return "".join(letter for letter in plain if letter.isalnum())


def _without(is_none: Callable[[str], bool]) -> Callable[[str], str]:
    return lambda value: "" if is_none(value) else value


#: Every convention by its name.
CONVENTIONS: Mapping[str, Convention] = {
    "end_blanks": Convention("blanks at the ends dropped", " C504 ", "C504", str.strip),
    "text_marks": Convention(
        "a spreadsheet's marks of text dropped", "'03", "03", without_text_marks
    ),
    "nothing": Convention(
        "a word for nothing is not given (I2)", "Not known", "", _without(is_nothing)
    ),
    "no_metastasis": Convention(
        "no metastases is not given (I2)", "No mets", "", _without(is_no_metastasis)
    ),
    "blanks": Convention(
        "blanks dropped", "C5 04", "C504", lambda v: "".join(v.translate(_UNSEEN).split())
    ),
    "hyphens": Convention(
        "hyphens dropped", "943-476-5919", "9434765919", lambda v: _HYPHENS.sub("", v)
    ),
    "lower_case": Convention("upper case", "c504", "C504", str.upper),
    "any_capitals": Convention(
        "compared without case (B3)", "ab-01", "AB-01", str.upper, is_counted=False
    ),
    "capitals": Convention("lower case", "Primary", "primary", str.lower),
    "folded_blanks": Convention(
        "blanks inside folded to one",
        "TRASTUZUMAB  EMTANSINE",
        "TRASTUZUMAB EMTANSINE",
        lambda v: " ".join(v.split()),
    ),
    "dots": Convention("dots dropped", "C50.4", "C504", lambda v: v.replace(".", "")),
    "float": Convention(
        "a whole number written as a fraction or a power is that number, where all its digits "
        "are there",
        "70000001.0",
        "70000001",
        as_whole_number,
    ),
    "lost_digits": Convention(
        "a number that a spreadsheet has cut to a power is nobody's and not given",
        "7.00001E+07",
        "",
        _without(has_lost_digits),
        is_counted=False,
    ),
    "leading_zeros": Convention("a number gets the leading zeros of its item (F7)", "5", "05"),
    "label": Convention("words after a code dropped", "C50.4 Breast", "C504"),
    "stage_word": Convention(
        "the word STAGE dropped (D6)", "STAGE4", "4", lambda v: v.replace("STAGE", "")
    ),
    "rank_words": Convention(
        "of a rank and what it means, the rank",
        "1 - most deprived",
        "1",
        lambda v: _RANK.sub(r"\1", v),
        is_counted=False,
    ),
    "placeholder": Convention(
        "0000000000 and 9999999999 are not given (C3)",
        "0000000000",
        "",
        _without(_NO_NUMBER.__contains__),
    ),
    "no_date": Convention(
        f"{NO_DATE}, 9999-12-31, a spreadsheet's day zero and days of zeros alone are not given",
        NO_DATE,
        "",
        _without(is_no_date),
    ),
    "null_date": Convention(
        "1800-01-01, which hospital data write for none, is not given",
        "1800-01-01",
        "",
        _without(_NULL_DATES.__contains__),
    ),
    "invalid_date": Convention(
        "1801-01-01, which hospital data write for a date that was sent and is none, is not given",
        "1801-01-01",
        "",
        _without(_INVALID_DATES.__contains__),
    ),
    "early_date": Convention(
        "another day before 1900 is not given", "1899-12-30", "", _without(is_before_1900)
    ),
    "date_form": Convention(
        "2024-01-31, 20240131 and 31/01/2024, also with a time, are the same day",
        "31/01/2024",
        "2024-01-31",
    ),
    "timestamp_form": Convention(
        "a moment in another form than the standard's, day before month, is the same moment; "
        "without a time it is midnight",
        "20/03/2024 10:15:00",
        "2024-03-20T10:15:00",
    ),
    "unknown_day": Convention(
        "an unknown day is the 15th, an unknown month 1 July (B12)", "20240100", "2024-01-15"
    ),
    "first_three": Convention(
        "the first three characters (B5)", "R0A01", "R0A", lambda v: v[:3], is_counted=False
    ),
    "any_case": Convention(
        "upper case: TNM itself has small letters (1a, 1mi)",
        "1a",
        "1A",
        str.upper,
        is_counted=False,
    ),
    "category_not_given": Convention(
        "X, with any prefix, is not given (D4)",
        "TX",
        "",
        _without(lambda v: v.lstrip("CPYRATNM") in ("", "X")),
        is_counted=False,
    ),
    "stage_not_given": Convention(
        "X, U and ? are not given (D6)",
        "U",
        "",
        _without(frozenset("XU?").__contains__),
        is_counted=False,
    ),
    "letters_and_digits": Convention(
        "letters and digits alone, without accents, upper case",
        "O'Brïen",
        "OBRIEN",
        _letters_and_digits,
        is_counted=False,
    ),
}
_TYPED = ("end_blanks", "text_marks", "nothing")
_DATE = (*_TYPED, "float", "no_date", "date_form", "unknown_day")
#: The conventions of each kind of item, in order.
KINDS: Mapping[Kind, tuple[str, ...]] = {
    "nhs_number": (*_TYPED, "blanks", "hyphens", "float", "placeholder"),
    "local_identifier": (*_TYPED, "float", "lost_digits", "lower_case"),
    "source_identifier": (*_TYPED, "blanks", "float", "lost_digits"),
    "record_identifier": (*_TYPED, "float", "lost_digits", "any_capitals"),
    "link_key": ("end_blanks", "nothing", "letters_and_digits"),
    "date": _DATE,
    "compact_date": _DATE,
    "hospital_date": (*_TYPED, "null_date", "invalid_date", "early_date"),
    "timestamp": (*_TYPED, "timestamp_form"),
    "compact_timestamp": (*_TYPED, "timestamp_form"),
    "word": (*_TYPED, "capitals"),
    "name": ("end_blanks", "nothing", "lower_case", "folded_blanks"),
    "organisation": (*_TYPED, "lower_case", "label", "first_three"),
    "icd": (*_TYPED, "blanks", "lower_case", "dots", "label"),
    "code": (*_TYPED, "blanks", "lower_case", "float", "leading_zeros", "label"),
    "laterality": (*_TYPED, "blanks", "lower_case", "float", "leading_zeros", "label"),
    "number": (*_TYPED, "blanks", "float", "leading_zeros"),
    "rank": (*_TYPED, "float", "rank_words"),
    "metastasis": (
        *_TYPED,
        "no_metastasis",
        "blanks",
        "lower_case",
        "float",
        "leading_zeros",
        "label",
    ),
    "tnm_category": (*_TYPED, "blanks", "any_case", "float", "label", "category_not_given"),
    "stage_group": (
        *_TYPED,
        "blanks",
        "lower_case",
        "stage_word",
        "float",
        "label",
        "stage_not_given",
    ),
}
#: Kinds that are replaced by keyed pseudonyms while the file is read.
IDENTIFIERS: tuple[Kind, ...] = (
    "nhs_number",
    "local_identifier",
    "source_identifier",
    "record_identifier",
    "link_key",
)
#: How the standard of a source writes its dates.
_FORMS: Mapping[Kind, DateForm] = {"date": "iso", "compact_date": "compact"}
#: And its moments.
_TIMESTAMP_FORMS: Mapping[Kind, TimestampForm] = {
    "timestamp": "iso",
    "compact_timestamp": "compact",
}
#: What is done once a value is known to be a code of its item.
_OF_CODES = ("first_three", "category_not_given", "stage_not_given")
#: Distinct values of an item that are remembered; there are hundreds at most in files of codes.
_MOST_REMEMBERED = 20_000

#: Identifiers and dates as nearly all are written: no step changes one of these.
_PLAIN: Mapping[Kind, Callable[[str], object]] = {
    "nhs_number": re.compile(r"(?!0{10}|9{10})[0-9]{10}").fullmatch,
    "local_identifier": re.compile(r"(?=[A-Z]*[0-9])[A-Z0-9]+").fullmatch,
    "record_identifier": re.compile(r"(?=[A-Z-]*[0-9])[A-Z0-9-]+").fullmatch,
    "date": re.compile(r"[1-9]\d{3}-\d\d-\d\d").fullmatch,
    "hospital_date": re.compile(r"(?:19|20)\d\d-\d\d-\d\d").fullmatch,
    "compact_date": re.compile(r"[1-9]\d{3}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])").fullmatch,
}

Steps = tuple[tuple[str, Callable[[str], str]], ...]


def _steps(names: Sequence[str]) -> Steps:
    return tuple(
        (name, step) for name in names if (step := CONVENTIONS[name].step) and name != "end_blanks"
    )


#: The steps of each kind beside dropping the blanks at the ends.
_STEPS: Mapping[Kind, Steps] = {kind: _steps(names) for kind, names in KINDS.items()}


class Read(NamedTuple):
    """A value as read.

    Attributes:
        value: comparable; of a date as it was sent; None when nothing is given or it is refused.
        broken: conventions that it broke and that are counted.
        fault: why it is refused.
    """

    value: str | None
    broken: tuple[str, ...] = ()
    fault: Fault | None = None


#: Where nothing stands; it is not counted as a value.
_BLANK = Read(None)


class Reading:
    """How the values of one item are read.

    Attributes:
        item: what it is counted under: its number in COSD; in other files the column or element.
        kind: of the item.
        known: values read before, as sent.
    """

    def __init__(self, item: str, kind: Kind, width: str = "", shape: str = "") -> None:
        """An item.

        Args:
            item: its name.
            kind: how its values are made comparable.
            width: digits that a number has in it, where all have as many.
            shape: pattern of a comparable value, where the kind has none of its own. Several
                codes are there with semicolons between them when it ends in ``;``.
        """
        self.item = item
        self.kind = kind
        self._width = int(width) if width else (1 if kind == "number" else 0)
        self._is_joined = shape.endswith(";")
        self._is_shape = (
            re.compile(shape.removesuffix(";")).fullmatch if shape else SHAPES.get(kind)
        )
        names = KINDS[kind]
        self._before = _steps([name for name in names if name not in _OF_CODES])
        self._after = _steps([name for name in names if name in _OF_CODES])
        self._form = _FORMS.get(kind)
        self._timestamp_form = _TIMESTAMP_FORMS.get(kind)
        self._is_plain = _PLAIN.get(kind)
        self._remembers = kind not in IDENTIFIERS
        self.known: dict[str, Read] = {}

    def of(self, sent: str) -> Read:
        """A value as sent."""
        read = self.known.get(sent)
        if read is None:
            read = self._read(sent)
            if self._remembers and len(self.known) < _MOST_REMEMBERED:
                self.known[sent] = read
        return read

    def _read(self, sent: str) -> Read:
        value = sent.strip()
        if not value:
            return _BLANK
        ends = ("end_blanks",) if len(value) != len(sent) else ()
        if self._is_joined:
            parts = [self._part(part.strip()) for part in value.split(";") if part.strip()]
            broken = dict.fromkeys(name for part in parts for name in part.broken)
            fault = next((part.fault for part in parts if part.fault), None)
            codes = ";".join(part.value for part in parts if part.value)
            return Read(codes or None, (*ends, *broken), fault)
        read = self._part(value)
        return read._replace(broken=ends + read.broken) if ends else read

    def _part(self, value: str) -> Read:
        if self._form is not None:
            return self._date(value, self._form)
        if self._timestamp_form is not None:
            return self._timestamp(value, self._timestamp_form)
        if self._is_plain is not None and self._is_plain(value):
            return Read(value)
        made, broken = _stepped(value, self._before)
        made, zeros = self._padded(made)
        broken += zeros
        if not made:
            fault: Fault | None = "digits_lost" if _is_cut(self.kind, value) else None
            return Read(None, broken, fault)
        if self._is_shape is not None and not self._is_shape(made):
            code, zeros = self._padded(labelled(self.kind, value) or "")
            if not code or not self._is_shape(code):
                # Of a pathway that is none of the four a rule of its own tells (A6).
                return Read(None, (), None if self.kind == "word" else "not_a_code")
            made, broken = code, (*broken, *zeros, "label")
        made, _ = _stepped(made, self._after)
        return Read(made or None, broken)

    def _padded(self, made: str) -> tuple[str, tuple[str, ...]]:
        """A number with the digits of its item, and the convention where it had others."""
        if not (self._width and made.isascii() and made.isdigit()):
            return made, ()
        padded = made.lstrip("0").zfill(self._width)
        return padded, ("leading_zeros",) if padded != made else ()

    def _date(self, value: str, form: DateForm) -> Read:
        made, broken = _stepped(value, self._before)
        if not made:
            return Read(None, broken)
        date = read_date(made)
        if date.value is not None and date.form != form:
            broken += ("date_form",)
        if date.fault == "partial":
            broken += ("unknown_day",)
        return Read(made, broken)

    def _timestamp(self, value: str, form: TimestampForm) -> Read:
        made, broken = _stepped(value, self._before)
        moment = read_timestamp(made)
        if moment.value is not None and moment.form != form:
            broken += ("timestamp_form",)
        return Read(made or None, broken)


def _stepped(value: str, steps: Steps) -> tuple[str, tuple[str, ...]]:
    """A value after these steps, and the counted ones that changed it."""
    broken: tuple[str, ...] = ()
    for name, step in steps:
        made = step(value)
        if made != value:
            value = made
            if CONVENTIONS[name].is_counted:
                broken += (name,)
            if not value:
                break
    return value, broken


def _is_cut(kind: Kind, value: str) -> bool:
    return "lost_digits" in KINDS[kind] and has_lost_digits(without_text_marks(value))


def comparable(kind: Kind, value: str | None) -> str:
    """A value after all steps that its kind takes; empty when nothing is left."""
    given = (value or "").strip()
    is_plain = _PLAIN.get(kind)
    if is_plain is not None and is_plain(given):
        return given
    return _stepped(given, _STEPS[kind])[0]


@cache
def reading_of(item: str, kind: Kind) -> Reading:
    """How the values of an identifier or a date are read, whose kind says it all."""
    return Reading(item, kind)


class CodedColumn(NamedTuple):
    """A column of a submission table that holds codes, and the item it is counted under.

    Those of COSD are in ``contract/cosd_items.tsv``, and so are those items that Wales sends under
    a name of its own and that go on unchanged; the others are in ``coded_columns.tsv``.
    """

    table: str
    column: str
    item: str
    kind: Kind
    width: str
    shape: str

    @property
    def reading(self) -> Reading:
        """How its values are read."""
        return Reading(self.item, self.kind, self.width, self.shape)


def coded_columns() -> Iterator[CodedColumn]:
    """Coded columns of every source but COSD."""
    with Path(__file__).with_name("coded_columns.tsv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file, delimiter="\t"):
            yield CodedColumn(**line)  # type: ignore[arg-type]
    for item in carried_items():
        if item.wales:
            kind = cast("Kind", item.kind)
            yield CodedColumn("wales_tumour", item.wales, item.wales, kind, item.width, item.shape)


@cache
def readings(table: str) -> Mapping[str, Reading]:
    """How the values of each coded column of a table are read, by column."""
    return {coded.column: coded.reading for coded in coded_columns() if coded.table == table}


class Refused(NamedTuple):
    """A value that is not kept: it is in these rows of the file."""

    positions: Sequence[int]
    item: str
    fault: Fault
    text: str


@dataclass
class Tally:
    """How many values of each item a file holds, which conventions they broke, which are refused.

    Attributes:
        position: of the record that is read, for values that are added one by one.
        refused: values that are not kept. They are never written: their rows name a keyed hash.
    """

    given: Counter[str] = field(default_factory=Counter)
    changed: Counter[tuple[str, str]] = field(default_factory=Counter)
    position: int = 0
    refused: list[Refused] = field(default_factory=list)

    def read(self, reading: Reading, sent: str) -> str | None:
        """A value that is in the current record, read and counted."""
        read = reading.known.get(sent) or reading.of(sent)
        if read is _BLANK:
            return None
        item = reading.item
        self.given[item] += 1
        for name in read.broken:
            self.changed[item, name] += 1
        if read.fault is not None:
            self.refused.append(Refused((self.position,), item, read.fault, sent))
        return read.value

    def rows(self) -> Iterator[dict[str, Any]]:
        """Rows of ``submission_convention`` without file and quarter."""
        for (item, name), changed in sorted(self.changed.items()):
            yield {
                "item": item,
                "convention": name,
                "given": self.given[item],
                "changed": changed,
            }
