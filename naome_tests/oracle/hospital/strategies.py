"""Random small worlds of hospital data for hypothesis, with the bounds of the rulings in reach.

``hospital_worlds()`` draws some people with primaries, recurrences, other cancers, drugs and
deaths, and sends what hospitals say of them in every layout: HES of several shapes and deliveries,
PEDW wide and in tables, radiotherapy in two tables or one, waiting times, and key files that know
most ids. Only what the text settles is drawn: what it leaves open would make two honest readings
differ.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st

from naome_assets.quarters import Quarter

from .. import submissions as sent
from ..submissions import NHS_NUMBERS, Administration, Death, Event
from .submissions import Row, cwt, link, rtds_episode, rtds_prescription, sheet

FIRST = Quarter(2023, 1)
WELSH = "7A4"
GAPS = (0, 0, 1, 30, 31, 32, 56, 57, 92, 93, 120, 121, 183, 184, 365, 366)
#: From a primary diagnosis to what hospitals say.
SINCE = (-40, -32, -31, -30, -1, 0, 1, 56, 57, 119, 120, 121, 122, 200, 400, 700)
STRONG = ("C780", "C795", "c79.5", "C78X", "C793D", "C772", "C79-", "C788A", "C78")
OTHER = ("C189", "C187", "C18", "C341", "C449", "C800", "C970")
NOTHING = ("I10X", "-", "R69X6", "C79A", "7999", "C789", "C776", "C773", "C792", "C779", "Z512")
CODES = (*STRONG, *STRONG, *OTHER, *NOTHING, "C509", "C50X", "Z853", "z85.3", "D051")
PROVIDERS = ("RHU", "RHU", "R0A", "RW3", "NT3", "89997", "7A4")
CAUSES = ("C509", "c50.9", "C795", "C792", "C349", "I219", "C78", "")


@dataclass(frozen=True)
class Stay:
    """An episode in hospital, whatever the layout it is sent in."""

    who: int
    day: dt.date | None
    started: dt.date | None
    codes: tuple[str, ...]
    spell: str
    provider: str = "RHU"
    status: str = "3"
    order: str = "1"
    fault: str = ""


@dataclass(frozen=True)
class HesFile:
    """A HES file and its shape."""

    path: str
    key: str
    diagnosis: str
    form: str
    separator: str
    quoted: bool
    years: tuple[str, ...]
    part: str


@dataclass
class World:
    """A landing folder to be, and the quarters to ask for."""

    first: Quarter
    last: Quarter
    seed: int = 0
    records: list[Event | str] = field(default_factory=list)
    later_records: list[Event] = field(default_factory=list)
    tumours: list[Event] = field(default_factory=list)
    sact: list[Administration] = field(default_factory=list)
    deaths: list[Death] = field(default_factory=list)
    sheets: dict[str, tuple[list[Row], dict[str, Any]]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"world_of({self.seed})"

    def add(self, path: str, *rows: Row, **how: Any) -> None:
        """Rows of one file."""
        have = self.sheets.setdefault(path, ([], how))
        have[0].extend(rows)

    def write(self, landing: Path) -> None:
        """Write every file."""
        month = self.first.months[0]
        sent.cosd_v9(landing, "RHU", month, *self.records, created="2025-06-01T00:00:00")
        sent.cosd_v10(landing, "R0A", month, *self.later_records, created="2025-06-02T00:00:00")
        tumours = (landing, WELSH, str(self.last), *self.tumours)
        sent.wales_tumour(*tumours, created="20250601T000000")
        sent.sact(landing, self.first.months[1], *self.sact)
        sent.deaths(landing, self.last.months[2], *self.deaths)
        for path, (rows, how) in self.sheets.items():
            sheet(landing, path, rows, **how)


def _more(day: dt.date, days: int) -> dt.date:
    return day + dt.timedelta(days=days)


def hospital_worlds(*, max_people: int = 10) -> st.SearchStrategy[World]:
    """Random worlds, each of a seed that is in its name: they are too large to be made smaller."""
    return st.integers(0, 2**32 - 1).map(lambda seed: world_of(seed, max_people))


def world_of(seed: int, max_people: int = 10) -> World:
    """The world of a seed."""
    chance = Random(seed)  # noqa: S311
    world = World(FIRST, FIRST + chance.randint(0, 4), seed=seed)
    drawn = [_hes_file(chance) for _ in range(chance.randint(1, 4))]
    hes_files = list({file.path: file for file in drawn}.values())
    stays: list[Stay] = []
    for number in range(chance.randint(3, max_people)):
        stays += _person(chance, world, number)
    _send_hes(chance, world, hes_files, [stay for stay in stays if chance.randint(0, 3) < 3])
    if chance.randint(0, 2) < 2:
        _send_pedw(chance, world, [stay for stay in stays if chance.randint(0, 1) == 0])
    _send_keys(chance, world)
    return world


# People


def _person(chance: Random, world: World, number: int) -> list[Stay]:
    """One person's records, and the stays that hospitals tell of."""
    nhs = NHS_NUMBERS[number]
    base = dt.date(2019, 1, 15) + dt.timedelta(days=chance.randint(0, 1500))
    who = {
        "birth": chance.choice(("1944-02-29", "1951-07-01", "1985-01-01", None)),
        "sex": chance.choice(("female", "female", "male", None)),
    }
    days = [base]
    for _ in range(chance.randint(0, 2)):
        days.append(_more(days[-1], chance.choice(GAPS)))
    for place, day in enumerate(days):
        event = _primary(chance, nhs, day, place, who)
        where = chance.choice((world.records, world.records, world.later_records))
        (world.tumours if chance.randint(0, 4) == 0 else where).append(event)
    day = _more(base, chance.choice(SINCE))
    if chance.randint(0, 2) == 0:
        world.records.append(_later(chance, nhs, _more(day, chance.choice(GAPS)), who))
    if chance.randint(0, 2) == 0:
        _other(chance, world, nhs, _more(day, chance.choice((*SINCE, *GAPS))))
    if chance.randint(0, 2) == 0:
        given = _more(day, chance.choice((-32, -31, 0, 183, 184)))
        world.sact += [_administration(chance, nhs, given) for _ in range(chance.randint(1, 2))]
    if chance.randint(0, 2) == 0:
        died = _more(day, chance.choice((-1, 0, 30, 365, 366, 900)))
        world.deaths.append(
            Death(
                nhs,
                died.isoformat(),
                _more(died, 9).isoformat(),
                chance.choice(CAUSES),
                tuple(chance.choices(CAUSES, k=chance.randint(0, 3))),
            )
        )
    if chance.randint(0, 2) == 0:
        _send_rtds(chance, world, number, _more(day, chance.choice((-93, -92, 0, 92, 93))))
    if chance.randint(0, 2) == 0:
        treated = _more(day, chance.choice((-184, -183, -1, 0, 183, 184)))
        _send_cwt(chance, world, nhs, treated)
    return _stays(chance, number, day)


def _primary(
    chance: Random, nhs: str, day: dt.date, place: int, who: dict[str, str | None]
) -> Event:
    stages = (*("2", "2", "3B", "IIIA", "STAGE 1", "0") * 2, *(None,) * 6, "X", "?")
    # Evidence of the registry's own is rare: the first primary has none.
    is_4 = place > 0 and chance.randint(0, 4) == 0
    kinds = ("C50.9", "C50.9", "C50.9", "C50.9", "D05.1", None)
    return Event(
        "primary",
        nhs,
        day.isoformat(),
        icd=chance.choice(kinds),
        stage="IV" if is_4 else chance.choice(stages),
        stage_pre=chance.choice((None, None, "3")),
        m=chance.choice((None, "0", *(["1"] if is_4 else []))),
        site=chance.choice((None, "RHU02", "RW301", "XXX99")),
        laterality=chance.choice(("L", "R")),
        record_id=None if place else f"{nhs}-0",
        **who,
    )


def _later(chance: Random, nhs: str, day: dt.date, who: dict[str, str | None]) -> Event:
    mets = ((("03", "02"),), (("01", "12"),), ())
    return Event(
        chance.choice(("recurrence", "progression", "transformation")),
        nhs,
        day.isoformat(),
        icd=chance.choice(("C50.9", None, "D05.1")),
        mets=chance.choice(mets),
        **who,
    )


def _other(chance: Random, world: World, nhs: str, day: dt.date) -> None:
    kind = chance.choice(("C18.9", "C34.1", "C44.1", "C80.9", "C50.1", "D48.0"))
    event = Event("primary", nhs, day.isoformat(), icd=kind)
    where = chance.randint(0, 3)
    if where == 0:
        world.tumours.append(event)
    elif where == 1:
        world.later_records.append(event)
    else:
        world.records.append(other_group(nhs, day.isoformat(), kind))


def other_group(nhs: str, day: str, icd: str, group: str = "Lung") -> str:
    """A primary of another tumour group of COSD than breast, as it is in the file."""
    return (
        f'<{group}Record><LinkagePatientId><NhsNumber extension="{nhs}"/>'
        '<OrganisationIdentifierCodeOfProvider extension="RHU"/></LinkagePatientId>'
        "<PrimaryPathway><LinkageDiagnosticDetails>"
        f'<PrimaryDiagnosisIcd code="{icd}"/><DateOfPrimaryDiagnosisClinicallyAgreed>'
        f"{day}</DateOfPrimaryDiagnosisClinicallyAgreed></LinkageDiagnosticDetails>"
        f"</PrimaryPathway></{group}Record>"
    )


def _administration(chance: Random, nhs: str, day: dt.date) -> Administration:
    drugs = ("PACLITAXEL", "Letrozole 2.5mg", "ZOLEDRONIC ACID", "XYZ")
    return Administration(
        nhs,
        day.isoformat(),
        chance.choice(drugs),
        chance.choice(("R1", "R2")),
        icd=chance.choice(("C50.9", "C50.9", "C79.5")),
        intent=chance.choice(("02", "2", "P", "01", "C", "A", "99", None)),
    )


def _stays(chance: Random, number: int, day: dt.date) -> list[Stay]:
    """Up to four episodes, each some awkward days after the one before."""
    found: list[Stay] = []
    for place in range(chance.randint(0, 4)):
        codes = tuple(chance.choices(CODES, k=chance.randint(1, 4)))
        stay = Stay(
            number,
            day,
            _more(day, chance.choice((0, 0, 3))),
            codes,
            spell=f"S{number}-{place}",
            provider=chance.choice(PROVIDERS),
            status=chance.choice(("3", "3", "3", "3", "3.0", "03", "", "1", "9")),
            order=str(place + 1),
            fault=chance.choice((*[""] * 12, *FAULTS)),
        )
        again = found and chance.randint(0, 3) == 0
        if again:  # Another episode of the spell before.
            last = found[-1]
            stay = replace(stay, day=last.day, spell=last.spell, provider=last.provider)
        found.append(stay)
        day = _more(day, chance.choice(GAPS))
    return found


# HES

FAULTS = ("magic", "unreadable", "no date", "late", "key", "other form", "copy", "near copy")


def _hes_file(chance: Random) -> HesFile:
    folder = chance.choice(("2022-2023", "2023-02", "2023-03", "2022-12", "2023-11"))
    name = chance.choice(("a.csv", "b.txt", "B.csv.gz", "c.zip!a.csv", "c.zip!d/b.txt"))
    years = ("1920", "2021", "2122", "2223", "", "2124")
    return HesFile(
        path=f"england/hes_apc/{folder}/{name}",
        key=chance.choice(("NEWNHSNO", "NEWNHSNO", *TOKENS, "nhs_number")),
        diagnosis=chance.choice(("DIAG_{:02d}", "DIAG_4_{:02d}", "both", "concat")),
        form=chance.choice(("%Y-%m-%d", "%Y-%m-%d 00:00:00", "%d/%m/%Y", "%Y%m%d")),
        separator=chance.choice((",", "|", "\t")),
        quoted=chance.choice((True, False)),
        years=tuple(chance.choices(years, k=chance.randint(1, 2))),
        part=chance.choice(("", "202210", "202212", "202213")),
    )


TOKENS = ("TOKEN_PERSON_ID", "PSEUDO_HESID", "STUDY_ID")


def _send_hes(chance: Random, world: World, files: list[HesFile], stays: list[Stay]) -> None:
    """Each stay into one file, sometimes into another one too; every file has a row."""
    for place, file in enumerate(files):
        broken = chance.choice(((), (), ('"unbalanced',), ("a,b|c\td",)))
        how = {"separator": file.separator, "quoted": file.quoted, "broken": broken}
        first = Stay(
            place, dt.date(2018, 4, 1 + place), None, ("Z853",), f"F{place}", order=f"9{place}"
        )
        world.add(file.path, *_hes_rows(chance, world, file, first), **how)
    for stay in stays:
        for file in {chance.choice(files), chance.choice(files)}:
            world.add(file.path, *_hes_rows(chance, world, file, stay))


def _hes_rows(chance: Random, world: World, file: HesFile, stay: Stay) -> list[Row]:
    """The row of a stay, with its fault; and its copy, where that is the fault."""

    def written(day: dt.date | None) -> str:
        return day.strftime(file.form) if day else ""

    admitted = {
        "unreadable": "2021-02-30" if "-" in file.form else "soon",
        "no date": "",
        "other form": "20210101" if file.form != "%Y%m%d" else "2021-01-01",
        "late": written(dt.date(2026, 1, 1)),
    }.get(stay.fault, written(stay.day))
    if stay.fault == "magic":
        admitted = {
            "%Y-%m-%d": "1801-01-01",
            "%Y-%m-%d 00:00:00": "1800-01-01 00:00:00",
            "%d/%m/%Y": "01/01/1801",
            "%Y%m%d": "18000101",
        }[file.form]
    who = _id(chance, file.key, stay.who)
    row: dict[str, str | None] = {
        "FYEAR": chance.choice(file.years),
        "PARTYEAR": file.part,
        file.key: "0000000000" if stay.fault == "key" else who,
        "EPISTAT": stay.status,
        "ADMIDATE": admitted,
        "EPISTART": "" if stay.fault == "no date" else written(stay.started),
        "EPIEND": "",
        "EPIORDER": stay.order,
        "EPIKEY": stay.spell,
        "PROCODE3": stay.provider if stay.order != "3" else "",
        "PROCODE5": f"{stay.provider}01" if len(stay.provider) == 3 else stay.provider,
        **_diagnoses(file, stay.codes),
    }
    copies = {
        "copy": [{**row, "EPIKEY": "copy", "CLASSPAT": "1"}],
        "near copy": [{**row, "EPIEND": written(stay.day)}],
    }
    return [{"CLASSPAT": "1", **row}, *copies.get(stay.fault, [])]


def _diagnoses(file: HesFile, codes: tuple[str, ...]) -> dict[str, str | None]:
    if file.diagnosis == "concat":
        # Alone, without commas of its own in a file of commas but between quotes.
        return {"DIAG_4_CONCAT": ",".join(codes), "DIAG_COUNT": str(len(codes))}
    like = "DIAG_{:02d}" if file.diagnosis == "both" else file.diagnosis
    # The last code is far down, after gaps.
    places = [*range(1, len(codes)), 20]
    found: dict[str, str | None] = {like.format(place): "" for place in (1, 2, 3, 4, 20)}
    found |= {like.format(place): code for place, code in zip(places, codes, strict=True)}
    if file.diagnosis == "both":
        found |= {"DIAG_4_01": "C795", "DIAG_4_02": "C509"}
    return found


def _id(chance: Random, column: str, number: int) -> str:
    """An NHS number or an id of the source, as they are written."""
    if "NHS" in column.upper():
        nhs = NHS_NUMBERS[number]
        spaced = f"{nhs[:3]} {nhs[3:6]} {nhs[6:]}"
        invalid = f"943476{number:03d}X"
        return chance.choice((nhs, nhs, nhs, nhs, nhs, f"{nhs}.0", spaced, invalid))
    return chance.choice((f"Tk{number}", f"Tk{number}", f"Tk{number}", f"Second{number}"))


#: Folder by folder, whose number a key file gives: the person's, the next one's, a wrong one, two.
KEYS: tuple[tuple[str, ...], ...] = (
    *(("own",), ("own",), ("own",), ("", "own"), ("own", "own"), ("next", "own")),
    *(("own", "next"), ("own", "wrong"), ("own", "two"), ("two", "own"), ()),
)


def _send_keys(chance: Random, world: World) -> None:
    """Most ids are known; some in two folders, some twice, some as somebody that nobody is."""
    sources = (("hes_apc", "Tk"), ("HES_APC", "Second"), ("pedw", "9"), ("rtds", "55"))
    for source, stem in sources:
        plans = chance.choices(KEYS, k=12)
        for number, plan in enumerate(plans):
            own, following = NHS_NUMBERS[number], NHS_NUMBERS[number + 1]
            numbers = {
                "own": (own,),
                "next": (following,),
                "wrong": ("9434765910",),
                "two": (own, following),
                "": (),
            }
            for day, kind in zip(("2023-01-31", "2023-03-31"), plan, strict=False):
                rows = [link(source, f"{stem}{number}", sent) for sent in numbers[kind]]
                world.add(f"england/keys/{day}/keys.csv", *rows)


# PEDW


def _send_pedw(chance: Random, world: World, stays: list[Stay]) -> None:
    """Some folders, wide or in tables; a later one replaces the spells that it holds."""
    folders = ("2023-Q1", "2023-02", "2023-03", str(world.last), "2022-Q4")
    key = chance.choice(("NHS_NUMBER", "ALF_PE", "ALF_E"))
    chosen = chance.sample(sorted(set(folders)), chance.randint(1, 3))
    by_spell: dict[str, list[Stay]] = {}
    for stay in stays:
        by_spell.setdefault(stay.spell, []).append(stay)
    for folder in chosen:
        is_wide = chance.choice((True, False))
        own = [spell for spell in by_spell if chance.choice((True, False))]
        for spell in own:
            codes = chance.choice((True, False))  # The later folder may say less of it.
            episodes = by_spell[spell] if codes else by_spell[spell][:1]
            whose = _id(chance, "NHS", episodes[0].who) if "NHS" in key else f"9{episodes[0].who}"
            status = chance.choice(("1", "4", "39", "", "35")) if "ALF" in key else ""
            send = _pedw_wide if is_wide else _pedw_tables
            send(world, f"wales/pedw/{folder}", key, whose, status, episodes)


def _pedw_wide(
    world: World, folder: str, key: str, whose: str, status: str, stays: list[Stay]
) -> None:
    for place, stay in enumerate(stays, start=1):
        row = {
            "PROV_UNIT_CD": "7A4BV",
            "SPELL_NUM": stay.spell,
            "EPI_NUM": str(place),
            key: whose,
            "ALF_STS_CD": status,
            "ADMIS_DT": stays[0].day.strftime("%Y%m%d") if stays[0].day else "",
            "EPI_STR_DT": stay.started.strftime("%Y%m%d") if stay.started else "",
            **{f"DIAG_CD_{n:02d}": "" for n in range(1, 5)},
            **{f"DIAG_CD_{n:02d}": code for n, code in enumerate(stay.codes, start=1)},
        }
        world.add(f"{folder}/pedw_wide.csv", row)


def _pedw_tables(
    world: World, folder: str, key: str, whose: str, status: str, stays: list[Stay]
) -> None:
    place = {"PROV_UNIT_CD": "7A4BV"}
    spell = stays[0].spell
    world.add(
        f"{folder}/PEDW_SPELL.csv",
        {
            **place,
            "SPELL_NUM_E": spell,
            key: whose,
            "ALF_STS_CD": status,
            "ADMIS_DT": stays[0].day.strftime("%Y%m%d") if stays[0].day else "",
        },
    )
    for number, stay in enumerate(stays, start=1):
        own = {**place, "SPELL_NUM": spell, "EPI_NUM": str(number)}
        started = stay.started.strftime("%Y-%m-%d") if stay.started else ""
        last = stay.codes[-1]
        world.add(
            f"{folder}/PEDW_EPISODE.csv", {**own, "EPI_STR_DT": started, "DIAG_CD_1234": last}
        )
        for position, code in enumerate(stay.codes[:-1], start=1):
            world.add(
                f"{folder}/PEDW_DIAG.csv",
                {
                    **own,
                    "DIAG_NUM": str(position),
                    "DIAG_CD": code if position > 1 else "",
                    "DIAG_CD_1234": code,
                    "DIAG_CD_123": code[:3],
                },
            )
    columns = "PROV_UNIT_CD SPELL_NUM EPI_NUM DIAG_NUM DIAG_CD DIAG_CD_1234 DIAG_CD_123"
    world.sheets.setdefault(f"{folder}/PEDW_DIAG.csv", ([], {"columns": columns.split()}))


# RTDS, waiting times


def _send_rtds(chance: Random, world: World, number: int, day: dt.date) -> None:
    """A course, in two tables or in one; perhaps sent again, or without its episode."""
    who = chance.choice((f"55{number}", f"55{number}", f"55{number}.0"))
    icd = chance.choice(("C509", "c50.4", "", "", "C349", "D051", "C5A9"))
    region = chance.choice(("M", "M", " m", "P", "PR", ""))
    provider = chance.choice(("RHU", "R0A", "7A1"))
    is_combined = chance.choice((True, False))
    stem = "sim_rtds" if chance.choice((True, False)) else "rtds"
    folders = chance.choice((("2023-02",), ("2022-2023",), ("2023-02", "2022-2023")))
    for place, folder in enumerate(folders):
        course = f"E{number}"
        starts = chance.choice((day, None))
        attended = _more(day, chance.choice((0, 2)))
        how = {
            "ORGCODEPROVIDER": provider,
            "TREATMENTSTARTDATE": starts.strftime("%d/%m/%Y") if starts else "",
            "APPTDATE": attended.strftime("%Y-%m-%d"),
        }
        episode = rtds_episode(who, course, None, icd, **how)
        region = region if place == 0 else chance.choice((region, "A"))
        prescription = rtds_prescription(who, course, region, ORGCODEPROVIDER=provider)
        more = rtds_prescription(who, course, "P", ORGCODEPROVIDER=provider, PRESCRIPTIONID="2")
        path = f"england/rtds/{folder}/{stem}"
        if is_combined:
            world.add(f"{path}_combined.csv", {**episode, **prescription}, {**episode, **more})
            continue
        parts = chance.choice(("both", "both", "both", "prescription", "episode"))
        if parts != "prescription":
            world.add(f"{path}_episode.csv", episode)
        if parts != "episode":
            world.add(f"{path}_prescription.csv", prescription, more)


def _send_cwt(chance: Random, world: World, nhs: str, day: dt.date) -> None:
    kind = chance.choice(("05", "5", "06", "12", "12", "01", ""))
    icd = chance.choice(("C509", "C509", "C79.5", "", "C349", "D051"))
    provider = chance.choice(("RHU", "R0A", "7A1", ""))
    folder = chance.choice(("2023-01", "2023-03", "2022-12"))
    world.add(
        f"england/cwt/{folder}/cwt.csv", cwt(nhs, kind, day.strftime("%d/%m/%Y"), icd, provider)
    )
