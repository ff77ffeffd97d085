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

from . import places
from . import submissions as sent
from .listed import CARRIED, Listed
from .submissions import (
    NHS_NUMBERS,
    Administration,
    Death,
    Event,
    PathologyReport,
    WelshTreatment,
)

FIRST = Quarter(2023, 2)
#: Two of one alliance or not, one that has a successor, one in no list (so without alliance).
ENGLISH = ("RHU", "R0A", "RW3", "ZZ9")
WELSH = "7A4"
#: The distances at which the rulings change their mind.
GAPS = (0, 0, 1, 14, 30, 31, 32, 61, 62, 63, 119, 120, 121, 200, 365)
NEAR = (-40, -32, -31, -30, -1, 0, 0, 1, 30, 31, 32, 61, 62, 63, 120)
MODALITIES = ("01", "02", "03", "05", "14", "07", "98", "3", "97", "5.0", "n/k", None)
DRUGS = (
    "PACLITAXEL",
    "Letrozole 2.5mg",
    "PALBOCICLIB",
    "Ribociclib",
    "ZOLEDRONIC ACID",
    "trastuzumab",
    "XYZ",
    "BSA calculation",
    "Day 8 only",
    None,
)
METS = (
    *(("03", "02"), ("03", "12"), (None, "04"), (None, "12"), ("01", "98"), ("02", "08")),
    *(("3", "2"), ("NK", "4.0"), ("none", "nil")),
)
#: A number that passes and is nobody's own, and birth dates; none, or a part of one, does not make
#: the number shared (ruling C3).
EVERYBODYS = "1111111111"
BIRTHS = ("1944-02-29", "1951-07-01", "1963-09-30", "1985-01-01", "1985-01-00", "N/A", None)
#: First letters decide (ruling B4).
SIDES = ("L", "L", "L", "R", "r", " Left", "B", "9", "M", None)
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
    pathology: dict[str, list[PathologyReport]] = field(default_factory=dict)
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
        for month, reports in self.pathology.items():
            sent.pathology_v4(landing, ENGLISH[0], month, *reports, name="reports.xml")
        for month, registrations in self.deaths.items():
            sent.deaths(landing, month, *registrations, name="deaths.csv")


def _v8_breast_core(landing: Path, provider: str, month: str, *records: Any, **of: Any) -> str:
    return sent.cosd_v8(landing, provider, month, *records, breast_core=True, **of)


def _days(day: dt.date, days: int) -> str:
    return (day + dt.timedelta(days=days)).isoformat()


@st.composite
def landings(draw: st.DrawFn, *, max_people: int = 30) -> World:
    """A random world; simplest is one quarter, one COSD file and three people."""
    span = draw(st.integers(0, 3))
    last = FIRST + span
    world = World(FIRST, last)
    english = draw(st.lists(st.sampled_from(ENGLISH), min_size=1, max_size=3, unique=True))
    # Quarters that nobody sent, before it or after it, are not reported (ruling G5).
    month = (FIRST + draw(st.integers(0, span))).months[0]
    world.cosd = {CosdFile(english[0], month, "9", "2025-06-01T00:00:00", "A.xml"): []}
    for file in draw(st.lists(_cosd_file(english, last), max_size=6, unique_by=_path)):
        world.cosd[file] = []
    is_shared = st.sampled_from(draw(st.sampled_from(((False,), (False,), (False, True)))))
    for number in range(draw(st.integers(3, max_people))):
        draw(_person(world, number, EVERYBODYS if draw(is_shared) else None))
    if draw(st.integers(0, 3)) == 3:
        quarter = FIRST + draw(st.integers(0, span))
        world.tumours.setdefault((str(quarter), "20250601T000000"), [])
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
                    *("01/06/2025 00:00:00", "20250601000000", "20250601", "2025-06-01", "soon"),
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
def _person(draw: st.DrawFn, world: World, number: int, shared: str | None) -> None:
    """One person's records, treatments and death, put into the files of the world.

    Of somebody under a shared number more than the tumours may be sent under it.
    """
    length = (world.last.last_day - FIRST.first_day).days
    # Now and then long ago: followed for a year.
    long_ago = draw(st.sampled_from((0, 0, 0, -365)))
    base = FIRST.first_day + dt.timedelta(days=draw(st.integers(-130, length)) + long_ago)
    valid = draw(st.integers(0, 7)) != 7
    nhs = NHS_NUMBERS[number] if valid else draw(st.sampled_from((None, "NULL", "9434765910")))
    if shared:
        valid, nhs = True, shared
    who = {
        "nhs": draw(st.sampled_from((nhs, nhs, *_spellings(nhs)))),
        "local": draw(st.sampled_from((f"p{number:03d}", "NULL" if valid else f" P{number:03d}"))),
        "birth": draw(st.sampled_from(BIRTHS)),
        "sex": draw(st.sampled_from(("female", "female", "male", "9", "Not known", None))),
        "site": draw(st.sampled_from((None, None, "RHU02", "RW301", "XXX99"))),
    }
    events = _story(draw, base, who, number)
    nation = draw(st.sampled_from(("england", "england", "wales", "both")))
    english = {"england": events, "wales": [], "both": events[::2]}[nation]
    welsh = {"england": [], "wales": events, "both": events[1::2]}[nation]
    _send_english(draw, world, english)
    _send_welsh(draw, world, welsh)
    day = base + dt.timedelta(days=draw(st.sampled_from(NEAR)) + draw(st.sampled_from(GAPS)))
    if valid and draw(st.booleans()):
        world.sact.setdefault(world.last.months[0], []).extend(
            Administration(
                draw(st.sampled_from((str(nhs), f"{nhs}.0"))),
                day.isoformat(),
                drug=drug,
                regimen=draw(st.sampled_from(("R1", "FULVESTRANT", None))),
                icd=draw(st.sampled_from(("C50.9", "C79.5"))),
                given=_days(day, draw(st.sampled_from((0, 0, 21, 190)))),
                cycle_start=draw(st.sampled_from((None, _days(day, 20), "-4714-12-31"))),
                intent=draw(st.sampled_from(("02", "3", "01", "P", "C", "99", "XX", None))),
                performance=draw(st.sampled_from(("1", "9", "8", None))),
            )
            for drug in draw(st.lists(st.sampled_from(DRUGS), min_size=1, max_size=3))
        )
    if valid and draw(st.booleans()):
        reports = draw(st.lists(_report(str(nhs), base), min_size=1, max_size=3))
        world.pathology.setdefault(world.last.months[1], []).extend(reports)
    if valid and draw(st.integers(0, 2)) == 2:
        died = draw(st.sampled_from((day.isoformat(), day.strftime("%Y%m00"), _days(day, 60))))
        registered = draw(st.sampled_from((_days(day, 62), _days(day, 5), _days(day, 90))))
        world.deaths.setdefault(world.last.months[2], []).append(
            Death(draw(st.sampled_from((nhs, f"{nhs}.0"))), died, registered)
        )


@st.composite
def _report(draw: st.DrawFn, nhs: str, base: dt.date) -> PathologyReport:
    """Receptors around the events; reports of one day replace one another."""
    day = base + dt.timedelta(days=draw(st.sampled_from(GAPS)) + draw(st.sampled_from(NEAR)))
    receptors = {
        "ErStatus": draw(st.sampled_from(("P", "P", "N", "X", None))),
        "ErAllredScore": draw(st.sampled_from((None, None, "2", "3"))),
        "PrStatus": draw(st.sampled_from(("P", "N", None))),
        "Her2Status": draw(st.sampled_from(("N1", "N2", "N", "P", "B"))),
        "Her2IshStatus": draw(st.sampled_from((None, "P", "N"))),
    }
    return PathologyReport(
        nhs,
        day.isoformat(),
        tuple((name, code) for name, code in receptors.items() if code),
        specimen=draw(st.sampled_from(("1", "5"))),
        sampled=draw(st.sampled_from((None, _days(day, -9), _days(day, 1)))),
        status=draw(st.sampled_from(("1", "1", "6"))),
        local=draw(st.sampled_from((None, "p1"))),
    )


def _story(draw: st.DrawFn, base: dt.date, who: dict[str, Any], number: int) -> list[Event]:
    """Up to four records, each some awkward days after the one before; MBC in most."""
    events, day = [], 0
    for place in range(draw(st.integers(1, 4))):
        event = Event(
            pathway=draw(st.sampled_from(PATHWAYS)),
            date=_days(base, day),
            laterality=draw(st.sampled_from(SIDES)),
            record_id=draw(_record_id(number, place)),
            **draw(_items(base + dt.timedelta(days=day))),
            cns=draw(st.sampled_from((None, "Y1", "y3", "NI", "NN", "99", "NK"))),
            treatments=draw(_treatments(base + dt.timedelta(days=day))),
            **who,
        )
        make = MAKERS.get(event.pathway, _plain)
        events.append(_dirty(draw, make(draw, event)))
        day += draw(st.sampled_from(GAPS))
    return events


@st.composite
def _items(draw: st.DrawFn, day: dt.date) -> dict[str, Any]:
    """Key items that no table but the indicators and the quality of data asks for."""
    met = st.sampled_from((_days(day, 7), _days(day, 7), "", "2024-13-45"))
    values: dict[str, tuple[str | None, ...]] = {
        "ethnic": ("A", " b", "Z", "99", "QQ", None),
        "performance": ("0", "1", "4", "9", "7", None),
        "t": ("1", "ypT1c(m)", "Tis", "pTX", "X", "T7", None),
        "n": ("N0", "pN1mi(sn)", "cNX", "N9", None),
        "planned": (_days(day, 9), "soon", None, None),
        "er": ("P", "N", "X", None),
        "her2": ("P", "N", "N", None),
    }
    items: dict[str, Any] = {name: draw(st.sampled_from(given)) for name, given in values.items()}
    carried = tuple((item.column, draw(st.sampled_from(_codes(item)))) for item in CARRIED)
    return items | {"carried": carried, "meetings": tuple(draw(st.lists(met, max_size=2)))}


def _codes(item: Listed) -> tuple[str | None, ...]:
    """Codes of its list, one in small letters, one that is in no list, and none."""
    codes = sorted(places.code_list(item.code_list)) if item.code_list else ["1", "N"]
    return (*codes, *item.not_given, codes[-1].lower(), "Q7", None)


@st.composite
def _record_id(draw: st.DrawFn, number: int, place: int) -> str | None:
    """One's own, one for the whole story, another person's, or none; as systems write it."""
    number -= draw(st.sampled_from((0, 0, 0, 0, 1)))
    own, of_person = f"Id-{number}-{place}", f"Id-{number}"
    return draw(st.sampled_from((own, own, f" {own.upper()} ", of_person, of_person.lower(), None)))


@st.composite
def _treatments(draw: st.DrawFn, day: dt.date) -> tuple[tuple[str | None, ...], ...]:
    gaps = draw(st.lists(st.sampled_from(NEAR), max_size=2))
    intents = ((), ("02",), ("2",), ("P",), ("01",), ("77",))
    return tuple(
        (_days(day, gap), draw(st.sampled_from(MODALITIES)), *draw(st.sampled_from(intents)))
        for gap in gaps
    )


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


#: What a record of each pathway holds; one of no kind, or of none, nothing of the tumour.
MAKERS = {"primary": _primary, "recurrence": _metastatic, "progression": _metastatic}
PATHWAYS = (
    *("primary", "recurrence", "progression", "transformation") * 4,
    *("primary", "primary", "unstated", None),
)


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
            changed = replace(_changed(draw, event), treatments=())
            _put(world, draw(st.sampled_from(files)), changed)


def _changed(draw: st.DrawFn, event: Event) -> Event:
    """As it is sent again: what is counted changes, and now and then what it is known by."""
    changes: tuple[dict[str, Any], ...] = (
        *({}, {}, {}, {"date": _later(event.date, 1)}, {"date": _later(event.date, 365)}),
        *({"icd": "D05.1"}, {"icd": None}, {"laterality": "R"}, {"laterality": None}),
        *({"nhs": NHS_NUMBERS[-2]}, {"nhs": "9434765910"}, {"record_id": None}),
        *({"birth": "1950-05-05"}, {"pathway": "progression"}, {"date": "2024-13-45"}),
    )
    nurse = draw(st.sampled_from(("Y1", "NN", None)))
    return replace(event, cns=nurse, **draw(st.sampled_from(changes)))


def _later(date: str | None, days: int) -> str | None:
    try:
        return _days(dt.date.fromisoformat(date or ""), days)
    except ValueError:
        return date


def _put(world: World, file: CosdFile, event: Event) -> None:
    """Into a file, less what its version cannot say: v8 tells the pathway by the date."""
    if file.version.startswith("8"):
        event = replace(event, progressions=(), date=event.date or "2024-13-45")
        if event.pathway is None:
            event = replace(event, pathway="unstated")
    world.cosd[file].append(event)


def _send_welsh(draw: st.DrawFn, world: World, events: list[Event]) -> None:
    """Rows of the health board, and treatments that are in a file of their own."""
    first, last = str(world.first), str(world.last)
    files = [(first, "20250601T000000")]
    files += [(last, "20250601 00:00:00")] if last != first else files
    for number, event in enumerate(events):
        key = f"{event.nhs}-{event.local}-{number}"
        key = draw(st.sampled_from((key, event.record_id or key)))
        row = replace(event, record_id=key, mets=() if event.progressions else event.mets)
        world.tumours.setdefault(draw(st.sampled_from(files)), []).append(row)
        if draw(st.integers(0, 3)) == 3:
            again = _changed(draw, row)
            again = replace(again, mets=() if again.progressions else again.mets)
            world.tumours.setdefault(draw(st.sampled_from(files)), []).append(again)
        for date, modality, *intent in event.treatments if _sound(event) else ():
            quarter, _ = draw(st.sampled_from(files))
            own = event.nhs if draw(st.booleans()) else None
            treated = WelshTreatment(own, date, modality, key.strip(), event.local)
            world.welsh_treatments.setdefault(quarter, []).append(
                replace(treated, intent=next(iter(intent), None))
            )


def _sound(event: Event) -> bool:
    """Not in quarantine: whose a treatment of a refused row is, the rulings leave open."""
    return (
        event.provider is None
        and event.pathway not in (None, "unstated")
        and bool(event.nhs or event.local)
        and event.birth != "2024-12-24"
        and (event.date or "") <= "2025-06-01"
        and event.date not in (None, "1899-12-31", "2024-13-45")
    )
