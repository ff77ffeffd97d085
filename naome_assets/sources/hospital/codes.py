"""ICD-10 codes of hospital data in their normal form, and which of them make a row wanted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from naome_assets.sources.conventions import Refused
from naome_assets.sources.csv_table import Batch
from naome_assets.sources.line_table import Codes, Mask

#: Three characters, and a fourth that is a digit, or a filler that says nothing (ruling H14).
_NORMAL = re.compile(r"(?P<three>[A-Z]\d\d)(?:(?P<fourth>\d)|[X-])?")
#: What coders write where there is no diagnosis; R69X and its fillers name none either.
_NO_DIAGNOSIS = re.compile(r"-+|&|0000|7999|R69X?[3689]?|")
#: Any cancer, in situ, benign or uncertain; history of breast cancer; radiotherapy, chemotherapy,
#: palliative care (section 7 of the contract for hospital data).
_WANTED = re.compile(r"C\d\d\d?|D[0-3]\d\d?|D4[0-8]\d?|Z853|Z51[0125]")


class Code(NamedTuple):
    """A code as read.

    Attributes:
        icd: in normal form; None when there is none.
        is_refused: something is there, and it is no code.
    """

    icd: str | None
    is_refused: bool = False


@lru_cache(maxsize=1 << 16)
def normal_icd(sent: str | None) -> Code:
    """A code in normal form: ``c79.5``, ``C795D`` and ``C795`` are C795, ``C80X`` is C80.

    Dots and blanks are dropped, and all behind four characters; a fourth that is neither a digit
    nor a filler (X, -) makes no code.
    """
    text = "".join((sent or "").upper().split()).replace(".", "").replace('"', "")
    if _NO_DIAGNOSIS.fullmatch(text):
        return Code(None)
    match = _NORMAL.fullmatch(text[:4])
    if match is None:
        return Code(None, True)
    return Code(match["three"] + (match["fourth"] or ""))


def is_wanted(icd: str) -> bool:
    """Whether a code in normal form makes its row wanted."""
    return _WANTED.fullmatch(icd) is not None


def may_be_wanted(heads: Codes) -> Mask:
    """Whether a value may be such a code, by its first two bytes; blanks before it are gone."""
    first, second = heads[..., 0] & 0xDF, heads[..., 1]
    found: Mask = first == ord("C")
    found |= (first == ord("D")) & (second < ord("5"))
    found |= (first == ord("Z")) & ((second == ord("8")) | (second == ord("5")))
    return found


class RowCodes(NamedTuple):
    """Codes of many rows.

    Attributes:
        rows: number of the row in its batch, of each code.
        codes: in normal form, each once a row, in the order of rows.
        is_wanted: of each row, whether one of its codes makes it wanted.
    """

    rows: np.ndarray[Any, np.dtype[np.int64]]
    codes: pa.Array
    is_wanted: Mask


def codes_of(batch: Batch, columns: Sequence[str], *, joined: bool = False) -> RowCodes:
    """The codes in these columns; values that are none are told of rows that are wanted.

    Args:
        batch: rows.
        columns: of codes.
        joined: a value holds several codes with commas between them.
    """
    rows: list[np.ndarray[Any, np.dtype[np.int64]]] = []
    made: list[np.ndarray[Any, np.dtype[np.int64]]] = []
    refused: list[tuple[str, str, np.ndarray[Any, np.dtype[np.int64]]]] = []
    known: dict[str, int] = {}
    for name in columns:
        values, places = batch.sent(name)
        order = np.argsort(places, kind="stable")
        sizes = np.bincount(places, minlength=len(values))
        stops = np.cumsum(sizes)
        for number, value in enumerate(values):
            if value is None or not sizes[number]:
                continue
            where = order[stops[number] - sizes[number] : stops[number]]
            for part in value.split(",") if joined else (value,):
                code = normal_icd(part)
                if code.icd is not None:
                    rows.append(where)
                    made.append(np.full(len(where), known.setdefault(code.icd, len(known))))
                elif code.is_refused:
                    refused.append((name, part, where))
    wanted = np.zeros(batch.rows, bool)
    if not rows:
        return RowCodes(np.zeros(0, np.int64), pa.array([], pa.string()), wanted)
    pairs = np.unique(np.concatenate(rows) * len(known) + np.concatenate(made))
    at, code_at = np.divmod(pairs, len(known))
    names = list(known)
    wanted[at[np.array([is_wanted(icd) for icd in names])[code_at]]] = True
    positions = batch.positions.to_numpy()
    for name, part, where in refused:
        told = where[wanted[where]]
        if len(told):
            batch.tally.refused.append(Refused(positions[told], name, "not_a_code", part))
    return RowCodes(at, pa.array(names, pa.string()).take(pa.array(code_at)), wanted)
