"""What counts of the hospital files, and whose it is: H5 to H8, H12, H21, sections 7 and 8."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from naome_assets.quarters import Quarter

from ..read import RefusedError
from ..values import nhs_number
from .read import (
    JOINED,
    Attendance,
    Episode,
    HospitalFile,
    KeyRow,
    Line,
    Person,
    WaitingTime,
    find_files,
    read_cwt,
    read_hes,
    read_keys,
    read_pedw,
    read_rtds,
    wanted,
)


@dataclass(eq=False)
class Course:
    """A course of radiotherapy (H21)."""

    attendances: list[Attendance]
    key: str
    is_nhs_number: bool
    provider: str
    diagnosis: str
    is_metastasis: bool
    day: dt.date | None
    person: Person | None = None


@dataclass
class Hospital:
    """Everything that counts, and the lines that it comes from."""

    files: list[HospitalFile] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    episodes: list[Episode] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)
    waiting: list[WaitingTime] = field(default_factory=list)
    #: FYEARs of which there is a delivery (H31).
    years: set[str] = field(default_factory=set)


@dataclass
class Links:
    """How an id becomes a person (H8)."""

    shared: set[str]
    #: By source and id: folder day and the numbers that it gives there.
    keys: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    def add(self, rows: list[KeyRow]) -> None:
        """Of each id the rows of its newest folder."""
        newest: dict[tuple[str, str], dt.date] = {}
        for row in sorted(rows, key=lambda row: row.line.file.period.last_day):
            place, day = (row.source, row.key), row.line.file.period.last_day
            if newest.get(place) != day:
                newest[place], self.keys[place] = day, set()
            self.keys[place].add(nhs_number(row.number)[0])

    def person(self, source: str, who: str, is_nhs_number: bool) -> Person | None:
        """One valid number, which is not many people's; else nobody."""
        numbers = {who} if is_nhs_number else self.keys.get((source, who), set())
        if len(numbers) != 1:
            return None
        number, status = nhs_number(next(iter(numbers)))
        return ("nhs", number) if status == "valid" and number not in self.shared else None


def gather(
    landing: Path,
    first: Quarter,
    last: Quarter,
    *,
    shared: set[str],
    with_primary: set[Person],
    by: str,
    keeps_rows_without_wanted_code: bool = True,
) -> Hospital:
    """Read the files of these quarters and settle the fate of every line."""
    found = Hospital()
    found.files = [file for file in find_files(landing) if first <= file.quarter <= last]
    by_source: dict[str, list[HospitalFile]] = defaultdict(list)
    for file in found.files:
        by_source[file.source].append(file)
    links = Links(shared)
    keys = _each(found, by_source["keys"], read_keys)
    links.add(keys)
    judge_keys(keys, shared)
    hes = _each(found, by_source["hes_apc"], lambda file: read_hes(file, by))
    pedw: list[Episode] = []
    for folder in sorted({file.folder for file in by_source["pedw"]}):
        own = [file for file in by_source["pedw"] if file.folder == folder]
        lines, episodes = read_pedw(own, by, keeps=keeps_rows_without_wanted_code)
        found.lines += lines
        pedw += episodes
    for one in (*hes, *pedw):
        if one.is_linkable:
            one.person = links.person(one.source, one.key, one.is_nhs_number)
    found.years = {one.year for one in hes}
    judge_hes(hes, with_primary if keeps_rows_without_wanted_code else set())
    judge_pedw(pedw, keeps_rows_without_wanted_code=keeps_rows_without_wanted_code)
    found.episodes = [one for one in (*hes, *pedw) if one.line.fate == "accepted"]
    found.courses = judge_rtds(_each(found, by_source["rtds"], read_rtds), links)
    for event in _each(found, by_source["cwt"], read_cwt):
        event.person = links.person("cwt", event.key, event.is_nhs_number)
        judge_waiting(event)
        if event.line.fate == "accepted":
            found.waiting.append(event)
    for line in found.lines:
        if line.errors and line.fate == "accepted":
            line.fate = "quarantined"
    return found


def _each(
    found: Hospital,
    files: list[HospitalFile],
    read: Callable[[HospitalFile], tuple[list[Line], list[Any]]],
) -> list[Any]:
    """Rows of files that are not refused."""
    rows = []
    for file in files:
        try:
            lines, own = read(file)
        except RefusedError:
            file.status = "rejected"
            continue
        found.lines += lines
        rows += own
    return rows


def refuse(line: Line, who: str, days: Iterable[dt.date | None]) -> None:
    """Rows without a key, without a day, or with one after the extract (section 8, H5)."""
    known = [day for day in days if day]
    if not who:
        line.errors.append("no key")
    if not known:
        line.errors.append("no date")
    elif known[0] > line.file.period.last_day:
        line.errors.append("after the extract")
    if line.errors:
        line.fate = "quarantined"


# Keys and waiting times


def judge_keys(rows: list[KeyRow], shared: set[str]) -> None:
    """In error (section 8), then replaced by a newer folder (H8).

    That a number which is not valid, or is many people's, is an error the text leaves open.
    """
    folders: dict[tuple[str, str], dict[tuple[dt.date, bytes], set[str]]] = {}
    for row in rows:
        number, status = nhs_number(row.number)
        named = folders.setdefault((row.source, row.key), {})
        numbers = named.setdefault(row.line.file.folder_order, set())
        if status == "valid":
            numbers.add(number)
        if status != "valid" or number in shared:
            row.line.errors.append("number")
    for row in rows:
        named = folders[row.source, row.key]
        if len(named[row.line.file.folder_order]) > 1:
            row.line.errors.append("two people")
        if not row.line.errors and row.line.file.folder_order != max(named):
            row.line.fate = "superseded"


def judge_waiting(event: WaitingTime) -> None:
    """Another disease is nothing (H23).

    The text leaves open that D05 is in scope, though never evidence, and a type unknown an error.
    """
    if event.code and event.code[:3] not in ("C50", "D05", "C77", "C78", "C79"):
        event.line.fate = "out_of_scope"
        return
    if not "01" <= event.kind <= "12":
        event.line.errors.append("event type")
    refuse(event.line, event.key, [event.day])


# HES


def judge_hes(episodes: list[Episode], with_primary: set[Person]) -> None:
    """Out of scope, then in error, then replaced with the whole year or equal to another row."""
    last: dict[str, tuple[object, ...]] = {}
    parts: dict[tuple[str, str], str] = {}
    for one in episodes:
        place = one.line.file.path, one.year
        parts[place] = max(parts.get(place, ""), one.part)

    def order(one: Episode) -> tuple[object, ...]:
        file = one.line.file
        days = file.period.last_day, file.period.is_year
        return *days, parts[file.path, one.year], file.path.encode()

    for one in episodes:
        last[one.year] = max(last.get(one.year, order(one)), order(one))
    for one in episodes:
        is_ours = one.person in with_primary or any(map(wanted, one.codes))
        if not one.is_finished or not is_ours:
            one.line.fate = "out_of_scope"
            continue
        refuse(one.line, one.key, [one.day])
        if one.line.fate == "accepted" and order(one) != last[one.year]:
            one.line.fate = "superseded"
    replace_equal(episodes)


def replace_equal(episodes: list[Episode]) -> None:
    """Of equal rows one counts (2.5); which, the text leaves open: of the last file the first."""

    def from_last(one: Episode) -> tuple[str, bytes]:
        return one.year, one.line.file.path.encode()

    same: dict[tuple[str, ...], Episode] = {}
    for one in sorted(episodes, key=from_last, reverse=True):
        if one.line.fate != "accepted":
            continue
        if same.setdefault(one.duplicate, one) is not one:
            one.line.fate = "superseded"


# PEDW


def judge_pedw(episodes: list[Episode], *, keeps_rows_without_wanted_code: bool) -> None:
    """In error, then replaced with the whole spell by a later folder (H7).

    A folder holds a spell also where its rows are out of scope or in error: a correction may say
    less.
    """
    last: dict[tuple[object, ...], tuple[dt.date, bytes]] = {}
    for one in episodes:
        is_wanted = keeps_rows_without_wanted_code or any(map(wanted, one.codes))
        if is_wanted:
            refuse(one.line, one.key, [one.day])
        else:
            one.line.fate = "out_of_scope"
        order = one.line.file.folder_order
        last[one.spell] = max(last.get(one.spell, order), order)
    spells: dict[int, tuple[Line, set[str]]] = {}
    for one in episodes:
        is_replaced = one.line.file.folder_order != last[one.spell]
        lines = [one.line, *one.diagnosis_lines]
        for line in lines:
            if line.fate == "accepted" and is_replaced:
                line.fate = "superseded"
        if one.spell_line:
            # In scope as one of its episodes is.
            is_ours = one.line.fate != "out_of_scope"
            fate = "superseded" if is_replaced else "accepted"
            spells.setdefault(id(one.spell_line), (one.spell_line, set()))[1].add(
                fate if is_ours else "out_of_scope"
            )
    for line, fates in spells.values():
        if line.fate == "accepted":
            line.fate = min(fates - {"out_of_scope"}, default="out_of_scope")


# RTDS


def judge_rtds(rows: list[Attendance], links: Links) -> list[Course]:
    """Courses of the rows that count (H7, H21)."""
    columns = [name for name in JOINED[:3] if all(name in row.course for row in rows)]

    def place(row: Attendance) -> tuple[str, ...]:
        return tuple(row.course[name] for name in columns)

    for row in rows:
        last_day = row.line.file.period.last_day
        own = row.started or row.attended
        # A row without a date may still say something of its course.
        refuse(row.line, row.key, [own if own and row.table != "prescription" else last_day])
    replace_earlier_folders(rows, place)
    standing = [row for row in rows if row.line.fate == "accepted"]
    found = courses_of(standing, place)
    for one in found:
        one.person = links.person("rtds", one.key, one.is_nhs_number)
    return found


def replace_earlier_folders(
    rows: list[Attendance], place: Callable[[Attendance], tuple[str, ...]]
) -> None:
    """A later folder that holds a join key replaces its rows (H7)."""
    last: dict[tuple[str, ...], tuple[dt.date, bytes]] = {}
    standing = [row for row in rows if row.line.fate == "accepted"]
    for row in standing:
        order = row.line.file.folder_order
        last[place(row)] = max(last.get(place(row), order), order)
    for row in standing:
        if row.line.file.folder_order != last[place(row)]:
            row.line.fate = "superseded"


def courses_of(
    standing: list[Attendance], place: Callable[[Attendance], tuple[str, ...]]
) -> list[Course]:
    """Episodes with the prescriptions that join them, and prescriptions without any (H21)."""

    def full(row: Attendance) -> tuple[str, ...]:
        return tuple(row.course.get(name, "") for name in JOINED[:3])

    groups: dict[tuple[str, ...], list[Attendance]] = defaultdict(list)
    prescribed: dict[tuple[str, ...], list[Attendance]] = defaultdict(list)
    for row in standing:
        if row.table == "prescription":
            prescribed[place(row)].append(row)
        else:
            groups[full(row)].append(row)
    found = []
    joined: set[int] = set()
    for own in groups.values():
        mine = [row for row in prescribed[place(own[0])] if _joins(own, row)]
        joined |= {id(row) for row in mine}
        found.append(course_of([*own, *mine], own))
    alone: dict[tuple[str, ...], list[Attendance]] = defaultdict(list)
    for row in standing:
        if row.table == "prescription" and id(row) not in joined:
            alone[full(row)].append(row)
    return found + [course_of(own, own) for own in alone.values()]


def _joins(episodes: list[Attendance], row: Attendance) -> bool:
    return any(
        all(
            one.course[name] == row.course[name]
            for name in JOINED
            if name in one.course and name in row.course
        )
        for one in episodes
    )


def course_of(rows: list[Attendance], dated: list[Attendance]) -> Course:
    """One course; ``dated``: the rows that say when and of what it is."""
    rows = sorted(rows, key=lambda row: (row.line.file.path.encode(), row.line.position))
    dated = [row for row in rows if row in dated]
    days = [row.started for row in dated if row.started]
    days = days or [row.attended for row in dated if row.attended]
    return Course(
        rows,
        dated[0].key,
        dated[0].is_nhs_number,
        next((code for row in rows if (code := row.course.get("ORGCODEPROVIDER"))), "").upper(),
        next((row.diagnosis for row in dated if row.diagnosis), ""),
        any(row.region == "M" for row in rows),
        min(days, default=None),
    )
