"""From the bytes of a landing folder to records, whatever the version or nation.

Only what a file says is decided here; what it means for the audit is ``judge``'s business.
"""

from __future__ import annotations

import calendar
import csv
import datetime as dt
import gzip
import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from lxml import etree

from naome_assets.quarters import Quarter

from .listed import CARRIED, Listed
from .values import (
    MISSING,
    Day,
    any_day,
    code,
    compact_day,
    given,
    icd3,
    instant,
    iso_day,
    local_identifier,
    nhs_number,
    one_digit,
    organisation,
    sact_day,
    same_identifier,
    two_digits,
)


@dataclass
class File:
    """One file, or one member of an archive, and what the ledger says of it."""

    path: str
    source: str
    quarter: Quarter
    folder: str
    name: str
    content: bytes
    status: str = "loaded"
    reason: str | None = None

    @property
    def sha256(self) -> str:
        """Of the file's bytes as sent; of the member for an archive (ruling F14)."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def order(self) -> tuple[str, bytes]:
        """Folder, then path as bytes: which of two files is the later (rulings B6, B9-B11)."""
        return self.folder, self.path.encode()


@dataclass
class Row:
    """A record or data row: where it stands, whose it is, what was found wrong with it."""

    file: File
    position: int
    fate: str = "accepted"
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    # Found while reading: told whatever becomes of the row.
    told: list[str] = field(default_factory=list)
    #: Items whose codes are in no list of their version, and the rule.
    code_faults: set[tuple[str, str]] = field(default_factory=set)
    nhs: str = ""
    nhs_status: str = "missing"
    local: str = ""
    provider: str = ""

    @property
    def person(self) -> tuple[str, ...] | None:
        """A valid NHS number of one person; else provider and local identifier; else nobody.

        ``nhs_status`` is also ``shared``: many people are sent under the number (ruling C3).
        """
        if self.nhs_status == "valid":
            return "nhs", self.nhs
        if self.provider and self.local:
            return "local", self.provider, self.local
        return None


@dataclass
class Metastases:
    """Types and sites of one section: in pairs (v9, v10), or side by side (v8, Wales)."""

    paired: bool
    pairs: list[tuple[str, str]] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    sites: list[str] = field(default_factory=list)


@dataclass
class Treatment:
    """A treatment of a COSD record."""

    start: Day
    modality: str
    intent: str = ""


@dataclass
class Progression:
    """A progression within a primary record."""

    date: Day
    metastases: Metastases


@dataclass
class Record(Row):
    """One COSD record or one Welsh tumour row."""

    other_tumour_group: bool = False
    version: str = ""
    created: dt.datetime | None = None
    period_end: dt.date | None = None
    record_id: str = ""
    birth: Day = MISSING
    sex: str = ""
    site: str = ""
    pathway: str = ""
    event: Day = MISSING
    icd: str = ""
    icd_in_full: str = ""
    laterality: str = ""
    basis: str = ""
    m_integrated: str = ""
    m_pretreatment: str = ""
    stage_integrated: str = ""
    stage_pretreatment: str = ""
    metastases: Metastases = field(default_factory=lambda: Metastases(paired=True))
    progressions: list[Progression] = field(default_factory=list)
    cns: str = ""
    ethnic: str = ""
    performance: str = ""
    t_integrated: str = ""
    t_pretreatment: str = ""
    n_integrated: str = ""
    n_pretreatment: str = ""
    meetings: int = 0
    mdt_days: list[Day] = field(default_factory=list)
    #: Items that go on unchanged, by column.
    carried: dict[str, str] = field(default_factory=dict)
    er: str = ""
    her2: str = ""
    treatments: list[Treatment] = field(default_factory=list)
    #: What a record of another tumour group says of its person and diagnosis (ruling H32).
    elsewhere: Record | None = None

    @property
    def side(self) -> str:
        """L or R by the first letter; anything else is no side (ruling B4)."""
        return self.laterality[:1] if self.laterality[:1] in ("L", "R") else ""

    @property
    def is_discussed(self) -> bool:
        """Any MDT meeting, or the day of one, also of the care plan (method book 5)."""
        return self.meetings > 0 or any(day.date for day in self.mdt_days)

    @property
    def metastatic_types(self) -> list[str]:
        """Every type that is given, of whichever section."""
        found = [self.metastases, *(progression.metastases for progression in self.progressions)]
        sent = [kind for one in found for kind in (*one.types, *(kind for kind, _ in one.pairs))]
        return [two_digits(kind) for kind in sent if code(kind)]

    @property
    def metastatic_sites(self) -> list[str]:
        """Every site that is given."""
        found = [self.metastases, *(progression.metastases for progression in self.progressions)]
        sent = [site for one in found for site in (*one.sites, *(site for _, site in one.pairs))]
        return [two_digits(site) for site in sent if code(site)]

    @property
    def date(self) -> dt.date:
        """The event date, which only a refused record lacks."""
        if self.event.date is None:
            raise ValueError("a record without event date is in quarantine")
        return self.event.date

    @property
    def extract(self) -> dt.date:
        """No event may be later (ruling B13)."""
        if self.created:
            return self.created.date()
        return self.period_end or _folder_end(self.file.folder)

    @property
    def order(self) -> tuple[object, ...]:
        """Submission order: creation time, period end, path, position (rulings B6, B7)."""
        return (
            self.created or dt.datetime.min,
            self.period_end or dt.date.min,
            self.file.path.encode(),
            self.position,
        )


@dataclass
class WelshTreatment(Row):
    """One Welsh treatment row; ``owner`` is found with the tumour rows (ruling B9)."""

    owner: tuple[str, ...] | None = None
    record_id: str = ""
    start: Day = MISSING
    modality: str = ""
    intent: str = ""


@dataclass
class Administration(Row):
    """One SACT row."""

    diagnosis: str = ""
    regimen: str = ""
    start: Day = MISSING
    cycle: str = ""
    cycle_start: Day = MISSING
    drug: str = ""
    administered: Day = MISSING
    intent: str = ""
    performance: str = ""


@dataclass
class Report(Row):
    """One pathology report: a Pathology section, or a record without any."""

    version: str = ""
    created: dt.datetime | None = None
    period_end: dt.date | None = None
    birth: Day = MISSING
    report_id: tuple[str, str] | None = None
    reported: Day = MISSING
    sampled: Day = MISSING
    status: str = ""
    specimen: str = ""
    icds: list[str] = field(default_factory=list)
    is_breast: bool = False
    laterality: str = ""
    receptors: dict[str, str] = field(default_factory=dict)

    @property
    def extract(self) -> dt.date:
        """No result may be later (as ruling B13)."""
        if self.created:
            return self.created.date()
        return self.period_end or _folder_end(self.file.folder)

    @property
    def order(self) -> tuple[object, ...]:
        """Submission order (ruling B6)."""
        return (
            self.created or dt.datetime.min,
            self.period_end or dt.date.min,
            self.file.path.encode(),
            self.position,
        )


@dataclass
class Death(Row):
    """One registration of a death."""

    registered: Day = MISSING
    death: Day = MISSING
    underlying: str = ""
    causes: list[str] = field(default_factory=list)


@dataclass
class Landing:
    """Everything read."""

    files: list[File] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    welsh_treatments: list[WelshTreatment] = field(default_factory=list)
    administrations: list[Administration] = field(default_factory=list)
    deaths: list[Death] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)

    @property
    def rows(self) -> list[Row]:
        """Rows of every kind."""
        return [
            *self.records,
            *self.welsh_treatments,
            *self.administrations,
            *self.deaths,
            *self.reports,
        ]


class RefusedError(Exception):
    """The file as a whole cannot be used; the text says why."""


def read_landing(landing: Path, first: Quarter, last: Quarter) -> Landing:
    """Read the files whose folder falls into these quarters (ruling B15)."""
    found = Landing()
    for file in find_files(landing):
        if not first <= file.quarter <= last:
            continue
        found.files.append(file)
        # COSD and COSD Pathology share their folders: the root tells them apart.
        if file.source in ("cosd", "pathology"):
            file.source = "pathology" if _is_pathology(file) else "cosd"
        readers: dict[str, tuple[Callable[[File], list[Any]], list[Any]]] = {
            "cosd": (read_cosd, found.records),
            "wales_tumour": (read_wales_tumours, found.records),
            "wales_treatment": (read_wales_treatments, found.welsh_treatments),
            "sact": (read_sact, found.administrations),
            "deaths": (read_deaths, found.deaths),
            "pathology": (read_pathology, found.reports),
        }
        read, rows = readers[file.source]
        try:
            rows.extend(read(file))
        except RefusedError as refusal:
            file.status, file.reason = "rejected", str(refusal)
    return found


# Files


def find_files(landing: Path) -> Iterator[File]:
    """Every submission of the landing layout, archives opened."""
    for path in sorted(landing.rglob("*")):
        relative = path.relative_to(landing)
        place = _place(relative.parent.parts)
        if place is None or not path.is_file():
            continue
        kind, folder = place
        quarter = Quarter.parse(folder) if kind == "wales" else Quarter.of_month(folder)
        for name, content in _members(path):
            suffixes = {"cosd": (".xml",), "pathology": (".xml",), "sact": (".csv", ".xml")}
            source = _source(kind, name.removesuffix(".gz"), suffixes.get(kind, (".csv",)))
            if source:
                inner = f"{relative.as_posix()}!{name}" if name != path.name else None
                yield File(
                    path=inner or relative.as_posix(),
                    source=source,
                    quarter=quarter,
                    folder=folder,
                    name=Path(name).name,
                    content=content,
                )


def _place(parts: tuple[str, ...]) -> tuple[str, str] | None:
    match parts:
        case ("england", "cosd" | "pathology" as kind, _, month):
            return kind, month
        case ("england", "sact", month):
            return "sact", month
        case ("wales", "registry", quarter):
            return "wales", quarter
        case ("deaths", month):
            return "deaths", month
    return None


def _source(kind: str, name: str, suffixes: tuple[str, ...]) -> str | None:
    if not name.endswith(suffixes):
        return None
    if kind != "wales":
        return kind
    for source in ("tumour", "treatment"):
        if name.endswith(f"_{source}.csv"):
            return f"wales_{source}"
    return None


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.suffix != ".zip":
        yield path.name, path.read_bytes()
        return
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            yield name, archive.read(name)


def _text_bytes(file: File) -> bytes:
    return gzip.decompress(file.content) if file.name.endswith(".gz") else file.content


def _folder_end(folder: str) -> dt.date:
    if "Q" in folder.upper():
        return Quarter.parse(folder).last_day
    year, month = (int(part) for part in folder.split("-"))
    return dt.date(year, month, calendar.monthrange(year, month)[1])


#: Where the namespaces of the NHS's own messages begin.
NHS = r"http://www\.datadictionary\.nhs\.uk/messages/"

# COSD

_HEADER = {
    "Id",
    "OrganisationIdentifierCodeOfSubmittingOrganisation",
    "RecordCount",
    "ReportingPeriodStartDate",
    "ReportingPeriodEndDate",
    "FileCreationDateTime",
}


@dataclass
class Node:
    """An XML element with plain local names; ``prefixed`` ones lose theirs (ruling D15)."""

    element: etree._Element
    prefixed: bool = False

    def name(self, element: etree._Element) -> str:
        """Local name, without BreastCore, Breast or Core in front where those are used."""
        local: str = etree.QName(element).localname
        if self.prefixed:
            local = re.sub(r"^(BreastCore|Breast|Core)(?=.)", "", local)
        return local

    def all(self, path: str) -> list[Node]:
        """The elements at this path, in document order."""
        nodes = [self]
        for step in path.split("/"):
            nodes = [
                Node(child, self.prefixed)
                for node in nodes
                for child in node.element.iterchildren(etree.Element)
                if self.name(child) == step
            ]
        return nodes

    def has(self, path: str) -> bool:
        """Whether there is an element at this path."""
        return bool(self.all(path))

    def values(self, path: str) -> list[str]:
        """The values at this path: in the attribute COSD uses, else in the text."""
        return [node.value for node in self.all(path)]

    def first(self, *paths: str) -> str:
        """The first value that is given at one of these paths."""
        given = (value for path in paths for value in self.values(path) if value)
        return next(given, "")

    @property
    def value(self) -> str:
        """The element's own value, blanks at the ends removed; empty where it says nothing."""
        for attribute in ("code", "extension", "value", "root"):
            if (self.element.get(attribute) or "").strip():
                return given(self.element.get(attribute))
        return given("".join(self.element.itertext()))


def read_cosd(file: File) -> list[Record]:
    """Every record of a COSD file; a malformed file is refused whole (ruling B20)."""
    root = _root(file)
    version = re.match(NHS + r"COSD-(v(?:8|9|10))-", etree.QName(root).namespace or "")
    if etree.QName(root).localname != "COSD" or version is None:
        raise RefusedError("not a COSD file")
    header = Node(root)
    elements = [
        child
        for child in root.iterchildren(etree.Element)
        if (name := header.name(child)) not in _HEADER and name.endswith("Record")
    ]
    created = instant(header.first("FileCreationDateTime"))
    period_end = any_day(header.first("ReportingPeriodEndDate"))
    return [
        _cosd_record(
            Record(file, position, version=version[1], created=created, period_end=period_end),
            element,
        )
        for position, element in enumerate(elements, start=1)
    ]


def _root(file: File) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(_text_bytes(file), parser)
    except (etree.XMLSyntaxError, gzip.BadGzipFile, EOFError) as error:
        raise RefusedError("malformed XML") from error


def _is_pathology(file: File) -> bool:
    """By the first tag that is neither declaration nor comment; also of a file cut short."""
    try:
        head = _text_bytes(file)[:4000]
    except (gzip.BadGzipFile, EOFError):
        return file.source == "pathology"
    text = head.decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", "ignore")
    tag = re.search(r"<([A-Za-z_][\w.:-]*)", re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL))
    if tag is None:
        return file.source == "pathology"
    return tag[1].split(":")[-1] == "COSD_Pathology"


def _cosd_record(record: Record, element: etree._Element) -> Record:
    record.record_id = _record_id(element)
    node = _breast_node(element)
    record.other_tumour_group = node is None
    if node is None:
        record.elsewhere = Record(record.file, record.position, version=record.version)
        record.elsewhere.created, record.elsewhere.period_end = record.created, record.period_end
        fill = _fill_v8 if record.version == "v8" else _fill_v9_or_v10
        fill(record.elsewhere, Node(element))
        return record
    if record.version == "v8":
        _fill_v8(record, node)
    else:
        _fill_v9_or_v10(record, node)
    paths = ((item, item.paths[record.version]) for item in CARRIED)
    record.carried = {
        item.column: _as_listed(item, node.first(path)) for item, path in paths if path
    }
    return record


def _as_listed(item: Listed, sent: str) -> str:
    """A code of an item, with as many digits as its list has."""
    return {"1": one_digit, "2": two_digits}.get(item.width, code)(sent)


def _breast_node(element: etree._Element) -> Node | None:
    name = etree.QName(element).localname
    if name == "BreastRecord":
        return Node(element)
    if name != "COSDRecord":
        return None
    breast = Node(element).all("Breast")
    if not breast:
        return None
    # The sections lie in Breast/BreastCore, or beside it in Breast: read them as one record.
    merged = etree.Element("BreastRecord")
    for child in list(breast[0].element):
        inside = etree.QName(child).localname == "BreastCore"
        merged.extend(list(child) if inside else [child])
    return Node(merged, prefixed=True)


def _record_id(element: etree._Element) -> str:
    """The sender's number of the record, from the outermost place that has one (ruling B3)."""
    is_wrapped = etree.QName(element).localname == "COSDRecord"
    places = [Node(element, prefixed=is_wrapped)]
    while places:
        for place in places:
            for node in place.all("Id"):
                if (node.element.get("root") or "").strip():
                    return same_identifier(node.element.get("root"))
        places = [
            Node(child, prefixed=True)
            for place in places
            for child in place.element.iterchildren(etree.Element)
            if is_wrapped and etree.QName(child).localname in ("Breast", "BreastCore")
        ]
    return ""


def _fill_person(record: Record, node: Node, section: str) -> None:
    number = node.first(f"{section}/NhsNumber", f"{section}/NHSNumber")
    record.nhs, record.nhs_status = nhs_number(number)
    record.local = local_identifier(
        node.first(f"{section}/LocalPatientIdentifier", f"{section}/LocalPatientIdExtended")
    )
    record.birth = iso_day(node.first(f"{section}/PersonBirthDate", f"{section}/Birthdate"))
    record.provider = organisation(node.first(f"{section}/OrganisationIdentifierCodeOfProvider"))


def _fill_v8(record: Record, node: Node) -> None:
    _fill_person(record, node, "LinkagePatientId")
    record.sex = one_digit(node.first("Demographics/Gender"))
    route = "NonPrimaryCancerPathwayRoute"
    primary_date = node.first("LinkageDiagnosticDetails/ClinicalDateCancerDiagnosis")
    other_date = node.first(
        "LinkageDiagnosticDetails/DateOfNonPrimaryCancerDiagnosisClinicallyAgreed"
    )
    kind = two_digits(node.first(f"{route}/NonPrimaryCancerPathwayType"))
    record.pathway = _v8_pathway(kind, primary_date, other_date)
    primary = record.pathway == "primary"
    record.event = iso_day(primary_date if primary else other_date) if record.pathway else MISSING
    _fill_icd(
        record,
        node.first("LinkageDiagnosticDetails/PrimaryDiagnosis", f"{route}/CancerProgressionICD"),
    )
    record.laterality = code(node.first("LinkageDiagnosticDetails/TumourLaterality"))
    record.ethnic = code(node.first("Demographics/Ethnicity"))
    record.performance = code(node.first("Diagnosis/AdultPerformanceStatus"))
    record.t_integrated = node.first("Staging/IntegratedStageTCategory")
    record.t_pretreatment = node.first("Staging/FinalPreTreatmentTCategory")
    record.n_integrated = node.first("Staging/IntegratedStageNCategory")
    record.n_pretreatment = node.first("Staging/FinalPreTreatmentNCategory")
    meetings = node.all("MultidisciplinaryTeamMeetings")
    planned = node.first("CancerCarePlan/CancerMultiTeamDiscussionDate")
    _fill_mdt(record, [meeting.first("TeamMeetingDate") for meeting in meetings], planned)
    record.site = organisation(node.first("Diagnosis/OrganisationSiteIdentifierOfDiagnosis"))
    record.basis = one_digit(node.first("Diagnosis/BasisOfCancerDiagnosis"))
    record.m_integrated = node.first("Staging/IntegratedStageMCategory")
    record.m_pretreatment = node.first("Staging/FinalPreTreatmentMCategory")
    record.stage_integrated = node.first("Staging/IntegratedStageTNMStageGrouping")
    record.stage_pretreatment = node.first("Staging/FinalPreTreatmentTNMStageGrouping")
    kinds, sites = (
        ("Diagnosis/CancerMetastaticDiseaseType", "Diagnosis/MetastaticSite")
        if primary
        else (f"{route}/CancerRecurrenceOrMetastaticDiseaseType", f"{route}/MetastaticSite")
    )
    record.metastases = Metastases(
        paired=False, types=node.values(kinds), sites=node.values(sites)
    )  # ruling D14
    record.cns = code(
        node.first(
            "ClinicalNurseSpecialistAndRiskFactorAssessments/ClinicalNurseSpecialistIndicationCode"
        )
    )
    record.treatments = [
        Treatment(
            iso_day(treatment.first("CancerTreatmentStartDate")),
            treatment.first("CancerTreatmentModality"),
            treatment.first("CancerTreatmentIntent"),
        )
        for treatment in node.all("Treatment")
    ]


def _fill_icd(record: Record, text: str) -> None:
    record.icd, record.icd_in_full = icd3(text), code(text).replace(".", "")


def _fill_mdt(record: Record, meetings: list[str], planned: str) -> None:
    record.meetings = len(meetings)
    record.mdt_days = [iso_day(text) for text in (*meetings, planned)]


def _v8_pathway(kind: str, primary_date: str, other_date: str) -> str:
    """Ruling D12."""
    if kind:
        return {"01": "recurrence", "02": "progression", "03": "transformation"}.get(kind, "")
    if primary_date:
        return "primary"
    return "recurrence" if other_date else ""


def _fill_v9_or_v10(record: Record, node: Node) -> None:
    v10 = record.version != "v9"
    _fill_person(record, node, "PatientIdentityDetails" if v10 else "LinkagePatientId")
    record.sex = one_digit(node.first("Demographics/PersonStatedGenderCode"))
    assessment = "ClinicalNurseSpecialistAndRiskFactorAssessment" + ("" if v10 else "s")
    record.cns = code(node.first(f"{assessment}/ClinicalNurseSpecialistIndicationCode"))
    record.treatments = [
        Treatment(
            iso_day(treatment.first("TreatmentStartDateCancer")),
            treatment.first("CancerTreatmentModalityRegistration"),
            treatment.first("CancerTreatmentIntent"),
        )
        for treatment in node.all("Treatment")
    ]
    record.ethnic = code(node.first("Demographics/EthnicCategory"))
    plan = ("PrimaryPathway/" if v10 else "") + "CancerCarePlan"
    meeting = "MultidisciplinaryTeamMeeting"
    _fill_mdt(
        record,
        [held.first(f"{meeting}Date") for held in node.all(f"{meeting}s/{meeting}Detail")],
        node.first(f"{plan}/MultidisciplinaryTeamDiscussionDateCancer"),
    )
    for primary in node.all("PrimaryPathway"):
        _fill_primary(record, primary, v10)
        return
    for other in node.all("NonPrimaryPathway"):
        _fill_non_primary(record, other, v10)
        return


def _fill_primary(record: Record, primary: Node, v10: bool) -> None:
    record.pathway = "primary"
    details = "PrimaryCancerPathwayDetails" if v10 else "LinkageDiagnosticDetails"
    record.event = iso_day(primary.first(f"{details}/DateOfPrimaryDiagnosisClinicallyAgreed"))
    _fill_icd(record, primary.first(f"{details}/PrimaryDiagnosisIcd"))
    record.laterality = code(primary.first(f"{details}/TumourLaterality"))
    record.performance = code(primary.first("Diagnosis/PerformanceStatusAdult"))
    record.t_integrated = primary.first("Staging/TCategoryIntegratedStage")
    record.t_pretreatment = primary.first("Staging/TCategoryFinalPretreatment")
    record.n_integrated = primary.first("Staging/NCategoryIntegratedStage")
    record.n_pretreatment = primary.first("Staging/NCategoryFinalPretreatment")
    record.site = organisation(primary.first("Diagnosis/OrganisationSiteIdentifierOfDiagnosis"))
    record.basis = one_digit(primary.first("Diagnosis/BasisOfDiagnosisCancer"))
    record.m_integrated = primary.first("Staging/MCategoryIntegratedStage")
    record.m_pretreatment = primary.first("Staging/MCategoryFinalPretreatment")
    record.stage_integrated = primary.first("Staging/TnmStageGroupingIntegrated")
    record.stage_pretreatment = primary.first("Staging/TnmStageGroupingFinalPretreatment")
    pair = "MetastaticTypeAndSite"
    record.metastases = _pairs(
        primary, f"Diagnosis/{pair}" if v10 else f"Diagnosis/{pair}Diagnosis"
    )
    record.progressions = [
        Progression(
            iso_day(progression.first("ProgressionDatePrimaryPathway")),
            _pairs(progression, pair if v10 else f"{pair}DiagnosisProgression"),
        )
        for progression in primary.all(
            "Diagnosis/Progression" if v10 else "Diagnosis/DiagnosisProgression"
        )
    ]


def _fill_non_primary(record: Record, other: Node, v10: bool) -> None:
    details = "NonPrimaryCancerPathwayDetails/" if v10 else ""
    record.event = iso_day(other.first(f"{details}DateOfNonPrimaryCancerDiagnosisClinicallyAgreed"))
    kinds = [kind for kind in ("Recurrence", "Progression", "Transformation") if other.has(kind)]
    if not kinds and record.event == MISSING:
        return
    # Of no stated kind, and dated: a recurrence, as in v8 (rulings B21, D12).
    kind = kinds[0] if kinds else "Recurrence"
    record.pathway = kind.lower()
    if kind == "Transformation":
        return
    icd = {"Recurrence": "OriginalPrimaryDiagnosisIcd", "Progression": "ProgressionIcd"}[kind]
    _fill_icd(record, other.first(f"{kind}/{icd}"))
    record.metastases = _pairs(other, f"{kind}/MetastaticTypeAndSite" + ("" if v10 else kind))


def _pairs(node: Node, path: str) -> Metastases:
    return Metastases(
        paired=True,
        pairs=[
            (pair.first("MetastaticType"), pair.first("MetastaticSite")) for pair in node.all(path)
        ],
    )


# CSV


_SomeRow = TypeVar("_SomeRow", bound=Row)


def _csv_rows(
    file: File,
    needed: set[str],
    kind: type[_SomeRow],
    fill: Callable[[_SomeRow, Callable[[str], str]], None],
) -> list[_SomeRow]:
    """Each data row; one with more or fewer fields than the header is an error."""
    try:
        text = _text_bytes(file).decode("utf-8-sig")
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError) as error:
        raise RefusedError("cannot be read as UTF-8 CSV") from error
    lines = [line for line in csv.reader(io.StringIO(text, newline="")) if line]
    headings = [_plain(heading) for heading in lines[0]] if lines else []
    if not {_plain(name) for name in needed} <= set(headings):
        raise RefusedError("columns are missing")
    rows = []
    for position, line in enumerate(lines[1:], start=1):
        row = kind(file, position)
        if len(line) == len(headings):
            asked: list[str] = []
            fill(row, partial(_cell, dict(zip(headings, line, strict=True)), asked))
            # What is looked at is on one line and can be typed.
            if any(ord(letter) < 32 and letter != "\t" for value in asked for letter in value):
                row.errors.append("control_character")
        else:
            row.errors.append("ragged_row")
        rows.append(row)
    return rows


def _plain(heading: str) -> str:
    """How a heading is punctuated and in which case it is typed says nothing."""
    return re.sub(r"[\W_]", "", heading).lower()


def _cell(cells: dict[str, str], asked: list[str], column: str) -> str:
    value = cells.get(_plain(column), "").strip()
    asked.append(value)
    return given(value)


def _fill_identity(row: Row, number: str, local: str, provider: str) -> None:
    row.nhs, row.nhs_status = nhs_number(number)
    row.local = local_identifier(local)
    row.provider = organisation(provider)


def health_board(file: File) -> str:
    """The part of the file name before the first underscore (ruling B9)."""
    return file.name.split("_")[0].upper()


def read_wales_tumours(file: File) -> list[Record]:
    """Rows of a Welsh tumour file: the same items under Welsh column names."""

    def fill(record: Record, cell: Callable[[str], str]) -> None:
        _fill_identity(
            record, cell("nhs_number"), cell("local_patient_identifier"), cell("provider")
        )
        record.version = "wales"
        record.created = instant(cell("extract_created"))
        if cell("extract_created") and record.created is None:
            record.told = ["extract_created_unreadable"]
        record.period_end = file.quarter.last_day
        record.record_id = same_identifier(cell("record_id"))
        record.laterality = code(cell("laterality"))
        record.ethnic = code(cell("ethnic_category"))
        record.performance = code(cell("performance_status"))
        record.t_integrated = cell("t_category")
        record.n_integrated = cell("n_category")
        record.mdt_days = [compact_day(cell("mdt_date"))]
        record.carried = {
            item.column: _as_listed(item, cell(item.wales)) for item in CARRIED if item.wales
        }
        record.er, record.her2 = code(cell("er_status")), code(cell("her2_status"))
        record.birth = compact_day(cell("birth_date"))
        record.sex = one_digit(cell("sex"))
        record.site = organisation(cell("site_of_diagnosis"))
        record.pathway = cell("pathway").lower()
        record.event = compact_day(cell("event_date"))
        _fill_icd(record, cell("icd10"))
        record.basis = one_digit(cell("basis_of_diagnosis"))
        record.m_integrated = cell("m_category")
        record.stage_integrated = cell("tnm_stage_group")
        record.cns = code(cell("cns_indication"))
        metastases = Metastases(
            paired=False,
            types=[cell("metastatic_type")],
            sites=cell("metastatic_sites").split(";"),
        )
        progressed = compact_day(cell("progression_date"))
        if record.pathway == "primary" and progressed != MISSING:  # ruling B18
            record.progressions = [Progression(progressed, metastases)]
        else:
            record.metastases = metastases

    return _csv_rows(file, {"record_id", "pathway", "event_date"}, Record, fill)


def read_wales_treatments(file: File) -> list[WelshTreatment]:
    """Rows of a Welsh treatment file."""

    def fill(row: WelshTreatment, cell: Callable[[str], str]) -> None:
        _fill_identity(row, cell("nhs_number"), cell("local_patient_identifier"), cell("provider"))
        row.record_id = same_identifier(cell("record_id"))
        row.start = compact_day(cell("start_date"))
        row.modality = cell("modality")
        row.intent = cell("intent")

    return _csv_rows(file, {"record_id", "start_date", "modality"}, WelshTreatment, fill)


def read_sact(file: File) -> list[Administration]:
    """Rows of a SACT file."""
    if file.name.removesuffix(".gz").endswith(".xml"):
        return read_sact_xml(file)

    def fill(row: Administration, cell: Callable[[str], str]) -> None:
        _fill_identity(
            row,
            cell("NHS_Number"),
            cell("Local_Patient_Identifier"),
            cell("Organisation_Identifier_Code_Of_Provider"),
        )
        row.diagnosis = icd3(cell("Primary_Diagnosis"))
        row.regimen = " ".join(cell("Regimen").upper().split())
        row.start = sact_day(cell("Start_Date_Of_Regimen"))
        row.cycle = one_digit(cell("Cycle_Number"))
        row.cycle_start = sact_day(cell("Start_Date_Of_Cycle"))
        row.intent = cell("Intent_Of_Treatment")
        row.performance = cell("Performance_Status_At_Start_Of_Regimen_Adult")
        row.drug = " ".join(cell("Drug_Name").upper().split())
        row.administered = sact_day(cell("Administration_Date"))

    needed = {"NHS_Number", "Start_Date_Of_Regimen", "Primary_Diagnosis"}
    return _csv_rows(file, needed, Administration, fill)


def read_sact_xml(file: File) -> list[Administration]:
    """Drugs of a SACT XML file; a record without a drug is one row without a drug."""
    root = _root(file)
    name = etree.QName(root)
    if name.localname != "SACT" or not re.match(NHS + r"SACT-v2(-|$)", name.namespace or ""):
        raise RefusedError("not a SACT file")
    rows: list[Administration] = []
    for record in Node(root).all("Record"):
        for drug in record.all("DrugDetails") or [None]:
            row = Administration(file, len(rows) + 1)
            person, regimen = "DemographicsAndConsultant", "ProgrammeAndRegimen"
            _fill_identity(
                row,
                record.first(f"{person}/NHSNumber"),
                record.first(f"{person}/LocalPatientIdentifier"),
                record.first(f"{person}/OrgCodeOfProvider"),
            )
            row.diagnosis = icd3(record.first("ClinicalStatus/StartPrimaryDiagnosis"))
            row.regimen = " ".join(record.first(f"{regimen}/DrugRegimenAcronym").upper().split())
            row.start = sact_day(record.first(f"{regimen}/StartDateACDrugRegimen"))
            row.cycle = one_digit(record.first("Cycle/ACDrugCycleId"))
            row.cycle_start = sact_day(record.first("Cycle/CycleStartDate"))
            row.intent = record.first(f"{regimen}/DrugTreatmentIntent")
            row.performance = one_digit(record.first(f"{regimen}/PerformanceStatusAdult"))
            if drug is not None:
                row.drug = " ".join(drug.first("SACTDrugName").upper().split())
                row.administered = sact_day(drug.first("SACTAdminDate"))
            rows.append(row)
    return rows


def read_pathology(file: File) -> list[Report]:
    """Reports of a COSD Pathology file."""
    root = _root(file)
    version = re.match(NHS + r"COSD_Pathology-v([45])(-|$)", etree.QName(root).namespace or "")
    if version is None:
        raise RefusedError("not a known version of COSD Pathology")
    header = Node(root)
    created = instant(header.first("FileCreationDateTime"))
    period_end = any_day(header.first("ReportingPeriodEndDate"))
    reports: list[Report] = []
    for element in root.iterchildren(etree.Element):
        if not header.name(element).endswith("Record"):
            continue
        record = Node(element)
        person = "LinkagePatientId"
        for section in record.all("Pathology") or [None]:
            report = Report(file, len(reports) + 1, created=created, period_end=period_end)
            _fill_identity(
                report,
                record.first(f"{person}/NhsNumber"),
                record.first(f"{person}/LocalPatientIdentifier"),
                record.first(f"{person}/OrganisationIdentifierCodeOfProvider"),
            )
            report.birth = iso_day(record.first(f"{person}/PersonBirthDate"))
            report.version = version[1]
            if section is not None:
                _fill_report(report, section)
            reports.append(report)
    return reports


def _fill_report(report: Report, section: Node) -> None:
    service = section.first("ServiceReportIdentifier")
    if service:
        observed = section.first("PathologyObservationReportIdentifier")
        report.report_id = same_identifier(service), same_identifier(observed)
    report.reported = iso_day(section.first("InvestigationResultDate"))
    report.sampled = iso_day(section.first("SampleCollectionDate"))
    report.status = code(section.first("ServiceReportStatus"))
    report.specimen = code(section.first("SpecimenNature"))
    report.icds = [icd3(value) for value in section.values("DiagnosisIcdPathological")]
    report.laterality = code(section.first("TumourLateralityPathological"))
    report.is_breast = section.has("PathologyBreast")
    report.receptors = {
        item: code(section.first(f"PathologyBreast/{item}"))
        for item in (
            "ErStatus",
            "ErAllredScore",
            "PrStatus",
            "PrAllredScore",
            "Her2Status",
            "Her2IshStatus",
        )
    }


def read_deaths(file: File) -> list[Death]:
    """Rows of a deaths file."""

    def fill(row: Death, cell: Callable[[str], str]) -> None:
        row.nhs, row.nhs_status = nhs_number(cell("DEC_CONF_NHS_NUMBER"))
        row.registered = compact_day(cell("REG_DATE"))
        row.death = compact_day(cell("REG_DATE_OF_DEATH"))
        row.underlying = cell("S_UNDERLYING_COD_ICD10")
        row.causes = [cell(f"S_COD_CODE_{number}") for number in range(1, 16)]

    needed = {"DEC_CONF_NHS_NUMBER", "REG_DATE", "REG_DATE_OF_DEATH"}
    return _csv_rows(file, needed, Death, fill)
