"""COSD Pathology files: the reports on one provider's events of one month."""

from __future__ import annotations

import random
import zlib
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from naome_assets.synthetic.cosd import DAYS_TO_UPLOAD, month_bounds, month_name
from naome_assets.synthetic.defects import NAMED, RowDefects
from naome_assets.synthetic.manifest import ManifestRow, Sent, Written
from naome_assets.synthetic.nhs_numbers import for_anyone_else
from naome_assets.synthetic.randomness import identifier, stream
from naome_assets.synthetic.records import iso, local_identifier
from naome_assets.synthetic.world import PRIMARY, TRANSFORMATION, World, day_number
from naome_assets.synthetic.xml_text import code, extension, section, text

NAMESPACE: Final = "http://www.datadictionary.nhs.uk/messages/COSD_Pathology-v4-1-1"

_REPORTED = 0.7
"""Share of events on which a report comes as XML."""
_OTHER_TUMOURS = 0.3
"""Reports on other tumours, for one on the breast."""
_METASTASIS_SAMPLED = 0.4
"""Share of metastatic first diagnoses in which a metastasis is sampled as well."""
_BORDERLINE, _ISH_LATER = 0.1, 0.3
"""HER2 2+, and the share of those whose in-situ hybridisation comes in a report of its own."""
_RECEPTOR_POSITIVE_OF_HER2 = 5
"""Of so many people with HER2-positive disease one is ER-positive: 75 % of all people are."""


class Unit(NamedTuple):
    """One provider's reports of one month; as the unit of ``wales``."""

    provider: int
    month: int
    sendings: NDArray[np.int64]
    turn: int
    defects: bool


class _Report(NamedTuple):
    number: int
    status: str
    reported: int
    sampled: int
    specimen: str
    investigation: str
    er: str
    pr: str
    her2: str
    ish: str


def write(landing: Path, world: World, seed: int, unit: Unit) -> Written:
    """Write the month's file; some suppliers lay it beside their COSD file."""
    provider = world.providers[unit.provider]
    month = month_name(unit.month)
    # One supplier's systems send everything to one place: the root tells the two apart.
    kind = "cosd" if provider.supplier == "infoflex" else "pathology"
    folder = f"england/{kind}/{provider.code}/{month}"
    (landing / folder).mkdir(parents=True, exist_ok=True)
    file = f"{folder}/COSD_Pathology_{provider.code}_{month.replace('-', '')}.xml"
    rng = stream(seed, "pathology file", provider.code, unit.month)
    defects = RowDefects("pathology", rng, unit.turn, unit.defects)
    first, last = month_bounds(unit.month)
    known = day_number(last) + DAYS_TO_UPLOAD + rng.randrange(8)
    created = f"{iso(known)}T{rng.randrange(8, 18):02d}:{rng.randrange(60):02d}:00"
    written = Written(files=[file])
    alone = ~world.sendings["event"].duplicated(keep=False).to_numpy()[unit.sendings]
    sendings = world.sendings.iloc[unit.sendings]
    events = world.events.iloc[sendings["event"].to_numpy()].assign(
        incomplete=sendings["incomplete"].to_numpy(), alone=alone
    )
    people = world.people.iloc[events["person"].to_numpy()]
    records: list[str] = []
    position = 0
    for event, person in zip(events.itertuples(), people.itertuples(), strict=True):
        reports = list(_reports(seed, event, person, known))
        if not reports:
            continue
        # A defect on an event that is sent twice would blur what supersedes what.
        defect = defects.draw() if event.alone else ""
        texts = []
        for report in reports:
            position += 1
            spoilt = defect if report.number == 0 else ""
            written_text = _text(event, report, spoilt, known)
            texts.append(written_text)
            if spoilt:
                written.rows.append(ManifestRow.of(file, position, spoilt))
            # A missing number is the whole record's.
            elif defect == "pathology_no_identifier":
                written.rows.append(ManifestRow.of(file, position, defect))
            if not defect or NAMED[defect].expected != "error":
                written.sent.append(
                    Sent(
                        ("pathology", event.Index, report.number),
                        (created, last.isoformat(), file, position),
                        file,
                        position,
                        zlib.crc32(written_text.encode()),
                    )
                )
        records.append(_record(_patient(event, person, provider.code, defect), texts, rng))
        if rng.random() < _OTHER_TUMOURS:
            position += 1
            records.append(_other_tumour(provider.code, known, rng))
    disagrees = unit.defects and unit.turn % 29 == 7
    if disagrees:
        written.rows.append(ManifestRow.of(file, 0, "pathology_count_disagrees"))
    header = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<COSD_Pathology:COSD_Pathology xmlns:COSD_Pathology="{NAMESPACE}">\n'
        f'<Id root="{identifier(rng)}"/>\n'
        f'<OrganisationIdentifierCodeOfSubmittingOrganisation extension="{provider.code}"/>\n'
        f'<RecordCount value="{len(records) + 2 * disagrees}"/>\n'
        f"<ReportingPeriodStartDate>{first}</ReportingPeriodStartDate>\n"
        f"<ReportingPeriodEndDate>{last}</ReportingPeriodEndDate>\n"
        f"<FileCreationDateTime>{created}</FileCreationDateTime>\n"
    )
    data = "".join([header, *records, "</COSD_Pathology:COSD_Pathology>\n"]).encode()
    (landing / file).write_bytes(data)
    written.size = len(data)
    written.records = position
    return written


def _reports(seed: int, event: Any, person: Any, known: int) -> list[_Report]:
    """The reports on an event, the same whenever it is sent."""
    rng = stream(seed, "pathology", event.Index)
    day = int(event.date)
    if rng.random() > _REPORTED or event.pathway == TRANSFORMATION:
        return []
    reported = day + rng.randrange(2, 12)
    status = "2" if event.incomplete else "1"
    distant = bool(event.distant)
    specimen = "1" if event.pathway == PRIMARY else "5" if distant else "9"
    reports = [_report(rng, 0, status, reported, day, specimen, event, person)]
    if event.pathway == PRIMARY and distant and rng.random() < _METASTASIS_SAMPLED:
        reports.append(_report(rng, 1, status, reported + 4, day, "5", event, person))
    main = reports[0]
    if main.her2 == "B" and rng.random() < _ISH_LATER:
        reports[0] = main._replace(ish="X")
        reports.append(
            main._replace(number=2, status="5", reported=reported + 9, er="", pr="", her2="")
        )
    return [report for report in reports if report.reported <= known]


def _report(
    rng: random.Random,
    number: int,
    status: str,
    reported: int,
    day: int,
    specimen: str,
    event: Any,
    person: Any,
) -> _Report:
    subtype = int(person.subtype)
    is_er = subtype == 0 or (subtype == 1 and event.person % _RECEPTOR_POSITIVE_OF_HER2 == 0)
    is_borderline = rng.random() < _BORDERLINE
    her2 = "P" if subtype == 1 else rng.choice(("N1", "N2"))
    ish = ("P" if subtype == 1 else "N") if is_borderline else ""
    return _Report(
        number,
        status,
        reported,
        day - rng.randrange(0, 5),
        specimen,
        rng.choice(("BU", "BU", "CY")) if specimen == "5" else rng.choice(("BU", "EX")),
        "P" if is_er else "N",
        rng.choice("PPPPN") if is_er else "N",
        "B" if is_borderline else her2,
        ish,
    )


def _patient(event: Any, person: Any, provider: str, defect: str) -> str:
    number, local = person.nhs_number, local_identifier(int(event.person), provider)
    if defect == "pathology_no_identifier":
        number = local = ""
    return section(
        "LinkagePatientId",
        extension("NhsNumber", number),
        text("LocalPatientIdentifier", local),
        code("NhsNumberStatusIndicatorCode", "01" if number else "07"),
        text("PersonBirthDate", iso(person.birth)),
        extension("OrganisationIdentifierCodeOfProvider", provider),
    ) + section("Demographics", code("PersonStatedGenderCode", person.sex))


def _text(event: Any, report: _Report, defect: str, known: int) -> str:
    """A report; the defects of a report are put in here."""
    reported = iso(report.reported)
    if defect == "pathology_date_missing":
        reported = ""
    elif defect == "pathology_date_unreadable":
        reported = "2023-02-31"
    elif defect == "pathology_date_future":
        reported = iso(known + 20)
    er = "Q" if defect == "pathology_code_unknown" else report.er
    sampled = report.reported + 6 if defect == "pathology_sample_late" else report.sampled
    allred = {"P": "7", "N": "0"}.get(report.er, "")
    return section(
        "Pathology",
        text("InvestigationResultDate", reported),
        extension("ServiceReportIdentifier", f"H{event.Index:08d}"),
        extension("PathologyObservationReportIdentifier", f"{report.number + 1}"),
        code("ServiceReportStatus", "6" if defect == "pathology_report_deleted" else report.status),
        text("SampleCollectionDate", iso(sampled)),
        code("SpecimenNature", report.specimen),
        code("DiagnosisIcdPathological", "D051" if event.in_situ else "C509"),
        code("TumourLateralityPathological", "L"),
        code("PathologyInvestigationType", report.investigation),
        code("GradeOfDifferentiationPathological", "G2"),
        section(
            "PathologyBreast",
            code("ErAllredScore", allred),
            code("ErStatus", er),
            code("PrStatus", report.pr),
            code("Her2Status", report.her2),
            code("Her2IshStatus", report.ish),
        ),
    )


def _record(patient: str, reports: list[str], rng: random.Random) -> str:
    return section("Record", f'<Id root="{identifier(rng)}"/>\n', patient, *reports)


def _other_tumour(provider: str, known: int, rng: random.Random) -> str:
    patient = section(
        "LinkagePatientId",
        extension("NhsNumber", for_anyone_else(rng)),
        text("PersonBirthDate", iso(known - rng.randrange(12_000, 32_000))),
        extension("OrganisationIdentifierCodeOfProvider", provider),
    )
    report = section(
        "Pathology",
        text("InvestigationResultDate", iso(known - 40)),
        extension("ServiceReportIdentifier", f"X{rng.randrange(10**8):08d}"),
        code("ServiceReportStatus", "1"),
        code("DiagnosisIcdPathological", rng.choice(("C349", "C189", "C61"))),
    )
    return _record(patient, [report], rng)
