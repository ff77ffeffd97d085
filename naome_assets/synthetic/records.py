"""One COSD record, before it is written in any version of the standard.

The world decides what an indicator reads; this module adds the rest of what a real record carries
(referral, imaging, observations, plans), drawn from a stream of the event alone, so that a record
sent again is the same but for what has become known since.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from naome_assets.synthetic.carried import drawn
from naome_assets.synthetic.identities import identity_of
from naome_assets.synthetic.randomness import stream
from naome_assets.synthetic.world import NEVER, PATHWAYS, PRIMARY, date_of

DISTANT_SITES: Final = ("10", "03", "04", "02", "09", "08", "98")
_SITE_WEIGHTS: Final = (0.45, 0.2, 0.17, 0.06, 0.07, 0.02, 0.03)
_ICD: Final = ("C504", "C509", "C502", "C505", "C501", "C508", "C503", "C500", "C506")
_ICD_WEIGHTS: Final = (34, 30, 10, 7, 5, 6, 4, 3, 1)


@dataclass(slots=True)
class Treatment:
    """A treatment as recorded; dates are ISO text."""

    start: str
    modality: str
    intent: str
    adjunctive: str = "9"
    procedure: str = ""
    discharge: str = ""


@dataclass(slots=True)
class Progression:
    """A progression told within a primary record."""

    date: str
    metastases: list[tuple[str, str]]


@dataclass(slots=True)
class Record:
    """What a sender puts into one record; an empty text or list is not recorded.

    Dates are ISO text, codes as the standard lists them. ``pathway`` may also be ``none`` (no
    pathway at all) or ``empty`` (a non-primary pathway without content), which real files have.
    """

    element: str
    identifier: str
    nhs_number: str
    local_identifier: str
    birth_date: str
    provider: str
    pathway: str
    event_date: str
    icd: str
    sex: str
    laterality: str = ""
    site: str = ""
    ethnicity: str = ""
    family_name: str = ""
    given_name: str = ""
    postcode: str = "XX1 1XX"
    basis: str = ""
    morphology: str = ""
    topography: str = ""
    grade: str = ""
    performance_status: str = ""
    metastases: list[tuple[str, str]] = field(default_factory=list)
    progressions: list[Progression] = field(default_factory=list)
    t_category: str = ""
    n_category: str = ""
    m_category: str = ""
    stage: str = ""
    integrated: bool = False
    cns: str = ""
    mdt_dates: list[str] = field(default_factory=list)
    mdt_type: str = "0101"
    care_plan_date: str = ""
    care_plan_intent: str = ""
    #: Values of the items that go on unchanged, by column.
    carried: dict[str, str] = field(default_factory=dict)
    first_seen: str = ""
    referral: str = ""
    imaging: list[tuple[str, str]] = field(default_factory=list)
    biopsy_date: str = ""
    height: str = ""
    weight: str = ""
    body_mass_index: str = ""
    menopausal_status: str = ""
    smoking: str = ""
    frailty: str = ""
    needs_assessment_date: str = ""
    germline_date: str = ""
    trial: str = ""
    treatments: list[Treatment] = field(default_factory=list)
    prognostic_index: str = ""
    er_status: str = ""
    her2_status: str = ""
    comment: str = ""
    xml_comment: str = ""
    cdata: bool = False

    @property
    def is_breast(self) -> bool:
        """Breast records carry the items that other tumour groups lack."""
        return self.element == "BreastRecord"


def build(
    seed: int, event: Any, person: Any, treatments: list[Any], known: int, code: str, suffix: str
) -> Record:
    """The record of an event as it is known on a day.

    Args:
        seed: The world's seed.
        event: Row of ``World.events`` with its number as ``Index``, and ``incomplete``.
        person: Row of ``World.people``.
        treatments: Rows of ``World.treatments`` of this event.
        known: Day number; later treatments and progressions are not in the record yet.
        code: Provider, three characters.
        suffix: What this sender adds to the code in CR0030 (to five characters, or nothing).
    """
    rng = stream(seed, "event", event.Index)
    primary = event.pathway == PRIMARY
    date = int(event.date)
    menopause_age = 51.0
    site = code + rng.choice(("01", "02", "10"))
    identity = identity_of(seed, int(event.person), person.sex)
    record = Record(
        element="BreastRecord",
        identifier="",
        nhs_number=person.nhs_number,
        local_identifier=local_identifier(int(event.person), code),
        birth_date=iso(person.birth),
        provider=code + suffix,
        pathway=PATHWAYS[event.pathway],
        event_date=iso(date),
        icd="D051" if event.in_situ else rng.choices(_ICD, _ICD_WEIGHTS)[0],
        sex=person.sex,
        site=site,
        ethnicity=person.ethnicity,
        family_name=identity.surname,
        given_name=identity.forename,
        postcode=identity.postcode,
        laterality=rng.choices("LRB9", (50, 48, 1, 1))[0],
        mdt_dates=[iso(date + rng.randrange(1, 15))] if event.mdt else [],
        cns="" if event.incomplete else event.cns,
        imaging=[
            (iso(date - rng.randrange(0, 21)), rng.choice(("C01M", "C02X", "C03X", "C08A", "C05X")))
            for _ in range(rng.choice((0, 1, 1, 2)))
        ],
        biopsy_date=iso(date - rng.randrange(0, 10)) if rng.random() < 0.7 else "",
        height=f"{rng.gauss(1.63, 0.07):.2f}" if rng.random() < 0.6 else "",
        smoking=rng.choice("1249"),
        trial=rng.choice(("", "", "", "02", "01")),
        needs_assessment_date=iso(date + 14) if rng.random() < 0.5 else "",
        first_seen=iso(date - rng.randrange(3, 28)),
        referral=rng.choice(("03", "17", "05", "97")),
        menopausal_status="3" if (date - person.birth) / 365.25 > menopause_age else "1",
        er_status="P" if person.subtype == 0 else rng.choice("PN") if person.subtype == 1 else "N",
        her2_status="P" if person.subtype == 1 else "N",
    )
    if record.height:
        record.weight = f"{rng.gauss(72, 13):.1f}"
        record.body_mass_index = f"{float(record.weight) / float(record.height) ** 2:.1f}"
    if primary:
        _primary_items(record, event, person, date, known, rng)
    else:
        _non_primary_items(record, event, rng)
    record.treatments = [
        _treatment(row, rng) for row in treatments if not event.incomplete and row.start <= known
    ]
    return record


def _primary_items(
    record: Record, event: Any, person: Any, date: int, known: int, rng: random.Random
) -> None:
    distant, in_situ = bool(event.distant), bool(event.in_situ)
    record.basis = rng.choices(("7", "5", "2", "6", "1"), (88, 4, 4, 2, 2))[0]
    record.morphology = "8500/2" if in_situ else rng.choice(("8500/3", "8500/3", "8520/3"))
    record.topography = record.icd[:3] + "." + record.icd[3:] if not in_situ else "C50.9"
    record.grade = rng.choices(("G1", "G2", "G3", "GX"), (17, 50, 30, 3))[0]
    record.performance_status = rng.choices(
        ("0", "1", "2", "3", "4", "9"),
        (15, 25, 20, 12, 3, 25) if distant else (50, 15, 4, 2, 1, 28),
    )[0]
    record.frailty = rng.choice("1234567") if date - person.birth > 70 * 365 else ""
    record.care_plan_intent = "Z" if distant else "C"
    record.care_plan_date = record.mdt_dates[0] if record.mdt_dates else ""
    if rng.random() < 0.3:
        record.germline_date = iso(date + rng.randrange(5, 40))
    if not distant:
        record.prognostic_index = f"{rng.uniform(2.1, 6.8):.2f}"
    record.integrated = rng.random() < 0.6
    if event.m_recorded or event.stage_recorded:
        record.t_category = "is" if in_situ else rng.choice(("1a", "1b", "1c", "2", "2", "3", "4"))
        record.n_category = "0" if in_situ else rng.choice(("0", "0", "1", "1a", "2", "X"))
    if event.m_recorded:
        record.m_category = rng.choice(("1", "1", "1a", "1b", "M1")) if distant else "0"
    if event.stage_recorded:
        early = ("0",) if in_situ else ("1A", "1B", "2A", "2B", "3A")
        record.stage = rng.choice(("4", "4", "IV", "4A")) if distant else rng.choice(early)
    if event.metastasis_recorded and distant:
        record.metastases = _metastases(rng, typed=True)
    if event.progression < NEVER and event.progression <= known:
        record.progressions = [Progression(iso(event.progression), _metastases(rng, typed=True))]
    record.carried |= drawn(rng, "primary", "all")


def _non_primary_items(record: Record, event: Any, rng: random.Random) -> None:
    record.carried |= drawn(rng, "recurrence", "progression", "all")
    if event.distant:
        record.metastases = _metastases(rng, typed=rng.random() < 0.9)
    else:
        record.metastases = [rng.choice((("01", "97"), ("02", "12")))]
    if record.pathway == "progression":
        # Many senders name the metastasis here, not the primary (ruling B2).
        record.icd = rng.choice((record.icd, "C787", "C795", "C780"))
    elif record.pathway == "transformation":
        record.icd, record.morphology, record.metastases = "", "8500/3", []
    elif rng.random() < 0.15:
        record.icd = ""


def _metastases(rng: random.Random, *, typed: bool) -> list[tuple[str, str]]:
    count = rng.choices((1, 2, 3), (60, 28, 12))[0]
    sites = dict.fromkeys(rng.choices(DISTANT_SITES, _SITE_WEIGHTS, k=count))
    return [("03" if typed else "", site) for site in sites]


def _treatment(row: Any, rng: random.Random) -> Treatment:
    surgery = row.modality == "01"
    return Treatment(
        start=iso(row.start),
        modality=row.modality,
        intent=row.intent,
        adjunctive=rng.choice("1239"),
        procedure=rng.choice(("B283", "B274", "B285", "T873")) if surgery else "",
        discharge=iso(row.start + rng.randrange(0, 5)) if surgery else "",
    )


def local_identifier(person: int, provider: str) -> str:
    """The hospital number of a person: distinct within a provider, unlike between providers."""
    salt = sum(ord(letter) * 31**place for place, letter in enumerate(provider))
    return f"{provider[-1]}{(person * 7_919 + salt * 104_729) % 10_000_000:07d}"


@cache
def iso(day: int) -> str:
    """ISO date of a day number; kept, for the same few thousand days come up all the time."""
    return date_of(day).isoformat()
