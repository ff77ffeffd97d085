"""How values as people type them are made comparable: every convention, once.

Each has a name, words, and the step that makes a value comparable: as Python where the reader takes
it (identifiers never leave the reader), as SQL where the models do (codes are stored as sent), or
as both. From here come the macros of the SQL project (``dbt_like_sql/macros/conventions.sql``), the
words of ``docs/cosd-items.md``, the readers' own cleaning, and what the table ``normalisation``
counts: a value breaks a convention when the step changes it.
"""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

from naome_assets.sources.timestamps import TimestampForm, read_timestamp
from naome_assets.sources.values import NO_DATE, DateForm, read_date

Kind = Literal[
    "nhs_number",
    "local_identifier",
    "record_identifier",
    "link_key",
    "date",
    "compact_date",
    "timestamp",
    "compact_timestamp",
    "pathway_type",
    "word",
    "name",
    "organisation",
    "icd",
    "code",
    "two_digits",
    "tnm_category",
    "stage_group",
]
#: Numbers that mean "none" (ruling C3); every other one that passes Modulus 11 is a number.
_NO_NUMBER = frozenset({"0000000000", "9999999999"})


@dataclass(frozen=True)
class Convention:
    """One rule by which values are made comparable.

    Attributes:
        words: what is done.
        typed: a value that breaks it, as typed.
        read: what that value counts as.
        step: what the reader does with a value, where it is the reader's.
        sql: what the models do with it, of ``{value}``, where it is theirs.
        is_counted: whether a value that it changes was not written as in the standard.
    """

    words: str
    typed: str
    read: str
    step: Callable[[str], str] | None = None
    sql: str = ""
    is_counted: bool = True


def _letters_and_digits(value: str) -> str:
    plain = unicodedata.normalize("NFKD", value).upper()
    return "".join(letter for letter in plain if letter.isalnum())


def _without(placeholders: frozenset[str]) -> Callable[[str], str]:
    return lambda value: "" if value in placeholders else value


#: Every convention by its name.
CONVENTIONS: Mapping[str, Convention] = {
    "end_blanks": Convention("blanks at the ends dropped", " C504 ", "C504", str.strip),
    "blanks": Convention(
        "blanks dropped", "C5 04", "C504", lambda v: "".join(v.split()), "replace({value}, ' ', '')"
    ),
    "hyphens": Convention(
        "hyphens dropped", "943-476-5919", "9434765919", lambda v: v.replace("-", "")
    ),
    "lower_case": Convention("upper case", "c504", "C504", str.upper, "upper({value})"),
    "any_capitals": Convention(
        "compared without case (B3)", "ab-01", "AB-01", str.upper, is_counted=False
    ),
    "capitals": Convention("lower case", "Primary", "primary", sql="lower({value})"),
    "folded_blanks": Convention(
        "blanks inside folded to one",
        "TRASTUZUMAB  EMTANSINE",
        "TRASTUZUMAB EMTANSINE",
        lambda v: " ".join(v.split()),
    ),
    "dots": Convention(
        "dots dropped",
        "C50.4",
        "C504",
        lambda v: v.replace(".", ""),
        "replace({value}, '.', '')",
    ),
    "leading_zero": Convention(
        "a single digit gets its leading zero (F7)",
        "5",
        "05",
        lambda v: f"0{v}" if len(v) == 1 else v,
        "case when length({value}) = 1 then '0' || {value} else {value} end",
    ),
    "stage_word": Convention(
        "the word STAGE dropped (D6)", "STAGE4", "4", sql="replace({value}, 'STAGE', '')"
    ),
    "placeholder": Convention(
        "0000000000 and 9999999999 are not given (C3)", "0000000000", "", _without(_NO_NUMBER)
    ),
    "no_date": Convention(f"{NO_DATE} is not given", NO_DATE, ""),
    "date_form": Convention(
        "2024-01-31, also with a time, 20240131 and 31/01/2024 are the same day",
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
        "the first three characters (B5)",
        "R0A01",
        "R0A",
        lambda v: v[:3],
        "substr({value}, 1, 3)",
        is_counted=False,
    ),
    "any_case": Convention(
        "upper case: TNM itself has small letters (1a, 1mi)",
        "1a",
        "1A",
        sql="upper({value})",
        is_counted=False,
    ),
    "category_not_given": Convention(
        "X, with any prefix, is not given (D4)",
        "TX",
        "",
        sql="case when ltrim({value}, 'CPYRATNM') in ('', 'X') then null else {value} end",
        is_counted=False,
    ),
    "stage_not_given": Convention(
        "X, U and ? are not given (D6)",
        "?",
        "",
        sql="case when {value} in ('X', 'U', '?') then null else {value} end",
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
#: The conventions of each kind of item, in order. A kind that the models deal with is the name of
#: their macro.
KINDS: Mapping[Kind, tuple[str, ...]] = {
    "nhs_number": ("end_blanks", "blanks", "hyphens", "placeholder"),
    "local_identifier": ("end_blanks", "lower_case"),
    "record_identifier": ("end_blanks", "any_capitals"),
    "link_key": ("end_blanks", "letters_and_digits"),
    "date": ("end_blanks", "no_date", "date_form", "unknown_day"),
    "compact_date": ("end_blanks", "no_date", "date_form", "unknown_day"),
    "timestamp": ("end_blanks", "timestamp_form"),
    "compact_timestamp": ("end_blanks", "timestamp_form"),
    "pathway_type": ("end_blanks", "leading_zero"),
    "word": ("end_blanks", "capitals"),
    "name": ("end_blanks", "lower_case", "folded_blanks"),
    "organisation": ("end_blanks", "lower_case", "first_three"),
    "icd": ("end_blanks", "blanks", "lower_case", "dots"),
    "code": ("end_blanks", "blanks", "lower_case"),
    "two_digits": ("end_blanks", "blanks", "lower_case", "leading_zero"),
    "tnm_category": ("end_blanks", "blanks", "any_case", "category_not_given"),
    "stage_group": ("end_blanks", "blanks", "lower_case", "stage_word", "stage_not_given"),
}
#: Kinds that are replaced by keyed pseudonyms while the file is read.
IDENTIFIERS: tuple[Kind, ...] = (
    "nhs_number",
    "local_identifier",
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
#: Kinds that the reader makes comparable: they are not stored as sent.
_READ: tuple[Kind, ...] = (
    *IDENTIFIERS,
    *_FORMS,
    *_TIMESTAMP_FORMS,
    "pathway_type",
    "name",
)
#: Kinds that stay as they were sent until the models make them comparable.
SQL_KINDS: tuple[Kind, ...] = tuple(kind for kind in KINDS if kind not in _READ)
#: Those that the models also count. ICD codes of several items stand in one column (a record keeps
#: one of its codes, a death joins fifteen), so that only the reader can tell the items apart.
SQL_COUNTED: tuple[Kind, ...] = tuple(kind for kind in SQL_KINDS if kind != "icd")
#: Kinds of which the reader counts more than the blanks at the ends.
_COUNTED: frozenset[Kind] = frozenset(
    kind
    for kind, names in KINDS.items()
    if kind not in SQL_COUNTED and any(CONVENTIONS[name].is_counted for name in names[1:])
)


class CodedColumn(NamedTuple):
    """A column of a submission table that holds codes as sent, and the item it is counted under.

    Those of COSD are in ``cosd/items.tsv``, those of the other sources in ``coded_columns.tsv``.
    ``parts`` are the parts of the table that hold the item, where others of it hold another.
    """

    table: str
    column: str
    item: str
    kind: Kind
    parts: tuple[str, ...] = ()


def coded_columns() -> Iterator[CodedColumn]:
    """Columns of every source but COSD whose values the models make comparable."""
    with Path(__file__).with_name("coded_columns.tsv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file, delimiter="\t"):
            yield CodedColumn(**line)  # type: ignore[arg-type]


#: The reader's steps of each kind beside dropping the blanks at the ends.
_STEPS: Mapping[Kind, tuple[tuple[str, Callable[[str], str]], ...]] = {
    kind: tuple((name, step) for name in names[1:] if (step := CONVENTIONS[name].step) is not None)
    for kind, names in KINDS.items()
}


def comparable(kind: Kind, value: str | None) -> str:
    """A value after all steps of the reader that its kind takes; empty when nothing is left."""
    made = (value or "").strip()
    for _, step in _STEPS[kind]:
        made = step(made)
    return made


def broken_by(kind: Kind, value: str) -> tuple[str, ...]:
    """Counted conventions beside ``end_blanks`` that a value breaks and the reader deals with.

    Args:
        kind: of the item.
        value: without blanks at its ends.
    """
    form = _FORMS.get(kind)
    if form is not None:
        return _broken_by_date(value, form)
    if kind in _TIMESTAMP_FORMS:
        moment = read_timestamp(value)
        is_other = moment.value is not None and moment.form != _TIMESTAMP_FORMS[kind]
        return ("timestamp_form",) if is_other else ()
    broken: tuple[str, ...] = ()
    for name, step in _STEPS[kind]:
        made = step(value)
        if made != value:
            value = made
            if CONVENTIONS[name].is_counted:
                broken += (name,)
    return broken


def _broken_by_date(value: str, form: DateForm) -> tuple[str, ...]:
    date = read_date(value)
    if date.value is None:
        return ("no_date",) if value.startswith(NO_DATE) else ()
    broken = () if date.form == form else ("date_form",)
    return broken if date.fault is None else (*broken, "unknown_day")


@dataclass
class Tally:
    """How many values of each item a file holds, and how many broke a convention.

    Of conventions that the reader deals with; the models count theirs from what is stored. The
    values themselves are not kept.
    """

    given: Counter[str] = field(default_factory=Counter)
    changed: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, item: str, kind: Kind, sent: str, value: str) -> None:
        """A value of an item, as sent and without the blanks at its ends."""
        self.given[item] += 1
        if len(sent) != len(value):
            self.changed[item, "end_blanks"] += 1
        if kind in _COUNTED:
            for name in broken_by(kind, value):
                self.changed[item, name] += 1

    def rows(self) -> Iterator[dict[str, Any]]:
        """Rows of ``submission_convention`` without file and quarter."""
        for (item, name), changed in sorted(self.changed.items()):
            yield {
                "item": item,
                "convention": name,
                "given": self.given[item],
                "changed": changed,
            }
