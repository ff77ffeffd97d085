"""Hospital data of the world: HES APC, PEDW, RTDS, cancer waiting times, key files, and the truth.

A year of the NHS is one folder; the months after the last whole year are one cumulative month
folder, as HES is delivered. The first year is in the layout of the artificial pilot file, the
others in that of DARS extracts.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from naome_assets.quarters import Quarter
from naome_assets.synthetic import nhs_numbers
from naome_assets.synthetic.hospital_course import Course, plan
from naome_assets.synthetic.manifest import ManifestRow, Written
from naome_assets.synthetic.randomness import array_stream, stream
from naome_assets.synthetic.records import iso
from naome_assets.synthetic.world import NEVER, World, date_of, day_number

TRUTH_NAME: Final = "synthetic-hospital-truth.csv"
UNLINKED: Final = 0.04
"""People whose numbers in a source no key file names [ours]."""

_PRESENTATIONS: Final = ("not_mbc", "de_novo", "recurrent")
_DEFECTS: Final = {
    "hes_person_missing": ("error", "hospital_person_missing"),
    "hes_dates_null": ("error", "hospital_date_missing"),
    "hes_admission_invalid": ("warning", "admission_date_missing"),
    "hes_date_after_extract": ("error", "hospital_date_after_extract"),
    "hes_line_cut": ("error", "ragged_row"),
    "hes_row_twice": ("superseded", ""),
}
_DEFECT_RATE: Final = 0.002


class Unit(NamedTuple):
    """All of it.

    Attributes:
        first: first quarter.
        last: last quarter.
        defects: whether files have defects.
    """

    first: Quarter
    last: Quarter
    defects: bool


@dataclass
class _Writer:
    landing: Path
    world: World
    seed: int
    unit: Unit
    course: Course
    written: Written = field(default_factory=Written)
    numbers: dict[str, np.ndarray[Any, np.dtype[np.int64]]] = field(default_factory=dict)
    linked: dict[str, np.ndarray[Any, np.dtype[np.bool_]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        size = len(self.world.people)
        for turn, source in enumerate(("hes_apc", "pedw", "rtds")):
            rng = array_stream(self.seed, 41 + turn)
            self.numbers[source] = 1_000_000 + rng.permutation(size)
            self.linked[source] = rng.random(size) >= UNLINKED

    def save(self, name: str, lines: list[str]) -> None:
        data = ("\n".join(lines) + "\n").encode()
        path = self.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.written.files.append(name)
        self.written.size += len(data)
        self.written.records += len(lines) - 1

    def note(self, name: str, position: int, defect: str, expected: str, rule: str) -> None:
        self.written.rows.append(ManifestRow(name, position, defect, expected, rule))


def write(landing: Path, world: World, seed: int, unit: Unit) -> Written:
    """Write every file of hospital data, the keys and the truth."""
    own = _Writer(landing, world, seed, unit, plan(world, seed))
    for number, folder in enumerate(_years(unit)):
        _hes(own, folder, is_pilot=number == 0)
        _rtds(own, folder)
    quarter = unit.first
    while quarter <= unit.last:
        _pedw(own, quarter)
        _cwt(own, quarter)
        quarter = quarter.next
    _keys(own)
    _truth(own)
    return own.written


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    return iter(frame.itertuples())


class _Year(NamedTuple):
    """A folder, its year of the NHS, and its days."""

    folder: str
    fyear: str
    first: int
    last: int


def files_of(unit: Unit) -> int:
    """How many files it writes."""
    quarters = unit.last.number_in_time - unit.first.number_in_time + 1
    return 3 * len(list(_years(unit))) + 4 * quarters + 1


def _years(unit: Unit) -> Iterator[_Year]:
    """Whole years that end in the quarters, then what there is of the year under way."""
    end = unit.last.last_day
    first = unit.first.first_day
    start = first.year if first.month > 3 else first.year - 1
    for year in range(start, end.year + 1):
        begin, close = dt.date(year, 4, 1), dt.date(year + 1, 3, 31)
        if begin > end:
            return
        fyear = f"{year % 100:02d}{(year + 1) % 100:02d}"
        whole = close <= end
        folder = f"{year}-{year + 1}" if whole else f"{end.year}-{end.month:02d}"
        yield _Year(folder, fyear, day_number(begin), day_number(min(close, end)))


_BASIC: Final = (
    *("FYEAR", "PARTYEAR", "EPIKEY", "PERSON", "ADMIDATE", "ADMIMETH", "CLASSPAT", "DISDATE"),
    *("DISDEST", "DISMETH", "EPIEND", "EPIORDER", "EPISTART", "EPISTAT", "EPITYPE", "ETHNOS"),
    *("MAINSPEF", "TRETSPEF", "MYDOB", "PROCODE3", "PROCODE5", "PROCODET", "SITETRET", "SEX"),
    *("STARTAGE", "SUSRECID"),
)


def _headings(person: str, *, is_pilot: bool) -> list[str]:
    basic = [person if name == "PERSON" else name for name in _BASIC]
    diagnoses = [f"DIAG_4_{n:02d}" for n in range(1, 21)]
    if is_pilot:
        three = [f"DIAG_3_{n:02d}" for n in range(1, 21)]
        return [*basic, *three, "DIAG_3_CONCAT", *diagnoses, "DIAG_4_CONCAT", *_operations()]
    full = [f"DIAG_{n:02d}" for n in range(1, 21)]
    dates = [f"OPDATE_{n:02d}" for n in range(1, 25)]
    return [*basic, *full, *diagnoses[:12], *_operations(), *dates]


def _operations() -> list[str]:
    return [f"OPERTN_4_{n:02d}" for n in range(1, 25)]


def _hes(own: _Writer, year: _Year, *, is_pilot: bool) -> None:
    """A year of HES APC: admissions of English trusts."""
    world = own.world
    boards = np.array([provider.is_board for provider in world.providers])
    some = own.course.admissions
    some = some[
        (some["day"] >= year.first)
        & (some["day"] <= year.last)
        & ~boards[some["provider"].to_numpy()]
    ]
    rng = stream(own.seed, "hes", year.fyear)
    separator, ending = (",", "csv") if is_pilot else ("|", "txt")
    name = f"england/hes_apc/{year.folder}/FILE_HES_APC_{year.fyear}.{ending}"
    headings = _headings("PSEUDO_HESID" if is_pilot else "TOKEN_PERSON_ID", is_pilot=is_pilot)
    lines = [separator.join(headings)]
    people = own.course.truth
    birth, sex = people["birth"].to_numpy(), people["sex"].to_numpy()
    chances = list(_DEFECTS) if own.unit.defects else []
    planted = 0
    for row in _rows(some):
        if row.person >= 0:
            token = _token(own, int(row.person), is_pilot=is_pilot)
            born, gender = int(birth[row.person]), str(sex[row.person])
        else:
            token = f"{'TEST' if is_pilot else ''}{rng.getrandbits(112):028X}"
            born, gender = int(row.day) - rng.randrange(12_000, 32_000), rng.choice("12")
        number = len(lines)
        code = world.providers[row.provider].code
        start, end = iso(int(row.day)), iso(int(row.day) + int(row.length))
        values = [
            year.fyear, f"20{year.fyear[2:]}99", _epikey(own.seed, year.fyear, number), token,
            start, "11", "2" if row.length == 0 else "1", end, "19", "1", end, "1", start, "3", "1",
            "Z", "370", "370", _birth_month(born), code, f"{code}00", code, f"{code}01",
            gender if gender in "12" else "9", str((int(row.day) - born) // 365), f"5{number:013d}",
        ]  # fmt: skip
        defect = ""
        if (
            row.kind == "outside"
            and chances
            and (planted < len(chances) or rng.random() < _DEFECT_RATE)
        ):
            defect = chances[planted % len(chances)]
            planted += 1
            _spoil(values, defect, year)
        codes = row.codes.split(";")
        line = separator.join(values + _coded(codes, rng, is_pilot=is_pilot))
        if defect == "hes_line_cut":
            line = line.rpartition(separator)[0]
        lines.append(line)
        if defect:
            expected, rule = _DEFECTS[defect]
            if defect == "hes_row_twice":
                lines.append(line)
                number += 1
            own.note(name, number, defect, expected, rule)
    own.save(name, lines)


def _coded(codes: list[str], rng: Any, *, is_pilot: bool) -> list[str]:
    """The columns of diagnoses and operations."""
    blank = [""] * 20
    four = (codes + blank)[:20]
    operation = ["X352" if "Z511" in codes else "-   ", *["-   " if not is_pilot else ""] * 23]
    if is_pilot:
        three = [code[:3] for code in four]
        joined = ",".join(codes)
        return [
            *three, f'"{",".join(code[:3] for code in codes)}"', *four, f'"{joined}"', *operation
        ]  # fmt: skip
    # Coders' letters behind a code, lower case, and dots.
    style = rng.random()
    full = [f"{code}D" if code and style < 0.02 else code for code in four]
    if 0.02 <= style < 0.03:
        full = [code.lower() for code in four]
    return [*full, *four[:12], *operation, *[""] * 24]


def _spoil(values: list[str], defect: str, year: _Year) -> None:
    person, admission, end, start = 3, 4, 10, 12
    if defect == "hes_person_missing":
        values[person] = ""
    elif defect == "hes_dates_null":
        values[admission], values[start] = "1800-01-01", ""
    elif defect == "hes_admission_invalid":
        values[admission] = "1801-01-01"
    elif defect == "hes_date_after_extract":
        day = iso(year.last + 30)
        for place in (admission, 7, end, start):
            values[place] = day


def _birth_month(born: int) -> str:
    day = date_of(born)
    return f"{day.month:02d}{day.year}"


def _epikey(seed: int, fyear: str, number: int) -> str:
    """12 digits until 2020-21, 19 since."""
    digits = 12 if fyear < "2122" else 19
    return f"{5:d}{fyear}{seed % 100:02d}{number:0{digits - 7}d}"


def _token(own: _Writer, person: int, *, is_pilot: bool) -> str:
    number = int(own.numbers["hes_apc"][person])
    rng = stream(own.seed, "token", number)
    return f"TEST{rng.getrandbits(112):028x}" if is_pilot else f"{rng.getrandbits(128):032X}"


def _rtds(own: _Writer, year: _Year) -> None:
    """A year of RTDS: an attendance a row, and its prescription."""
    boards = np.array([provider.is_board for provider in own.world.providers])
    some = own.course.radiotherapy
    some = some[
        (some["day"] >= year.first)
        & (some["day"] <= year.last)
        & ~boards[some["provider"].to_numpy()]
    ]
    folder = f"england/rtds/{year.folder}"
    episodes = [
        "PATIENTID,ORGCODEPROVIDER,ATTENDID,RADIOTHERAPYEPISODEID,RADIOTHERAPYDIAGNOSISICD,"
        "RADIOTHERAPYINTENT,DECISIONTOTREATDATE,TREATMENTSTARTDATE,APPTDATE"
    ]
    prescriptions = [
        "PATIENTID,ORGCODEPROVIDER,ATTENDID,RADIOTHERAPYEPISODEID,PRESCRIPTIONID,"
        "RTTREATMENTMODALITY,PRESCRIBEDFRACTIONS,RTTREATMENTREGION"
    ]
    for number, row in enumerate(_rows(some), start=int(year.fyear) * 1_000_000):
        who = f"{own.numbers['rtds'][row.person]},{own.world.providers[row.provider].code}"
        start = int(row.day)
        for turn in range(int(row.fractions)):
            if start + turn > year.last:
                break
            key = f"{who},{number * 100 + turn},{number}"
            episodes.append(
                f"{key},{row.diagnosis},{'01' if row.region == 'M' else '02'},{iso(start - 14)},"
                f"{iso(start)},{iso(start + turn)}"
            )
            prescriptions.append(f"{key},{number},05,{row.fractions},{row.region}")
    own.save(f"{folder}/rtds_episode.csv", episodes)
    if own.unit.defects:
        name = f"{folder}/rtds_prescription.csv"
        prescriptions.append(f"9999999,RTH,1,{year.fyear},1,05,5,P")
        own.note(name, len(prescriptions) - 1, "rtds_no_episode", "warning", "rtds_without_partner")
    own.save(f"{folder}/rtds_prescription.csv", prescriptions)


def _pedw(own: _Writer, quarter: Quarter) -> None:
    """A quarter of PEDW: admissions of Welsh boards, and of Welsh residents in England."""
    first, last = day_number(quarter.first_day), day_number(quarter.last_day)
    boards = np.array([provider.is_board for provider in own.world.providers])
    some = own.course.admissions
    home = own.course.truth["home"].to_numpy()
    lives = np.where(some["person"] >= 0, boards[home[some["person"]]], False)
    some = some[
        (some["day"] >= first)
        & (some["day"] <= last)
        & (boards[some["provider"].to_numpy()] | lives)
    ]
    folder = f"wales/pedw/{quarter}"
    rng = stream(own.seed, "pedw", str(quarter))
    spells = ["PROV_UNIT_CD,SPELL_NUM_PE,ALF_PE,ALF_STS_CD,GNDR_CD,ADMIS_DT,DISCH_DT"]
    episodes = ["PROV_UNIT_CD,SPELL_NUM_PE,EPI_NUM,EPI_STR_DT,EPI_END_DT,DIAG_CD_1234"]
    diagnoses = ["PROV_UNIT_CD,SPELL_NUM_PE,EPI_NUM,DIAG_NUM,DIAG_CD,DIAG_CD_123,DIAG_CD_1234"]
    sex = own.course.truth["sex"].to_numpy()
    for number, row in enumerate(_rows(some), start=1):
        code = own.world.providers[row.provider].code
        spell = f"{quarter.year % 100}{quarter.number}{number:07d}"
        if row.person >= 0:
            alf = str(own.numbers["pedw"][row.person])
            gender = str(sex[row.person])
        else:
            alf, gender = str(90_000_000 + rng.randrange(9_000_000)), rng.choice("12")
        start = iso(int(row.day)).replace("-", "")
        end = iso(int(row.day) + int(row.length)).replace("-", "")
        codes = row.codes.split(";")
        spells.append(f"{code},{spell},{alf},{rng.choice(('1', '4', '39'))},{gender},{start},{end}")
        episodes.append(f"{code},{spell},1,{start},{end},{codes[0]}")
        for place, icd in enumerate(codes, start=1):
            diagnoses.append(f"{code},{spell},1,{place},{icd},{icd[:3]},{icd}")
    if own.unit.defects:
        episodes.append(f"7A4,{quarter.year}999,1,,,C787")
        name = f"{folder}/pedw_episode.csv"
        own.note(name, len(episodes) - 1, "pedw_no_spell", "error", "pedw_without_partner")
    for table, lines in (("spell", spells), ("episode", episodes), ("diag", diagnoses)):
        own.save(f"{folder}/pedw_{table}.csv", lines)


def _cwt(own: _Writer, quarter: Quarter) -> None:
    """A quarter of cancer waiting times, in the folder of its last month."""
    first, last = day_number(quarter.first_day), day_number(quarter.last_day)
    some = own.course.notified
    some = some[(some["day"] >= first) & (some["day"] <= last)]
    numbers = own.course.truth["nhs_number"].to_numpy()
    lines = [
        "NHS_NUMBER,CANCER_TREATMENT_EVENT_TYPE,TREATMENT_START_DATE,PRIMARY_DIAGNOSIS_ICD,"
        "ORGANISATION_CODE_PROVIDER"
    ]
    lines += [
        f"{numbers[row.person]},{row.event},{iso(int(row.day))},{row.icd},"
        f"{own.world.providers[row.provider].code}"
        for row in _rows(some)
    ]
    name = f"england/cwt/{quarter.months[2]}/cwt_{quarter.months[2]}.csv"
    if own.unit.defects:
        rng = stream(own.seed, "cwt", str(quarter))
        lines.append(f"{nhs_numbers.for_anyone_else(rng)},,{iso(last)},C509,RTH")
        own.note(name, len(lines) - 1, "cwt_no_event", "error", "waiting_times_event_unknown")
    own.save(name, lines)


def _keys(own: _Writer) -> None:
    """One key file of all sources, at the end of the last quarter; some people are in none."""
    numbers = own.course.truth["nhs_number"].to_numpy()
    admissions, courses = own.course.admissions["person"], own.course.radiotherapy["person"]
    lines = ["source,source_person_id,nhs_number"]
    admitted = sorted({int(person) for person in admissions if person >= 0})
    for person in admitted:
        if own.linked["hes_apc"][person]:
            for is_pilot in (True, False):
                token = _token(own, person, is_pilot=is_pilot)
                lines.append(f"hes_apc,{token},{numbers[person]}")
        if own.linked["pedw"][person]:
            lines.append(f"pedw,{own.numbers['pedw'][person]},{numbers[person]}")
    for person in sorted(set(map(int, courses))):
        if own.linked["rtds"][person]:
            lines.append(f"rtds,{own.numbers['rtds'][person]},{numbers[person]}")
    name = f"england/keys/{own.unit.last.last_day.isoformat()}/keys.csv"
    if own.unit.defects and len(admitted) > 1:
        for person in admitted[:2]:
            lines.append(f"rtds,5,{numbers[person]}")
            own.note(name, len(lines) - 1, "key_of_two", "error", "key_of_two_people")
    own.save(name, lines)


def _truth(own: _Writer) -> None:
    """What is so, beside the manifest: one row a person of the world."""
    truth: pd.DataFrame = own.course.truth
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    days = ("primary", "mbc", "death", "other_primary", "coded", "mistaken")
    writer.writerow(
        ("nhs_number", "presentation", *(f"{day}_date" for day in days), "linked_hes_apc",
         "linked_pedw", "linked_rtds")
    )  # fmt: skip
    for row in _rows(truth):
        told = [getattr(row, day) for day in days]
        writer.writerow(
            (
                row.nhs_number,
                _PRESENTATIONS[row.presentation],
                *(iso(int(day)) if day < NEVER else "" for day in told),
                *(int(own.linked[source][row.Index]) for source in ("hes_apc", "pedw", "rtds")),
            )
        )
    (own.landing / TRUTH_NAME).write_text(text.getvalue(), encoding="utf-8", newline="")
