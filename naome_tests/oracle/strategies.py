"""Random small audits for hypothesis, with the edge cases of the rulings close together.

``landings()`` draws a ``World``: a few people, each with a run of records at awkward distances
(31, 62, 120 days and a day beside them), sent by a few providers in every version of COSD, as
Welsh rows, SACT and deaths, some sent twice with changes, some dirty. ``World.write`` makes the
landing folder. Only what the rulings settle is drawn: what they leave open would make two honest
implementations differ.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from naome_assets.quarters import Quarter

from . import submissions as sent
from .submissions import NHS_NUMBERS, Administration, Death, Event, WelshTreatment

FIRST = Quarter(2023, 2)
#: Two of one alliance or not, one that has a successor, one in no list (so without alliance).
ENGLISH = ("RHU", "R0A", "RW3", "ZZ9")
WELSH = "7A4"
#: The distances at which the rulings change their mind.
GAPS = (0, 0, 1, 14, 30, 31, 32, 61, 62, 63, 119, 120, 121, 200, 365)
NEAR = (-40, -32, -31, -30, -1, 0, 0, 1, 30, 31, 32, 61, 62, 63, 120)
MODALITIES = ("01", "02", "03", "05", "14", "07", "98", "3", "97", "5.0", "n/k", None)
DRUGS = ("PACLITAXEL", "Letrozole 2.5mg", "PALBOCICLIB", "ZOLEDRONIC ACID", "trastuzumab", "XYZ")
METS = (
    *(("03", "02"), ("03", "12"), (None, "04"), (None, "12"), ("01", "98"), ("02", "08")),
    *(("3", "2"), ("NK", "4.0"), ("none", "nil")),
)
DISTANT = (("3.0", "None"), ("Unknown", "3"), ("03", "02"), ("03", "97"), (None, "11"))


@dataclass(frozen=True)
class CosdFile:
    """A COSD file: where it lies, in which version, made when."""

    provider: str
    month: str
    version: str
    created: str | None
    name: str


@dataclass
class World:
    """A landing folder to be, and the quarters to ask for."""

    first: Quarter
    last: Quarter
    cosd: dict[CosdFile, list[Event | str]] = field(default_factory=dict)
    tumours: dict[tuple[str, str], list[Event]] = field(default_factory=dict)
    welsh_treatments: dict[str, list[WelshTreatment]] = field(default_factory=dict)
    sact: dict[str, list[Administration]] = field(default_factory=dict)
    deaths: dict[str, list[Death]] = field(default_factory=dict)

    def write(self, landing: Path) -> None:
        """Write every file."""
        for file, records in self.cosd.items():
            writer = {"8": sent.cosd_v8, "8-core": _v8_breast_core, "9": sent.cosd_v9}.get(
                file.version, sent.cosd_v10
            )
            where = (landing, file.provider, file.month)
            writer(*where, *records, name=file.name, created=file.created)
        for (quarter, created), events in self.tumours.items():
            sent.wales_tumour(landing, WELSH, quarter, *events, created=created)
        for quarter, rows in self.welsh_treatments.items():
            sent.wales_treatment(landing, WELSH, quarter, *rows)
        for month, administrations in self.sact.items():
            sent.sact(landing, month, *administrations, name="sact.csv")
        for month, registrations in self.deaths.items():
            sent.deaths(landing, month, *registrations, name="deaths.csv")


def _v8_breast_core(landing: Path, provider: str, month: str, *records: Any, **of: Any) -> str:
    return sent.cosd_v8(landing, provider, month, *records, breast_core=True, **of)


def _days(day: dt.date, days: int) -> str:
    return (day + dt.timedelta(days=days)).isoformat()


@st.composite
def landings(draw: st.DrawFn, *, max_people: int = 30) -> World:
    """A random world; simplest is one quarter, one COSD file and three people."""
    last = FIRST + draw(st.integers(0, 3))
    world = World(FIRST, last)
    english = draw(st.lists(st.sampled_from(ENGLISH), min_size=1, max_size=3, unique=True))
    world.cosd = {CosdFile(english[0], FIRST.months[0], "9", "2025-06-01T00:00:00", "A.xml"): []}
    for file in draw(st.lists(_cosd_file(english, last), max_size=6, unique_by=_path)):
        world.cosd[file] = []
    for number in range(draw(st.integers(3, max_people))):
        draw(_person(world, number))
    if draw(st.integers(0, 5)) == 5:
        next(iter(world.cosd.values())).insert(0, sent.LUNG)
    if draw(st.integers(0, 5)) == 5:
        broken = CosdFile(english[0], last.months[2], "9", None, "broken.xml")
        world.cosd[broken] = ["<BreastRecord>"]
    return world


def _path(file: CosdFile) -> tuple[str, str, str]:
    return file.provider, file.month, file.name


@st.composite
def _cosd_file(draw: st.DrawFn, providers: list[str], last: Quarter) -> CosdFile:
    """Most lie in the run's quarters, some just outside (ruling B15); many tie in creation."""
    quarter = FIRST + draw(st.integers(0, 4)) if draw(st.booleans()) else last
    name = draw(st.sampled_from(("a.xml", "b.xml", "B.xml.gz", "c.zip!a.xml")))
    return CosdFile(
        provider=draw(st.sampled_from(providers)),
        month=quarter.months[draw(st.integers(0, 2))],
        version=draw(st.sampled_from(("9", "9", "8", "8-core", "10"))),
        created=draw(
            st.sampled_from(
                (
                    *("2025-06-01T00:00:00", "2025-06-01T00:00:00", "2025-06-01T01:00:00+01:00"),
                    *("2025-05-31T23:59:59Z", "2024-02-01T12:00:00", None),
                )
            )
        ),
        name=name,
    )


def _spellings(nhs: str | None) -> tuple[str, ...]:
    """A number as it is also written; a word for nothing is written as it is."""
    if nhs is None or not nhs.isdigit():
        return ()
    return f"{nhs[:3]} {nhs[3:6]}-{nhs[6:]}", f"{nhs}.0"


@st.composite
def _person(draw: st.DrawFn, world: World, number: int) -> None:
    """One person's records, treatments and death, put into the files of the world."""
    length = (world.last.last_day - FIRST.first_day).days
    base = FIRST.first_day + dt.timedelta(days=draw(st.integers(-130, length)))
    valid = draw(st.integers(0, 7)) != 7
    nhs = NHS_NUMBERS[number] if valid else draw(st.sampled_from((None, "NULL", "9434765910")))
    who = {
        "nhs": draw(st.sampled_from((nhs, nhs, *_spellings(nhs)))),
        "local": draw(st.sampled_from((f"p{number:03d}", "NULL" if valid else f" P{number:03d}"))),
        "birth": draw(st.sampled_from(("1944-02-29", "1963-09-30", "1985-01-01", "N/A", None))),
        "sex": draw(st.sampled_from(("female", "female", "male", "9", "Not known", None))),
        "site": draw(st.sampled_from((None, None, "RHU02", "RW301", "XXX99"))),
    }
    events = _story(draw, base, who)
    nation = draw(st.sampled_from(("england", "england", "wales", "both")))
    english = {"england": events, "wales": [], "both": events[::2]}[nation]
    welsh = {"england": [], "wales": events, "both": events[1::2]}[nation]
    _send_english(draw, world, english)
    _send_welsh(draw, world, welsh)
    day = base + dt.timedelta(days=draw(st.sampled_from(NEAR)) + draw(st.sampled_from(GAPS)))
    if valid and draw(st.integers(0, 2)) == 2:
        world.sact.setdefault(world.last.months[0], []).extend(
            Administration(
                draw(st.sampled_from((str(nhs), f"{nhs}.0"))),
                day.isoformat(),
                drug=drug,
                icd=draw(st.sampled_from(("C50.9", "C79.5"))),
            )
            for drug in draw(st.lists(st.sampled_from(DRUGS), min_size=1, max_size=3))
        )
    if valid and draw(st.integers(0, 2)) == 2:
        died = draw(st.sampled_from((day.isoformat(), day.strftime("%Y%m00"), _days(day, 60))))
        registered = draw(st.sampled_from((_days(day, 62), _days(day, 5), _days(day, 90))))
        world.deaths.setdefault(world.last.months[2], []).append(
            Death(draw(st.sampled_from((nhs, f"{nhs}.0"))), died, registered)
        )


def _story(draw: st.DrawFn, base: dt.date, who: dict[str, Any]) -> list[Event]:
    """Up to four records, each some awkward days after the one before; MBC in most."""
    events, day = [], 0
    for _ in range(draw(st.integers(1, 4))):
        pathway = draw(st.sampled_from(("primary", "recurrence", "progression", "transformation")))
        event = Event(
            pathway=pathway,
            date=_days(base, day),
            cns=draw(st.sampled_from((None, "Y1", "y3", "NI", "NN", "99", "NK"))),
            treatments=draw(_treatments(base + dt.timedelta(days=day))),
            **who,
        )
        make = {"primary": _primary, "transformation": _plain}.get(pathway, _metastatic)
        events.append(_dirty(draw, make(draw, event)))
        day += draw(st.sampled_from(GAPS))
    return events


@st.composite
def _treatments(draw: st.DrawFn, day: dt.date) -> tuple[tuple[str | None, str | None], ...]:
    gaps = draw(st.lists(st.sampled_from(NEAR), max_size=2))
    return tuple((_days(day, gap), draw(st.sampled_from(MODALITIES))) for gap in gaps)


def _primary(draw: st.DrawFn, event: Event) -> Event:
    staging: dict[str, Any] = draw(
        st.sampled_from(
            (
                *({"m": "1"}, {"m": " pM1a"}, {"m_pre": "1"}, {"stage": "STAGE IV"}),
                *({"m": "0", "m_pre": "1"}, {"m": "X", "m_pre": "cM1"}, {"stage_pre": "4b"}),
                *({"m": "NULL", "m_pre": "1.0"}, {"stage": "Unknown", "stage_pre": "4.0"}),
                *({"m": "0(i+)"}, {"stage": "?", "stage_pre": "4"}, {"stage": "3C"}, {}),
            )
        )
    )
    return replace(
        event,
        **staging,
        icd=draw(st.sampled_from(("C50.9", "C50.9", "c504", "C 50.1", "D05.1", "#N/A", None))),
        basis=draw(st.sampled_from(("7", "7.1", "6", "07", "7.2", "0", "0.0", "nk", None))),
        mets=draw(st.sampled_from(((), (), *((pair,) for pair in METS)))),
        progressions=draw(_progressions(dt.date.fromisoformat(event.date or ""))),
    )


@st.composite
def _progressions(draw: st.DrawFn, day: dt.date) -> tuple[Any, ...]:
    gaps = draw(st.lists(st.sampled_from((-1, *GAPS)), max_size=1))
    return tuple((_days(day, gap), (draw(st.sampled_from(METS)),)) for gap in gaps)


def _metastatic(draw: st.DrawFn, event: Event) -> Event:
    codes = ("C50.9", "C50.9", None, "NA", "C79.5", "D05.1", "C34.1")
    return replace(
        event,
        icd=draw(st.sampled_from(codes)),
        mets=(draw(st.sampled_from((*DISTANT, *DISTANT, *METS))),),
    )


def _plain(_: st.DrawFn, event: Event) -> Event:
    return event


def _dirty(draw: st.DrawFn, event: Event) -> Event:
    """Now and then a value that a rule catches."""
    if draw(st.integers(0, 9)) < 9:
        return event
    faults: tuple[dict[str, Any], ...] = (
        *({"date": "1899-12-31"}, {"date": "2024-13-45"}, {"date": None}, {"date": "2029-01-01"}),
        {"date": "NULL"},
        *({"birth": "2024-12-24"}, {"provider": "", "local": None}, {"nhs": None, "local": None}),
        *({"nhs": "9434765910", "local": "lost"}, {"icd": "C34.9"}),
    )
    return replace(event, **draw(st.sampled_from(faults)))


def _send_english(draw: st.DrawFn, world: World, events: list[Event]) -> None:
    """Each record into one file, sometimes again into another one, changed or not."""
    files = list(world.cosd)
    for event in events:
        _put(world, draw(st.sampled_from(files)), event)
        if draw(st.integers(0, 3)) == 3:
            changed = replace(event, cns=draw(st.sampled_from(("Y1", "NN", None))), treatments=())
            _put(world, draw(st.sampled_from(files)), changed)


def _put(world: World, file: CosdFile, event: Event) -> None:
    """Into a file, less what its version cannot say: v8 tells the pathway by the date."""
    if file.version.startswith("8"):
        event = replace(event, progressions=(), date=event.date or "2024-13-45")
    world.cosd[file].append(event)


def _send_welsh(draw: st.DrawFn, world: World, events: list[Event]) -> None:
    """Rows of the health board, and treatments that stand in a file of their own."""
    files = [(str(world.first), "20250601T000000"), (str(world.last), "20250601T000000")]
    for number, event in enumerate(events):
        key = f"{event.nhs}-{event.local}-{number}"
        row = replace(event, record_id=key, mets=() if event.progressions else event.mets)
        world.tumours.setdefault(draw(st.sampled_from(files)), []).append(row)
        if draw(st.integers(0, 3)) == 3:
            again = replace(row, cns=draw(st.sampled_from(("Y1", "NN", None))))
            world.tumours.setdefault(draw(st.sampled_from(files)), []).append(again)
        for date, modality in event.treatments if _sound(event) else ():
            quarter, _ = draw(st.sampled_from(files))
            own = event.nhs if draw(st.booleans()) else None
            world.welsh_treatments.setdefault(quarter, []).append(
                WelshTreatment(own, date, modality, key, event.local)
            )


def _sound(event: Event) -> bool:
    """Not in quarantine: whose a treatment of a refused row is, the rulings leave open."""
    return (
        event.provider is None
        and bool(event.nhs or event.local)
        and event.birth != "2024-12-24"
        and (event.date or "") <= "2025-06-01"
        and event.date not in (None, "1899-12-31", "2024-13-45")
    )
