"""What was done about each flag: a CSV file that the audit team edits."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from naome_assets.publication.report.measures import MEASURES
from naome_assets.publication.report.outliers.flags import FIGURES, FlagKey
from naome_assets.quarters import Quarter

#: The columns that are read; a file may have others, which are not.
COLUMNS = (
    "quarter", "place", "indicator", "figure", "told", "responded", "response", "closed", "outcome",
)  # fmt: skip
RESPONSES = ("data_corrected", "explained", "accepted")
OUTCOMES = ("confirmed", "not_confirmed")
_DAYS = ("told", "responded", "closed")
_QUARTER = re.compile(r"\d{4}-Q[1-4]")
#: As spreadsheets of this country write a day.
_BRITISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


class RegisterError(ValueError):
    """A file of which no line can be read: it names the file and the rule."""


@dataclass(frozen=True)
class Entry:
    """What was done about a flag; None where it was not yet."""

    told: dt.date | None = None
    responded: dt.date | None = None
    response: str = ""
    closed: dt.date | None = None
    outcome: str = ""


@dataclass(frozen=True)
class Register:
    """Entries by flag, and what is wrong with the lines that were left out."""

    entries: Mapping[FlagKey, Entry]
    faults: Sequence[str] = ()


class _FaultError(ValueError):
    """A rule that a line breaks."""


def read_register(
    path: Path, flags: Collection[FlagKey], places: Collection[str], latest: Quarter
) -> Register:
    """Read a register; lines that break a rule are left out and named.

    Lines of earlier quarters are history, and stand for no entry: the comparisons of places of
    earlier quarters are in no publication of today.

    Args:
        path: of the file.
        flags: that are published.
        places: codes of the places that have published figures.
        latest: the quarter of the publication.

    Raises:
        RegisterError: when it cannot be read, or columns are missing.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RegisterError(f"{path}: cannot be read: {error}") from error
    reader = csv.reader(text.splitlines())
    head = next(reader, [])
    missing = [name for name in COLUMNS if name not in head]
    if missing:
        raise RegisterError(f"{path}: line 1: no column {', '.join(missing)}")
    entries: dict[FlagKey, Entry] = {}
    faults = []
    for row in reader:
        if not any(cell.strip() for cell in row):
            continue
        try:
            if len(row) != len(head):
                raise _FaultError(f"{len(row)} cells where the heading has {len(head)}")
            cells = {name: cell.strip() for name, cell in zip(head, row, strict=True)}
            key = _key(cells, places, latest)
            entry = _entry(cells, Quarter.parse(key.quarter))
            if key.quarter != str(latest):
                continue
            if key not in flags:
                raise _FaultError("no flag of it is published")
            if key in entries:
                raise _FaultError("the flag has a line already")
            entries[key] = entry
        except _FaultError as fault:
            faults.append(f"{path}: line {reader.line_num}: {fault}")
    return Register(entries, faults)


def _key(cells: Mapping[str, str], places: Collection[str], latest: Quarter) -> FlagKey:
    key = FlagKey(*(cells[name] for name in ("quarter", "place", "indicator", "figure")))
    for fault in _key_faults(key, places, latest):
        raise _FaultError(fault)
    return key


def _key_faults(key: FlagKey, places: Collection[str], latest: Quarter) -> Iterator[str]:
    if _QUARTER.fullmatch(key.quarter) is None:
        yield f"quarter '{key.quarter}' is none, such as {latest}"
    elif Quarter.parse(key.quarter) > latest:
        yield f"quarter {key.quarter} is after {latest}, the last one published"
    if key.place not in places:
        yield f"place '{key.place}' is no code of a place with published figures"
    if key.indicator not in {measure.key for measure in MEASURES}:
        yield f"indicator '{key.indicator}' is no measure of the report"
    if key.figure not in FIGURES:
        yield f"figure '{key.figure}' is none of {', '.join(FIGURES)}"


def _entry(cells: Mapping[str, str], quarter: Quarter) -> Entry:
    days = {name: _day(name, cells[name]) for name in _DAYS}
    told, responded, closed = days.values()
    response, outcome = cells["response"], cells["outcome"]
    if response not in ("", *RESPONSES):
        raise _FaultError(f"response '{response}' is none of {', '.join(RESPONSES)}")
    if outcome not in ("", *OUTCOMES):
        raise _FaultError(f"outcome '{outcome}' is none of {', '.join(OUTCOMES)}")
    if bool(responded) != bool(response):
        raise _FaultError("responded and response are given together")
    if bool(closed) != bool(outcome):
        raise _FaultError("closed and outcome are given together")
    if told is None and (responded or closed):
        raise _FaultError("told is given before responded and closed")
    order = [day for day in (quarter.last_day, told, responded, closed) if day is not None]
    if order != sorted(order):
        raise _FaultError("the quarter's end, told, responded and closed are in this order")
    return Entry(told, responded, response, closed, outcome)


def _day(name: str, text: str) -> dt.date | None:
    if not text:
        return None
    british = _BRITISH.fullmatch(text)
    try:
        if british:
            day, month, year = map(int, british.groups())
            return dt.date(year, month, day)
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise _FaultError(f"{name} '{text}' is no day, such as 2025-03-13 or 13/03/2025") from error
