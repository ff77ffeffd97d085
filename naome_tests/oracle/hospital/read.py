"""From the bytes of hospital files to rows: layouts, dates, codes and keys (H5, H8-H14, H21)."""

from __future__ import annotations

import calendar
import csv
import datetime as dt
import gzip
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from naome_assets.quarters import Quarter

from ..read import RefusedError
from ..values import given, whole

Person = tuple[str, ...]
Cells = dict[str, str]

NHS_COLUMNS = ("NEWNHSNO", "NHS_NUMBER", "NHSNUMBER")
KEY_COLUMNS = {
    "hes_apc": ("STUDY_ID", "TOKEN_PERSON_ID", "ENCRYPTED_HESID", "PSEUDO_HESID"),
    "pedw": ("ALF_PE", "ALF_E", "ALF"),
    "rtds": ("PATIENTID", "PSEUDO_PATIENTID"),
    "cwt": ("PATIENTID",),
}
JOINED = ("PATIENTID", "ORGCODEPROVIDER", "RADIOTHERAPYEPISODEID", "ATTENDID")


# Periods


@dataclass(frozen=True)
class Period:
    """What the folder's name says: its days, and whether it is a year (H5, H6)."""

    first_day: dt.date
    last_day: dt.date
    is_year: bool = False

    @property
    def nhs_year(self) -> str:
        """Four digits of the NHS year that holds its last day."""
        start = self.last_day.year - (self.last_day.month < 4)
        return f"{start % 100:02d}{(start + 1) % 100:02d}"


def period_of(folder: str) -> Period | None:
    """Of a year, quarter, month or day folder; None when it is none of them."""
    if match := re.fullmatch(r"(\d{4})-(\d{4})", folder):
        first, second = int(match[1]), int(match[2])
        return Period(dt.date(first, 4, 1), dt.date(second, 3, 31), is_year=True)
    if match := re.fullmatch(r"(\d{4})-[Qq]([1-4])", folder):
        quarter = Quarter(int(match[1]), int(match[2]))
        return Period(quarter.first_day, quarter.last_day)
    if match := re.fullmatch(r"(\d{4})-(\d\d)", folder):
        year, month = int(match[1]), int(match[2])
        last = calendar.monthrange(year, month)[1]
        return Period(dt.date(year, month, 1), dt.date(year, month, last))
    if re.fullmatch(r"\d{4}-\d\d-\d\d", folder):
        day = dt.date.fromisoformat(folder)
        return Period(day, day)
    return None


# Files


@dataclass
class HospitalFile:
    """One file, or one member of an archive. ``table``: what it holds of its source."""

    path: str
    source: str
    table: str
    folder: str
    period: Period
    content: bytes
    status: str = "loaded"

    @property
    def quarter(self) -> Quarter:
        """Of the last day of its folder."""
        return Quarter.of_date(self.period.last_day)

    @property
    def folder_order(self) -> tuple[dt.date, bytes]:
        """Last day of the folder, then its path (H7)."""
        return self.period.last_day, self.folder.encode()


_PLACES = {
    ("england", "hes_apc"): "hes_apc",
    ("england", "rtds"): "rtds",
    ("england", "cwt"): "cwt",
    ("england", "keys"): "keys",
    ("wales", "pedw"): "pedw",
}


def find_files(landing: Path) -> Iterator[HospitalFile]:
    """Every hospital file of the landing layout (section 7), archives opened."""
    for path in sorted(landing.rglob("*")):
        parts = path.relative_to(landing).parts
        if not path.is_file() or len(parts) != 4:
            continue
        source, period = _PLACES.get((parts[0], parts[1])), period_of(parts[2])
        if source is None or period is None:
            continue
        relative = "/".join(parts)
        for name, content in _members(path):
            table = table_of(source, Path(name).name)
            if table:
                inner = relative if name == path.name else f"{relative}!{name}"
                yield HospitalFile(inner, source, table, parts[2], period, content)


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.suffix != ".zip":
        yield path.name, path.read_bytes()
        return
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            yield name, archive.read(name)


def table_of(source: str, name: str) -> str:
    """Which table a file is by its name, case-free (H13); empty when it is none."""
    name = name.lower().removesuffix(".gz")
    suffixes = (".csv", ".txt") if source == "hes_apc" else (".csv",)
    if not name.endswith(suffixes):
        return ""
    if source == "pedw":
        if "superspell" in name:
            return ""
        kinds = ("spell", "episode", "diag", "oper")
        return next((kind for kind in kinds if kind in name), "wide" if "pedw" in name else "")
    if source == "rtds":
        kinds = ("episode", "prescription", "combined")
        return next((kind for kind in kinds if "rtds" in name and kind in name), "")
    return source


# Sheets


@dataclass
class Line:
    """One data line; ``cells`` is None where it does not parse (H11)."""

    file: HospitalFile
    position: int
    cells: Cells | None
    fate: str = "accepted"
    errors: list[str] = field(default_factory=list)


@dataclass
class Sheet:
    """The lines of one file under its headings."""

    file: HospitalFile
    headings: list[str]
    lines: list[Line]

    @property
    def parsed(self) -> list[tuple[Line, Cells]]:
        """Lines that are rows."""
        return [(line, line.cells) for line in self.lines if line.cells is not None]

    def first_of(self, *names: str) -> str | None:
        """The first of these columns that the file has."""
        return next((name for name in names if name in self.headings), None)

    def like(self, pattern: str) -> list[str]:
        """Columns whose whole name is like this."""
        return [name for name in self.headings if re.fullmatch(pattern, name)]

    def days(self, *names: str) -> Callable[[Cells], dt.date | None]:
        """Read the first of these columns as dates, in the form of its first value (H10)."""
        column = self.first_of(*names)
        if column is None:
            return lambda _: None
        values = [cells[column] for _, cells in self.parsed]
        form = next((form for value in values if (form := form_of(value))), None)
        return lambda cells: day(cells[column], form) if form else None

    def key_column(self) -> tuple[str, bool]:
        """The column of the person's key, and whether it holds NHS numbers (H8)."""
        numbers = self.first_of(*NHS_COLUMNS)
        if numbers:
            return numbers, True
        column = self.first_of(*KEY_COLUMNS[self.file.source])
        if column is None:
            raise RefusedError("no person key column")
        return column, False


def read_sheet(file: HospitalFile, plain: Callable[[str], str] | None = None) -> Sheet:
    """Take a file apart, line by line: a line that does not parse alone is no row (H11)."""
    plain = plain or (lambda name: name.strip().strip('"').strip().upper())
    content = file.content
    try:
        if file.path.endswith(".gz"):
            content = gzip.decompress(content)
        text = content.decode("utf-8-sig")
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError) as error:
        raise RefusedError("undecodable") from error
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    if not lines[0].strip():
        raise RefusedError("no header")
    separator = max(",|\t", key=lines[0].count)
    heading = split(lines[0], separator)
    if heading is None:
        raise RefusedError("no header")
    headings = [plain(name) for name in heading]
    rows: list[Line] = []
    for line in lines[1:]:
        if not line.strip():
            continue
        values = split(line, separator)
        cells = None
        if values is not None and len(values) == len(headings):
            cells = {name: value.strip() for name, value in zip(headings, values, strict=True)}
        rows.append(Line(file, len(rows) + 1, cells))
        if cells is None:
            rows[-1].errors.append("not a row")
    return Sheet(file, headings, rows)


def split(line: str, separator: str) -> list[str] | None:
    """The fields of one line, or None."""
    try:
        found = list(csv.reader([line], delimiter=separator, strict=True))
    except csv.Error:
        return None
    return found[0] if len(found) == 1 else None


# Values


_FORMS = {
    "iso": r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)([ T]\d\d:\d\d(:\d\d(\.\d+)?)?)?",
    "british": r"(?P<d>\d\d)/(?P<m>\d\d)/(?P<y>\d{4})",
    "compact": r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)",
}


def form_of(value: str) -> str | None:
    """In which of the three forms a value is written, be it a date or not (H10)."""
    return next((form for form, like in _FORMS.items() if re.fullmatch(like, value)), None)


def day(value: str, form: str) -> dt.date | None:
    """None when of another form, when no date, and before 1900 (2.3)."""
    match = re.fullmatch(_FORMS[form], value)
    if match is None:
        return None
    try:
        read = dt.date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError:
        return None
    return read if read.year >= 1900 else None


def icd(text: str) -> str:
    """Normal form (section 8, H14): three or four characters, or empty for no code."""
    match = re.match(r"([A-Z]\d\d)(.?)", re.sub(r"[.\s]", "", text.upper()))
    if match is None or match[2] not in (*"0123456789X-", ""):
        return ""
    # What HES writes where there is no diagnosis (2.3).
    if match[1] == "R69":
        return ""
    return match[1] + (match[2] if match[2].isdigit() else "")


def key(text: str) -> str:
    """A person's key: blanks, quotes and a lost fraction go; empty also for all zeros (H8)."""
    read = whole(given(text.strip(" \"'")))
    return "" if re.fullmatch(r"0*", read) else read


STRONG = {
    *(f"C78{last}" for last in "012345678"),
    *(f"C79{last}" for last in "013456789"),
    *("C772", "C774", "C775", "C78", "C79"),
}
WEAK = {"C770", "C771", "C778", "C779", "C792", "C77"}


def strength(code: str) -> str | None:
    """Strong, weak or neither (section 9, H14)."""
    return "strong" if code in STRONG else "weak" if code in WEAK else None


def states_breast(code: str) -> bool:
    """C50 or Z85.3."""
    return code[:3] == "C50" or code == "Z853"


def wanted(code: str) -> bool:
    """C, D00-D48, Z85.3 or Z51.0, .1, .2, .5 (section 7)."""
    return code[0] == "C" or "D00" <= code[:3] <= "D48" or code in {"Z853", *_TREATED}


_TREATED = ("Z510", "Z511", "Z512", "Z515")


# Episodes


@dataclass(eq=False)
class Episode:
    """An episode of HES or PEDW, with its codes and the rows it is made of."""

    line: Line
    source: str
    key: str
    is_nhs_number: bool
    day: dt.date | None
    spell: tuple[object, ...]
    provider: str
    codes: frozenset[str]
    is_finished: bool = True
    is_linkable: bool = True
    year: str = ""
    part: str = ""
    duplicate: tuple[str, ...] = ()
    #: Lines of its spell and of its diagnoses, where they are lines of their own (PEDW).
    spell_line: Line | None = None
    diagnosis_lines: list[Line] = field(default_factory=list)
    person: Person | None = None

    @property
    def is_strong(self) -> bool:
        """Has a strong code in any position (H1)."""
        return bool(self.codes & STRONG)

    @property
    def says_breast(self) -> bool:
        """Has C50 or Z85.3 (H3 b)."""
        return any(map(states_breast, self.codes))


def read_hes(file: HospitalFile, by: str) -> tuple[list[Line], list[Episode]]:
    """Rows of HES APC; ``by`` is the date that comes first, admission or episode (H9)."""
    sheet = read_sheet(file)
    key_column, is_number = sheet.key_column()
    if sheet.first_of("ADMIDATE", "EPISTART") is None:
        raise RefusedError("no date column")
    diagnoses = hes_diagnoses(sheet)
    admitted, started = sheet.days("ADMIDATE"), sheet.days("EPISTART")
    same = [
        *("STARTAGE", "ENDAGE", "MYDOB", "SEX", "EPIORDER", "EPISTART", "EPIEND"),
        *("ADMIDATE", "DISDATE", *sheet.like(r"(CAUSE|OPERTN)_.*|CAUSE")),
    ]
    episodes = []
    for line, cells in sheet.parsed:
        who = key(cells[key_column])
        provider = next(
            (cells[name] for name in ("PROCODE3", "PROCODE5", "PROCODET") if cells.get(name)), ""
        ).upper()
        admission, start = admitted(cells), started(cells)
        days = (start, admission) if by == "episode" else (admission, start)
        counts = next((found for found in days if found), None)
        sent = diagnoses(cells)
        episodes.append(
            Episode(
                line,
                "hes_apc",
                who,
                is_number,
                counts,
                spell=("hes_apc", who, provider, admission or counts),
                provider=provider,
                codes=frozenset(filter(None, map(icd, sent))),
                is_finished=finished(cells.get("EPISTAT", "")),
                year=fyear(cells.get("FYEAR", "")) or file.period.nhs_year,
                part=whole(cells.get("PARTYEAR", "")),
                # "All DIAG" of 2.5 are the diagnoses that are read: DIAG_4 says them again (H13).
                duplicate=(who, provider, *(cells.get(name, "") for name in same), *sent),
            )
        )
    return sheet.lines, episodes


def hes_diagnoses(sheet: Sheet) -> Callable[[Cells], list[str]]:
    """Which columns hold the diagnoses, chosen once for the file (H13)."""
    for pattern in (r"DIAG_\d\d", r"DIAG_4_\d\d", r"DIAG_3_\d\d"):
        if columns := sheet.like(pattern):
            return lambda cells: [cells[name] for name in columns]
    column = sheet.first_of("DIAG_4_CONCAT", "DIAG_3_CONCAT")
    if column is None:
        raise RefusedError("no diagnosis columns")
    return lambda cells: cells[column].split(",")


def finished(episode_status: str) -> bool:
    """Ruling H12."""
    return whole(episode_status) in ("", "3", "03")


def fyear(text: str) -> str:
    """Four digits of two years that follow each other, or empty (H6)."""
    match = re.fullmatch(r"(\d\d)(\d\d)", whole(text))
    return match[0] if match and (int(match[1]) + 1) % 100 == int(match[2]) else ""


# PEDW


def read_pedw(
    files: list[HospitalFile], by: str, *, keeps: bool = True
) -> tuple[list[Line], list[Episode]]:
    """The files of one folder: tables join inside it only (H7).

    ``keeps``: also diagnoses without a wanted code, which are else out of scope.
    """
    lines: list[Line] = []
    sheets: dict[str, list[Sheet]] = {}
    for file in files:
        try:
            sheet = read_sheet(file)
            if file.table in ("spell", "wide"):
                sheet.key_column()
            _check_pedw(sheet)
        except RefusedError:
            file.status = "rejected"
            continue
        lines += sheet.lines
        sheets.setdefault(file.table, []).append(sheet)
    episodes = [one for sheet in sheets.get("wide", []) for one in _wide_pedw(sheet, by)]
    return lines, episodes + _joined_pedw(sheets, by, keeps=keeps)


def _check_pedw(sheet: Sheet) -> None:
    if not (sheet.first_of("PROV_UNIT_CD") and _number(sheet)):
        raise RefusedError("columns are missing")
    if sheet.file.table == "wide" and not sheet.like(r"DIAG_(CD_)?\d\d"):
        raise RefusedError("no diagnosis columns")


def _number(sheet: Sheet) -> str | None:
    return sheet.first_of("SPELL_NUM", "SPELL_NUM_E", "SPELL_NUM_PE")


def _spell(sheet: Sheet, cells: Cells) -> tuple[str, str]:
    return cells["PROV_UNIT_CD"].upper(), cells[_number(sheet) or ""]


def _good_link(cells: Cells) -> bool:
    """The status of the ALF, where it is there (H8)."""
    return whole(cells.get("ALF_STS_CD", "")) in ("", "1", "4", "39")


def _pedw_episode(
    line: Line,
    whose: tuple[Sheet, Cells],
    spell: tuple[str, str],
    days: tuple[dt.date | None, dt.date | None],
    codes: list[str],
) -> Episode:
    sheet, cells = whose
    column, is_number = sheet.key_column()
    return Episode(
        line,
        "pedw",
        key(cells[column]),
        is_number,
        next((found for found in days if found), None),
        spell=("pedw", *spell),
        provider=spell[0],
        codes=frozenset(filter(None, map(icd, codes))),
        is_linkable=is_number or _good_link(cells),
    )


def _in_order(by: str, admitted: dt.date | None, started: dt.date | None) -> tuple:
    return (started, admitted) if by == "episode" else (admitted, started)


def _wide_pedw(sheet: Sheet, by: str) -> Iterator[Episode]:
    admitted, started = sheet.days("ADMIS_DT"), sheet.days("EPI_STR_DT", "EPI_START")
    columns = sheet.like(r"DIAG_(CD_)?\d\d")
    for line, cells in sheet.parsed:
        days = _in_order(by, admitted(cells), started(cells))
        codes = [cells[name] for name in columns]
        yield _pedw_episode(line, (sheet, cells), _spell(sheet, cells), days, codes)


def _joined_pedw(sheets: dict[str, list[Sheet]], by: str, *, keeps: bool) -> list[Episode]:
    spells = {
        _spell(sheet, cells): (sheet, line, cells, sheet.days("ADMIS_DT")(cells))
        for sheet in sheets.get("spell", [])
        for line, cells in sheet.parsed
    }
    codes: dict[tuple[str, ...], list[str]] = {}
    diagnosed: dict[tuple[str, ...], list[Line]] = {}
    known: set[tuple[str, ...]] = set()
    for sheet in sheets.get("episode", []):
        known |= {(*_spell(sheet, cells), cells["EPI_NUM"]) for _, cells in sheet.parsed}
    for sheet in sheets.get("diag", []):
        for line, cells in sheet.parsed:
            place = (*_spell(sheet, cells), cells["EPI_NUM"])
            columns = ("DIAG_CD", "DIAG_CD_1234", "DIAG_CD_123")
            found = [code for name in columns if (code := icd(cells.get(name, "")))]
            if not keeps and not any(map(wanted, found[:1])):
                line.fate = "out_of_scope"
                continue
            if place not in known:
                line.errors.append("no episode")
            codes.setdefault(place, []).extend(found[:1])
            diagnosed.setdefault(place, []).append(line)
    episodes, used = [], set()
    for sheet in sheets.get("episode", []):
        started = sheet.days("EPI_STR_DT", "EPI_START")
        for line, cells in sheet.parsed:
            spell = _spell(sheet, cells)
            if spell not in spells:
                line.errors.append("no spell")
                continue
            used.add(spell)
            of, spell_line, whose, admitted = spells[spell]
            own = [*codes.get((*spell, cells["EPI_NUM"]), []), cells.get("DIAG_CD_1234", "")]
            days = _in_order(by, admitted, started(cells))
            one = _pedw_episode(line, (of, whose), spell, days, own)
            one.spell_line = spell_line
            one.diagnosis_lines = diagnosed.get((*spell, cells["EPI_NUM"]), [])
            episodes.append(one)
    for spell in spells.keys() - used:
        spells[spell][1].errors.append("no episode")
    return episodes


# RTDS


@dataclass(eq=False)
class Attendance:
    """A row of an RTDS table."""

    line: Line
    table: str
    key: str
    is_nhs_number: bool
    course: dict[str, str]
    diagnosis: str
    region: str
    started: dt.date | None
    attended: dt.date | None


def read_rtds(file: HospitalFile) -> tuple[list[Line], list[Attendance]]:
    """Rows of episodes, prescriptions or both in one (H21)."""
    sheet = read_sheet(file)
    column, is_number = sheet.key_column()
    patient = sheet.first_of("PATIENTID", "PSEUDO_PATIENTID")
    if patient is None or "RADIOTHERAPYEPISODEID" not in sheet.headings:
        raise RefusedError("columns are missing")
    started, attended = sheet.days("TREATMENTSTARTDATE"), sheet.days("APPTDATE")
    rows = []
    for line, cells in sheet.parsed:
        course = {name: cells[name] for name in JOINED[1:] if name in cells}
        rows.append(
            Attendance(
                line,
                file.table,
                key(cells[column]),
                is_number,
                {"PATIENTID": key(cells[patient]), **course},
                icd(cells.get("RADIOTHERAPYDIAGNOSISICD", "")),
                cells.get("RTTREATMENTREGION", "").upper(),
                started(cells),
                attended(cells),
            )
        )
    return sheet.lines, rows


# Waiting times and keys


@dataclass(eq=False)
class WaitingTime:
    """A treatment event of cancer waiting times (H23)."""

    line: Line
    key: str
    is_nhs_number: bool
    kind: str
    code: str
    day: dt.date | None
    provider: str
    person: Person | None = None


def read_cwt(file: HospitalFile) -> tuple[list[Line], list[WaitingTime]]:
    """Rows of cancer waiting times; headings are their letters and digits."""
    sheet = read_sheet(file, lambda name: re.sub(r"[^A-Z0-9]", "", name.upper()))
    column, is_number = sheet.key_column()
    if not {"CANCERTREATMENTEVENTTYPE", "TREATMENTSTARTDATE"} <= set(sheet.headings):
        raise RefusedError("columns are missing")
    treated = sheet.days("TREATMENTSTARTDATE")
    return sheet.lines, [
        WaitingTime(
            line,
            key(cells[column]),
            is_number,
            whole(cells["CANCERTREATMENTEVENTTYPE"]).zfill(2),
            icd(cells.get("PRIMARYDIAGNOSISICD", "")),
            treated(cells),
            cells.get("ORGANISATIONCODEPROVIDER", "").upper(),
        )
        for line, cells in sheet.parsed
    ]


@dataclass(eq=False)
class KeyRow:
    """That an id of a source is a person's."""

    line: Line
    source: str
    key: str
    number: str


def read_keys(file: HospitalFile) -> tuple[list[Line], list[KeyRow]]:
    """Rows of a key file (H8)."""
    sheet = read_sheet(file)
    if not {"SOURCE", "SOURCE_PERSON_ID", "NHS_NUMBER"} <= set(sheet.headings):
        raise RefusedError("columns are missing")
    return sheet.lines, [
        KeyRow(line, cells["SOURCE"].lower(), key(cells["SOURCE_PERSON_ID"]), cells["NHS_NUMBER"])
        for line, cells in sheet.parsed
    ]
