"""COSD Pathology XML (v4, v5): reports, of which those on the breast are used.

One row a report: a ``Pathology`` section with its breast items. A record without one is one row of
nothing, so that ``received`` (the reports) adds up. Items: COSD Pathology v4.1.1 (NDRS).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from naome_assets.sources.bytes_in import Member
from naome_assets.sources.conventions import Reading, Tally, readings
from naome_assets.sources.cosd.reader import HEADER, complete, read_cosd
from naome_assets.sources.errors import RefusedFileError
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.rows import RowBuffer, SubmissionRow
from naome_assets.sources.source import MONTH, Source
from naome_assets.sources.values import read_date
from naome_assets.sources.xml_stream import Children, Root, read_document

_MESSAGE = re.compile(r"COSD_Pathology-v(?P<version>[45](?:-\d{1,2}){0,2})", re.IGNORECASE)
_ROOT = "COSD_PATHOLOGY"
_REPORT = "Pathology"
_BREAST = "PathologyBreast"
_DETAILS = frozenset(
    ("LinkagePatientId", "PatientIdentityDetails", "Demographics", _BREAST, "PathologyGroup")
)
#: Element, the attribute that holds its value (else its text), and the column or value it fills.
_ITEMS = {
    "NhsNumber": ("extension", "nhs_number"),
    "NHSNumber": ("extension", "nhs_number"),
    "LocalPatientIdentifier": ("extension", "local_patient_identifier"),
    "PersonBirthDate": ("value", "birth_date"),
    "OrganisationIdentifierCodeOfProvider": ("extension", "provider"),
    "PersonStatedGenderCode": ("code", "sex"),
    "InvestigationResultDate": ("value", "report_date"),
    "SampleCollectionDate": ("value", "sample_date"),
    "ServiceReportIdentifier": ("extension", "service_report"),
    "PathologyObservationReportIdentifier": ("extension", "observation_report"),
    "ServiceReportStatus": ("code", "report_status"),
    "SpecimenNature": ("code", "specimen_nature"),
    "TumourLateralityPathological": ("code", "laterality"),
    "PathologyInvestigationType": ("code", "investigation_type"),
    "GradeOfDifferentiationPathological": ("code", "grade"),
    "ErStatus": ("code", "er_status"),
    "ErAllredScore": ("code", "er_allred_score"),
    "PrStatus": ("code", "pr_status"),
    "PrAllredScore": ("code", "pr_allred_score"),
    "Her2Status": ("code", "her2_status"),
    "Her2IshStatus": ("code", "her2_ish_status"),
}
_ICD = "DiagnosisIcdPathological"
#: Columns that hold a code.
_COPIED = (
    "provider",
    "sex",
    "report_status",
    "specimen_nature",
    "laterality",
    "investigation_type",
    "grade",
    "er_status",
    "er_allred_score",
    "pr_status",
    "pr_allred_score",
    "her2_status",
    "her2_ish_status",
)
_DATES = ("birth_date", "report_date", "sample_date")
#: Items that are identifiers and dates; those of codes are in ``coded_columns.tsv``.
_READINGS: dict[str, Reading] = {
    "NhsNumber": Reading("NhsNumber", "nhs_number"),
    "NHSNumber": Reading("NHSNumber", "nhs_number"),
    "LocalPatientIdentifier": Reading("LocalPatientIdentifier", "local_identifier"),
    "ServiceReportIdentifier": Reading("ServiceReportIdentifier", "record_identifier"),
    "PathologyObservationReportIdentifier": Reading(
        "PathologyObservationReportIdentifier", "record_identifier"
    ),
    "PersonBirthDate": Reading("PersonBirthDate", "date"),
    "InvestigationResultDate": Reading("InvestigationResultDate", "date"),
    "SampleCollectionDate": Reading("SampleCollectionDate", "date"),
    **{reading.item: reading for reading in readings("pathology_report").values()},
}

Values = dict[str, str]


def read_cosd_or_pathology(
    member: Member, submission: SubmissionRow, rows: RowBuffer, pseudonymiser: Pseudonymiser
) -> None:
    """Read a file of the COSD or pathology folders; its root says which of the two it is.

    Raises:
        RefusedFileError: when the file as a whole cannot be read.
    """

    def read(root: Root, children: Children) -> None:
        if root.name.upper() == _ROOT:
            submission.source = "pathology"
            _read_pathology(root, children, submission, rows, pseudonymiser)
        else:
            submission.source = "cosd"
            read_cosd(root, children, submission, rows, pseudonymiser)

    read_document(member, rows, read)


def _read_pathology(
    root: Root,
    children: Children,
    submission: SubmissionRow,
    rows: RowBuffer,
    pseudonymiser: Pseudonymiser,
) -> None:
    """Rows of the reports; the header states the number of records."""
    version = _MESSAGE.fullmatch(root.message)
    if version is None:
        raise RefusedFileError(
            "unknown_version", "the namespace is of no known version of COSD Pathology"
        )
    submission.version = version["version"].replace("-", ".")
    own_namespace = f"{{{root.namespace}}}"
    header: Values = {}
    records = received = ignored = 0
    for child in children:
        name = child.tag.removeprefix(own_namespace)
        if name.endswith("Record"):
            records += 1
            rows.tally.position = received + 1
            for row in _reports(child, own_namespace, pseudonymiser, rows.tally):
                received += 1
                provenance = {
                    "file": submission.file,
                    "position": received,
                    "quarter": submission.quarter,
                }
                rows.add("pathology_report", provenance | row)
        elif name in HEADER:
            header[name] = child.get(HEADER[name]) or child.text or ""
        else:
            ignored += 1
    submission.received = received
    submission.ignored_elements = ignored
    complete(submission, header, records, rows.tally)


def _reports(
    record: etree._Element, own_namespace: str, pseudonymiser: Pseudonymiser, tally: Tally
) -> Iterator[dict[str, Any]]:
    person: Values = {}
    _collect(record, own_namespace, person, tally)
    sections = [child for child in record if child.tag.removeprefix(own_namespace) == _REPORT] or [
        None
    ]
    for section in sections:
        values = dict(person)
        icd10: list[str] = []
        is_breast = False
        if section is not None:
            is_breast = _collect(section, own_namespace, values, tally, icd10)
        yield _row(values, icd10, is_breast, pseudonymiser)
        tally.position += 1


def _collect(
    element: etree._Element,
    own_namespace: str,
    values: Values,
    tally: Tally,
    icd10: list[str] | None = None,
) -> bool:
    """Items below an element, the first of each; whether a breast section is there."""
    is_breast = False
    for child in element:
        name = child.tag.removeprefix(own_namespace)
        if name in _DETAILS:
            is_breast |= name == _BREAST
            is_breast |= _collect(child, own_namespace, values, tally, icd10)
        elif name == _ICD and icd10 is not None:
            sent = child.get("code") or child.text or ""
            code = tally.read(_READINGS[name], sent)
            if code is not None:
                icd10.append(code)
        elif name in _ITEMS:
            attribute, column = _ITEMS[name]
            sent = child.get(attribute) or child.text or ""
            if column not in values:
                value = tally.read(_READINGS[name], sent)
                if value is not None:
                    values[column] = value
    return is_breast


def _row(
    values: Values, icd10: list[str], is_breast: bool, pseudonymiser: Pseudonymiser
) -> dict[str, Any]:
    nhs_person_id, nhs_number_status = pseudonymiser.nhs_person(values.get("nhs_number"))
    service_report = values.get("service_report")
    row: dict[str, Any] = {
        "nhs_person_id": nhs_person_id,
        "nhs_number_status": nhs_number_status,
        "local_person_id": pseudonymiser.local_person(
            values.get("provider"), values.get("local_patient_identifier")
        ),
        # One service report can hold several observations, each a report of its own.
        "report_id": pseudonymiser.record(
            "pathology", values.get("observation_report"), service_report
        ),
        "icd10": ";".join(icd10) or None,
        "is_breast_section": is_breast,
    }
    for name in _DATES:
        date = read_date(values.get(name))
        row |= {name: date.value, f"{name}_fault": date.fault}
    return row | {name: values.get(name) for name in _COPIED}


_REPORTS = ("pathology_report",)
_RECORDS = (
    "cosd_record",
    "cosd_other_primary",
    "cosd_progression",
    "cosd_metastasis",
    "cosd_treatment",
    "link_key",
)
#: Either may lie in the folder of the other.
SOURCES = (
    Source(
        "cosd",
        "COSD v8.1 to v10, one file a trust a month",
        f"england/cosd/<provider>/{MONTH}",
        read_cosd_or_pathology,
        _RECORDS,
        endings=(".xml",),
        tumours_of="England",
    ),
    Source(
        "pathology",
        "COSD Pathology v4 and v5 (ER, PR, HER2)",
        f"england/pathology/<provider>/{MONTH}",
        read_cosd_or_pathology,
        _REPORTS,
        endings=(".xml",),
    ),
)
