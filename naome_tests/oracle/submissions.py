"""Small landing folders for tests: say what happened, choose the format it is sent in.

An ``Event`` is one record, whatever the format; ``primary``, ``recurrence``, ``progression`` and
``transformation`` make one, and the writers put several into a file of the landing layout::

    cosd_v9(
        landing, "RHU", "2024-01",
        primary("9434765919", date="2024-01-10", m="1", cns="Y1",
                treatments=[("2024-02-01", "01")]),
        recurrence("9434765870", date="2024-01-20", mets=[("03", "02")]),
    )

Values are written as given, ``None`` leaves the element out; so dirty values are simply given.
The Welsh and deaths writers turn ISO dates into CCYYMMDD. Every writer returns the file's path
relative to the landing folder, as the ledger has it. A name ending in ``.gz`` is compressed;
``a.zip!b.xml`` adds a member to an archive.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from .listed import CARRIED

Pair = tuple[str | None, str | None]


def _valid_nhs_numbers(first: int, last: int) -> Iterator[str]:
    for stem in map(str, range(first, last)):
        weighted = sum(int(digit) * (10 - place) for place, digit in enumerate(stem))
        check = (11 - weighted % 11) % 11
        if check < 10:
            yield f"{stem}{check}"


#: Made-up numbers that pass Modulus 11: one for each person of a test.
NHS_NUMBERS = tuple(_valid_nhs_numbers(943476500, 943476600))


@dataclass(frozen=True)
class Event:
    """One record. ``provider`` None: that of the folder; empty: left out."""

    pathway: str | None
    nhs: str | None = None
    date: str | None = None
    local: str | None = None
    birth: str | None = "1960-05-17"
    sex: str | None = "female"
    provider: str | None = None
    site: str | None = None
    icd: str | None = "C50.9"
    basis: str | None = None
    m: str | None = None
    m_pre: str | None = None
    stage: str | None = None
    stage_pre: str | None = None
    mets: tuple[Pair, ...] = ()
    progressions: tuple[tuple[str | None, tuple[Pair, ...]], ...] = ()
    cns: str | None = None
    #: Start, modality and, where it is sent, intent.
    treatments: tuple[tuple[str | None, ...], ...] = ()
    record_id: str | None = None
    laterality: str | None = "L"
    ethnic: str | None = None
    performance: str | None = None
    t: str | None = None
    n: str | None = None
    #: Days of meetings; an empty one is a meeting without its day. Wales sends the first.
    meetings: tuple[str, ...] = ()
    planned: str | None = None
    #: Column and value of items that go on unchanged (``listed``).
    carried: tuple[tuple[str, str | None], ...] = ()
    er: str | None = None
    her2: str | None = None


def primary(nhs: str | None, **items: object) -> Event:
    """A primary record: ``progressions=[("2025-01-01", [("03", "02")])]`` and all the rest."""
    return _event("primary", nhs, items)


def recurrence(nhs: str | None, **items: object) -> Event:
    """A recurrence; its ICD is that of the original primary."""
    return _event("recurrence", nhs, items)


def progression(nhs: str | None, **items: object) -> Event:
    """A progression record of the non-primary pathway."""
    return _event("progression", nhs, items)


def transformation(nhs: str | None, **items: object) -> Event:
    """A transformation."""
    return _event("transformation", nhs, items)


def unstated(nhs: str | None, **items: object) -> Event:
    """A non-primary record of no kind (ruling B21)."""
    return _event("unstated", nhs, items)


def no_pathway(nhs: str | None, **items: object) -> Event:
    """A record without any pathway (ruling B21)."""
    return _event(None, nhs, items)


def _event(pathway: str | None, nhs: str | None, items: dict[str, object]) -> Event:
    frozen = {
        name: tuple(value) if isinstance(value, list) else value for name, value in items.items()
    }
    return Event(pathway=pathway, nhs=nhs, **frozen)  # type: ignore[arg-type]


# COSD


def cosd_v9(
    landing: Path,
    provider: str,
    month: str,
    *records: Event | str,
    name: str | None = None,
    created: str | None = "2030-01-01T00:00:00",
    version: str = "v9-0-1",
    period_end: str | None = None,
) -> str:
    """A COSD v9 file. A string among the records stands as it is: another tumour group."""
    return _cosd(landing, (provider, month), records, _v9, (name, created, version, period_end))


def cosd_v10(
    landing: Path,
    provider: str,
    month: str,
    *records: Event | str,
    name: str | None = None,
    created: str | None = "2030-01-01T00:00:00",
    version: str = "v10-0-1",
    period_end: str | None = None,
) -> str:
    """A COSD v10 file, which begins with a byte-order mark."""
    return _cosd(landing, (provider, month), records, _v10, (name, created, version, period_end))


def cosd_v8(
    landing: Path,
    provider: str,
    month: str,
    *records: Event | str,
    name: str | None = None,
    created: str | None = "2030-01-01T00:00:00",
    version: str = "v8-2",
    period_end: str | None = None,
    breast_core: bool = False,
) -> str:
    """A COSD v8 file; ``breast_core``: in COSDRecord/Breast/BreastCore (ruling D15)."""
    render = _v8_breast_core if breast_core else _v8
    return _cosd(landing, (provider, month), records, render, (name, created, version, period_end))


LUNG = '<LungRecord><Id root="00000000-0000-4000-8000-000000000000"/></LungRecord>'


def _cosd(
    landing: Path,
    place: tuple[str, str],
    records: tuple[Event | str, ...],
    render: Callable[[Event], str],
    header: tuple[str | None, str | None, str, str | None],
) -> str:
    provider, month = place
    name, created, version, period_end = header
    body = [
        record if isinstance(record, str) else render(_at(record, provider)) for record in records
    ]
    text = _element(
        "COSD:COSD",
        _code("Id", "00000000-0000-4000-8000-000000000001", "root"),
        _code("OrganisationIdentifierCodeOfSubmittingOrganisation", provider, "extension"),
        _code("RecordCount", str(len(records)), "value"),
        _text("ReportingPeriodStartDate", f"{month}-01"),
        _text("ReportingPeriodEndDate", period_end or f"{month}-28"),
        _text("FileCreationDateTime", created),
        *body,
        attributes=f' xmlns:COSD="http://www.datadictionary.nhs.uk/messages/COSD-{version}"',
    )
    mark = "\ufeff" if render is _v10 else ""
    text = f'{mark}<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'
    return _put(landing, f"england/cosd/{provider}/{month}", name, ".xml", text)


def _at(event: Event, provider: str) -> Event:
    return replace(event, provider=provider) if event.provider is None else event


_NURSE = "ClinicalNurseSpecialistAndRiskFactorAssessment"
_COSD_SEX = {"female": "2", "male": "1"}


def _v9(event: Event) -> str:
    person = _person(event, ("LinkagePatientId", "NhsNumber", "LocalPatientIdentifier"))
    number = _code("Id", event.record_id, "root")
    sections = [person, _v9_pathway(event), *_rest(event, f"{_NURSE}s"), _care_plan(event)]
    return _with_carried(event, "v9", _element("BreastRecord", number, *sections))


def _v10(event: Event) -> str:
    person = _person(event, ("PatientIdentityDetails", "NhsNumber", "LocalPatientIdentifier"))
    renamed = {
        "LinkageDiagnosticDetails": "PrimaryCancerPathwayDetails",
        "MetastaticTypeAndSiteDiagnosisProgression": "MetastaticTypeAndSite",
        "MetastaticTypeAndSiteDiagnosis": "MetastaticTypeAndSite",
        "MetastaticTypeAndSiteRecurrence": "MetastaticTypeAndSite",
        "MetastaticTypeAndSiteProgression": "MetastaticTypeAndSite",
        "DiagnosisProgression": "Progression",
    }
    pathway = re.sub(
        r"(?<=[</])\w+", lambda name: renamed.get(name[0], name[0]), _v9_pathway(event)
    )
    date = _text("DateOfNonPrimaryCancerDiagnosisClinicallyAgreed", event.date)
    if date:
        details = _element("NonPrimaryCancerPathwayDetails", date)
        pathway = pathway.replace(date, details)
    # In v10 the care plan is a part of the primary pathway.
    pathway = pathway.replace("</PrimaryPathway>", _care_plan(event) + "</PrimaryPathway>")
    number = _code("Id", event.record_id, "root")
    record = _element("BreastRecord", number, person, pathway, *_rest(event, _NURSE))
    return _with_carried(event, "v10", record)


def _person(event: Event, names: tuple[str, str, str]) -> str:
    section, number, local = names
    return _element(
        section,
        _code(number, event.nhs, "extension"),
        _text(local, event.local),
        _text("PersonBirthDate" if number == "NhsNumber" else "Birthdate", event.birth),
        _code("OrganisationIdentifierCodeOfProvider", event.provider or None, "extension"),
    )


def _rest(event: Event, nurse: str) -> list[str]:
    sex = _code("PersonStatedGenderCode", _COSD_SEX.get(event.sex or "", event.sex))
    ethnic = _code("EthnicCategory", event.ethnic)
    cns = _code("ClinicalNurseSpecialistIndicationCode", event.cns)
    meeting = "MultidisciplinaryTeamMeeting"
    held = [
        _element(f"{meeting}Detail", _text(f"{meeting}Date", day or None)) for day in event.meetings
    ]
    return [
        _element("Demographics", sex, ethnic) if sex or ethnic else "",
        _element(nurse, cns) if cns else "",
        _element(f"{meeting}s", *held) if held else "",
        *(
            _element(
                "Treatment",
                _text("TreatmentStartDateCancer", start),
                _code("CancerTreatmentModalityRegistration", modality),
                *(_code("CancerTreatmentIntent", intent) for intent in more),
            )
            for start, modality, *more in event.treatments
        ),
    ]


def _care_plan(event: Event) -> str:
    day = _text("MultidisciplinaryTeamDiscussionDateCancer", event.planned)
    return _element("CancerCarePlan", day) if day else ""


def _v9_pathway(event: Event) -> str:
    if event.pathway is None:
        return ""
    if event.pathway == "primary":
        return _v9_primary(event)
    kind = event.pathway.capitalize()
    date = _text("DateOfNonPrimaryCancerDiagnosisClinicallyAgreed", event.date)
    if kind == "Unstated":
        return _element("NonPrimaryPathway", date)
    if kind == "Transformation":
        return _element("NonPrimaryPathway", date, _element(kind))
    icd = {"Recurrence": "OriginalPrimaryDiagnosisIcd", "Progression": "ProgressionIcd"}[kind]
    pairs = _pairs(f"MetastaticTypeAndSite{kind}", event.mets)
    return _element("NonPrimaryPathway", date, _element(kind, _code(icd, event.icd), *pairs))


def _v9_primary(event: Event) -> str:
    details = _element(
        "LinkageDiagnosticDetails",
        _code("PrimaryDiagnosisIcd", event.icd),
        _code("TumourLaterality", event.laterality),
        _text("DateOfPrimaryDiagnosisClinicallyAgreed", event.date),
    )
    progressions = [
        _element(
            "DiagnosisProgression",
            *_pairs("MetastaticTypeAndSiteDiagnosisProgression", mets),
            _text("ProgressionDatePrimaryPathway", date),
        )
        for date, mets in event.progressions
    ]
    diagnosis = _element(
        "Diagnosis",
        _code("OrganisationSiteIdentifierOfDiagnosis", event.site, "extension"),
        _code("BasisOfDiagnosisCancer", event.basis),
        _code("PerformanceStatusAdult", event.performance),
        *_pairs("MetastaticTypeAndSiteDiagnosis", event.mets),
        *progressions,
    )
    staging = _element(
        "Staging",
        _text("MCategoryFinalPretreatment", event.m_pre),
        _text("TnmStageGroupingFinalPretreatment", event.stage_pre),
        _text("MCategoryIntegratedStage", event.m),
        _text("TnmStageGroupingIntegrated", event.stage),
        _text("TCategoryFinalPretreatment", event.t),
        _text("NCategoryIntegratedStage", event.n),
    )
    return _element("PrimaryPathway", details, diagnosis, staging)


def _pairs(name: str, pairs: tuple[Pair, ...]) -> list[str]:
    return [
        _element(name, _code("MetastaticType", kind), _code("MetastaticSite", site))
        for kind, site in pairs
    ]


_V8_KINDS = {"recurrence": "01", "progression": "02", "transformation": "03"}


def _v8(event: Event) -> str:
    return _with_carried(event, "v8", _element("BreastRecord", *_v8_sections(event)))


def _v8_breast_core(event: Event) -> str:
    sections = [
        re.sub(r"^<(\w+)>(.*)</\1>$", r"<BreastCore\1>\2</BreastCore\1>", section)
        for section in map(_text_of, etree.fromstring(_v8(event)))
    ]
    return _element("COSDRecord", _element("Breast", _element("BreastCore", *sections)))


def _v8_sections(event: Event) -> list[str]:
    if event.progressions:
        raise ValueError("v8 has no progressions within a primary record")
    is_primary = event.pathway == "primary"
    date = (
        "ClinicalDateCancerDiagnosis"
        if is_primary
        else "DateOfNonPrimaryCancerDiagnosisClinicallyAgreed"
    )
    kind = (
        "CancerMetastaticDiseaseType" if is_primary else "CancerRecurrenceOrMetastaticDiseaseType"
    )
    mets = [
        *(_code(kind, found) for found, _ in event.mets),
        *(_code("MetastaticSite", site) for _, site in event.mets),
    ]
    linkage = _element(
        "LinkageDiagnosticDetails",
        _code("PrimaryDiagnosis", event.icd if event.pathway != "progression" else None),
        _code("TumourLaterality", event.laterality),
        _text(date, event.date if event.pathway else None),
    )
    route = _element(
        "NonPrimaryCancerPathwayRoute",
        _code("NonPrimaryCancerPathwayType", _V8_KINDS.get(event.pathway or "")),
        *mets,
        _code("CancerProgressionICD", event.icd if event.pathway == "progression" else None),
    )
    diagnosis = _element(
        "Diagnosis",
        _code("OrganisationSiteIdentifierOfDiagnosis", event.site, "extension"),
        _code("BasisOfCancerDiagnosis", event.basis),
        _code("AdultPerformanceStatus", event.performance),
        *(mets if is_primary else []),
    )
    staging = _element(
        "Staging",
        _text("FinalPreTreatmentMCategory", event.m_pre),
        _text("FinalPreTreatmentTNMStageGrouping", event.stage_pre),
        _text("IntegratedStageMCategory", event.m),
        _text("IntegratedStageTNMStageGrouping", event.stage),
        _text("IntegratedStageTCategory", event.t),
        _text("FinalPreTreatmentNCategory", event.n),
    )
    planned = _text("CancerMultiTeamDiscussionDate", event.planned)
    cns = _code("ClinicalNurseSpecialistIndicationCode", event.cns)
    return [
        _code("Id", event.record_id, "root"),
        _person(event, ("LinkagePatientId", "NHSNumber", "LocalPatientIdExtended")),
        linkage,
        "" if is_primary or event.pathway is None else route,
        _element(
            "Demographics",
            _code("Gender", _COSD_SEX.get(event.sex or "", event.sex)),
            _code("Ethnicity", event.ethnic),
        ),
        *(
            _element("MultidisciplinaryTeamMeetings", _text("TeamMeetingDate", day or None))
            for day in event.meetings
        ),
        _element("CancerCarePlan", planned) if planned else "",
        diagnosis,
        _element(f"{_NURSE}s", cns),
        staging,
        *(
            _element(
                "Treatment",
                _text("CancerTreatmentStartDate", start),
                _code("CancerTreatmentModality", modality),
                *(_code("CancerTreatmentIntent", intent) for intent in more),
            )
            for start, modality, *more in event.treatments
        ),
    ]


def _with_carried(event: Event, version: str, record: str) -> str:
    """A record with the items that go on unchanged, also where it should have none of them."""
    sent = dict(event.carried)
    if not any(sent.values()):
        return record
    tree = etree.fromstring(record)
    for item in CARRIED:
        value, (*sections, name) = sent.get(item.column), item.paths[version].split("/")
        # v8 has sections of their own, whose being there tells no pathway.
        is_whole = item.is_asked_of(event.pathway) or (
            version == "v8" and event.pathway != "primary"
        )
        place: etree._Element | None = tree
        for section in sections:
            inner = place.find(section) if place is not None else None
            if inner is None and place is not None and is_whole:
                inner = etree.SubElement(place, section)
            place = inner
        if value is not None and name and place is not None:
            etree.SubElement(place, name, code=value)
    return _text_of(tree)


def _text_of(element: etree._Element) -> str:
    text: str = etree.tostring(element, encoding="unicode")
    return text


def _element(name: str, *children: str, attributes: str = "") -> str:
    return f"<{name}{attributes}>{''.join(children)}</{name}>"


def _text(name: str, value: str | None) -> str:
    return "" if value is None else _element(name, escape(value))


def _code(name: str, value: str | None, attribute: str = "code") -> str:
    return "" if value is None else f"<{name} {attribute}={quoteattr(value)}/>"


# Wales


def wales_tumour(
    landing: Path,
    health_board: str,
    quarter: str,
    *events: Event,
    created: str = "20300101T000000",
    name: str | None = None,
) -> str:
    """A Welsh tumour file. A row has one set of metastases: of its progression, if any (B18)."""
    rows = [_welsh_row(_at(event, health_board), created) for event in events]
    return _csv(
        landing, f"wales/registry/{quarter}", name or f"{health_board}_tumour.csv", rows, _TUMOUR
    )


_TUMOUR = [
    *("record_id", "extract_created", "nhs_number", "local_patient_identifier", "birth_date"),
    *("sex", "ethnic_category", "postcode", "provider", "site_of_diagnosis", "pathway", "icd10"),
    *("event_date", "progression_date", "laterality", "basis_of_diagnosis", "t_category"),
    *("n_category", "m_category", "tnm_stage_group", "metastatic_type", "metastatic_sites"),
    *("performance_status", "er_status", "her2_status", "cns_indication", "mdt_date"),
    *("point_of_suspicion_date", *(item.wales for item in CARRIED if item.wales)),
]


def _welsh_row(event: Event, created: str) -> dict[str, str | None]:
    if len(event.progressions) > 1 or (event.progressions and event.mets):
        raise ValueError("a Welsh row has one progression or one set of metastases")
    progressed, mets = event.progressions[0] if event.progressions else (None, event.mets)
    types = {kind for kind, _ in mets}
    if len(types) > 1:
        raise ValueError("a Welsh row has one metastatic type")
    return {
        "record_id": event.record_id or f"{event.nhs}-{event.pathway}-{event.date}",
        "extract_created": created,
        "nhs_number": event.nhs,
        "local_patient_identifier": event.local,
        "birth_date": _compact(event.birth),
        "sex": {"female": "F", "male": "M"}.get(event.sex or "", event.sex),
        "provider": event.provider,
        "site_of_diagnosis": event.site,
        "pathway": event.pathway,
        "icd10": event.icd,
        "event_date": _compact(event.date),
        "progression_date": _compact(progressed),
        "laterality": event.laterality,
        "basis_of_diagnosis": event.basis,
        "m_category": event.m,
        "tnm_stage_group": event.stage,
        "metastatic_type": next(iter(types), None),
        "metastatic_sites": ";".join(site for _, site in mets if site),
        "cns_indication": event.cns,
        "ethnic_category": event.ethnic,
        "performance_status": event.performance,
        "t_category": event.t,
        "n_category": event.n,
        "mdt_date": _compact(event.meetings[0] if event.meetings else event.planned),
        **{item.wales: dict(event.carried).get(item.column) for item in CARRIED if item.wales},
        "er_status": event.er,
        "her2_status": event.her2,
    }


@dataclass(frozen=True)
class WelshTreatment:
    """A row of a Welsh treatment file."""

    nhs: str | None
    date: str | None
    modality: str | None = "01"
    record_id: str | None = "1"
    local: str | None = None
    provider: str | None = None
    intent: str | None = None


def wales_treatment(
    landing: Path, health_board: str, quarter: str, *rows: WelshTreatment, name: str | None = None
) -> str:
    """A Welsh treatment file."""
    cells = [
        {
            "record_id": row.record_id,
            "nhs_number": row.nhs,
            "local_patient_identifier": row.local,
            "provider": health_board if row.provider is None else row.provider,
            "start_date": _compact(row.date),
            "modality": row.modality,
            "intent": row.intent,
        }
        for row in rows
    ]
    columns = "record_id nhs_number local_patient_identifier provider start_date modality intent"
    file = name or f"{health_board}_treatment.csv"
    return _csv(landing, f"wales/registry/{quarter}", file, cells, columns.split())


# Pathology


@dataclass(frozen=True)
class PathologyReport:
    """A report; receptors by element name, such as ``ErStatus``."""

    nhs: str | None
    date: str
    receptors: tuple[tuple[str, str], ...] = ()
    specimen: str = "1"
    sampled: str | None = None
    status: str = "1"
    local: str | None = None


def pathology_v4(
    landing: Path,
    provider: str,
    month: str,
    *reports: PathologyReport,
    name: str | None = None,
    created: str = "2030-01-01T00:00:00",
) -> str:
    """A COSD Pathology v4 file."""
    records = [
        _element(
            "Record",
            _element(
                "LinkagePatientId",
                _code("NhsNumber", report.nhs, "extension"),
                _code("LocalPatientIdentifier", report.local, "extension"),
                _code("OrganisationIdentifierCodeOfProvider", provider, "extension"),
            ),
            _element(
                "Pathology",
                _text("InvestigationResultDate", report.date),
                _code("ServiceReportStatus", report.status),
                _text("SampleCollectionDate", report.sampled),
                _code("SpecimenNature", report.specimen),
                _code("DiagnosisIcdPathological", "C50.9"),
                _element("PathologyBreast", *(_code(*item) for item in report.receptors)),
            ),
        )
        for report in reports
    ]
    text = _element(
        "p:COSD_Pathology",
        _code("RecordCount", str(len(reports)), "value"),
        _text("ReportingPeriodEndDate", f"{month}-28"),
        _text("FileCreationDateTime", created),
        *records,
        attributes=' xmlns:p="http://www.datadictionary.nhs.uk/messages/COSD_Pathology-v4-1-1"',
    )
    return _put(landing, f"england/pathology/{provider}/{month}", name, ".xml", text)


# SACT and deaths


@dataclass(frozen=True)
class Administration:
    """A row of a SACT file; the administration date is the start unless given."""

    nhs: str | None
    start: str | None
    drug: str | None = "PACLITAXEL"
    regimen: str | None = "REGIMEN"
    icd: str | None = "C50.9"
    local: str | None = None
    provider: str | None = "RHU"
    cycle: str | None = "1"
    given: str | None = None
    intent: str | None = "02"
    performance: str | None = "1"
    cycle_start: str | None = None


def sact(landing: Path, month: str, *rows: Administration, name: str | None = None) -> str:
    """A SACT file, with the columns that the audit reads."""
    cells = [
        {
            "NHS_Number": row.nhs,
            "Local_Patient_Identifier": row.local,
            "Organisation_Identifier_Code_Of_Provider": row.provider,
            "Primary_Diagnosis": row.icd,
            "Regimen": row.regimen,
            "Start_Date_Of_Regimen": row.start,
            "Cycle_Number": row.cycle,
            "Start_Date_Of_Cycle": row.cycle_start or row.start,
            "Drug_Name": row.drug,
            "Administration_Date": row.given or row.start,
            "Intent_Of_Treatment": row.intent,
            "Performance_Status_At_Start_Of_Regimen_Adult": row.performance,
        }
        for row in rows
    ]
    columns = (
        "NHS_Number Local_Patient_Identifier Organisation_Identifier_Code_Of_Provider "
        "Primary_Diagnosis Intent_Of_Treatment Regimen "
        "Performance_Status_At_Start_Of_Regimen_Adult Start_Date_Of_Regimen Cycle_Number "
        "Start_Date_Of_Cycle Drug_Name Administration_Date"
    )
    return _csv(landing, f"england/sact/{month}", name, cells, columns.split())


@dataclass(frozen=True)
class Death:
    """A registration of a death."""

    nhs: str | None
    date: str | None
    registered: str | None = "2030-01-01"
    underlying: str | None = "C509"
    causes: tuple[str, ...] = ()


def deaths(landing: Path, month: str, *rows: Death, name: str | None = None) -> str:
    """A file of civil registrations."""
    cells = [
        {
            "DEC_CONF_NHS_NUMBER": row.nhs,
            "REG_DATE": _compact(row.registered),
            "REG_DATE_OF_DEATH": _compact(row.date),
            "S_UNDERLYING_COD_ICD10": row.underlying,
            **{f"S_COD_CODE_{place}": code for place, code in enumerate(row.causes, start=1)},
        }
        for row in rows
    ]
    codes = [f"S_COD_CODE_{number}" for number in range(1, 16)]
    columns = ["DEC_CONF_NHS_NUMBER", "REG_DATE", "REG_DATE_OF_DEATH", "S_UNDERLYING_COD_ICD10"]
    return _csv(landing, f"deaths/{month}", name, cells, [*columns, *codes])


# Files


def _compact(date: str | None) -> str | None:
    if date is None or not re.fullmatch(r"\d{4}-\d\d-\d\d", date):
        return date
    return date.replace("-", "")


def _csv(
    landing: Path,
    folder: str,
    name: str | None,
    rows: list[dict[str, str | None]],
    columns: list[str],
) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return _put(landing, folder, name, ".csv", text.getvalue())


def _put(landing: Path, folder: str, name: str | None, suffix: str, text: str) -> str:
    """Write a file; without a name, the folder's next number. Returns its path."""
    place = landing / folder
    place.mkdir(parents=True, exist_ok=True)
    name = name or f"{len(list(place.iterdir())) + 1:02d}{suffix}"
    content = text.encode()
    archive, _, member = name.partition("!")
    if member:
        with zipfile.ZipFile(place / archive, "a") as opened:
            opened.writestr(member, content)
    elif name.endswith(".gz"):
        (place / name).write_bytes(gzip.compress(content, mtime=0))
    else:
        (place / name).write_bytes(content)
    return f"{folder}/{name}"
