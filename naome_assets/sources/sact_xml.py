"""SACT XML: v2.0, as senders wrote before the CSV, and v4: one row an administration.

The standard's example shows one of each section in a record. Where a record repeats its cycle or
its drugs, each drug is a row with the regimen and cycle before it, as the CSV has it; a record
without a drug is one row without a drug, so that none is lost. ``received`` counts these rows.
v2.0 has no local patient identifier and no regimen outcome by intent; a local identifier is read
where a sender adds one. Version 3 is CSV only; how far v4 can be read is told in ``sact_v4``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyarrow as pa
from lxml import etree

from naome_assets.sources import sact_v4
from naome_assets.sources.bytes_in import Member
from naome_assets.sources.conventions import Tally
from naome_assets.sources.csv_headings import heading_key
from naome_assets.sources.csv_table import Batch
from naome_assets.sources.errors import RefusedFileError
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.rows import RowBuffer, SubmissionRow
from naome_assets.sources.sact_columns import administrations
from naome_assets.sources.values import read_count
from naome_assets.sources.xml_stream import Children, Root, read_document

_MESSAGE = re.compile(r"SACT-v(?P<version>[24](?:-\d{1,2}){0,2})", re.IGNORECASE)
_RECORD = "Record"
_COUNT = "RecordCount"
_DRUG = "DrugDetails"
#: Section and element of v2.0, the attribute that holds its value (else its text), and the column
#: of the CSV (lower case) that says the same.
_ITEMS = {
    ("DemographicsAndConsultant", "NHSNumber"): ("extension", "nhs_number"),
    ("DemographicsAndConsultant", "LocalPatientIdentifier"): (
        "extension",
        "local_patient_identifier",
    ),
    ("DemographicsAndConsultant", "OrgCodeOfProvider"): (
        "extension",
        "organisation_identifier_code_of_provider",
    ),
    ("ProgrammeAndRegimen", "DrugTreatmentIntent"): ("code", "intent_of_treatment"),
    ("ProgrammeAndRegimen", "DrugRegimenAcronym"): ("value", "regimen"),
    ("ProgrammeAndRegimen", "PerformanceStatusAdult"): (
        "code",
        "performance_status_at_start_of_regimen_adult",
    ),
    ("ProgrammeAndRegimen", "StartDateACDrugRegimen"): ("value", "start_date_of_regimen"),
    ("Cycle", "ACDrugCycleId"): ("value", "cycle_number"),
    ("Cycle", "CycleStartDate"): ("value", "start_date_of_cycle"),
    ("ClinicalStatus", "StartPrimaryDiagnosis"): ("code", "primary_diagnosis"),
    (_DRUG, "SACTDrugName"): ("value", "drug_name"),
    (_DRUG, "SACTAdminDate"): ("value", "administration_date"),
}
_SECTIONS = frozenset(section for section, _ in _ITEMS)
_COLUMNS = tuple(column for _, column in _ITEMS.values())
#: Rows that are turned into columns at once.
_BATCH = 5_000

Values = dict[str, str]


def read_sact_xml(
    member: Member, submission: SubmissionRow, rows: RowBuffer, pseudonymiser: Pseudonymiser
) -> None:
    """Read a SACT XML file into rows, completing its submission row.

    Raises:
        RefusedFileError: when the file as a whole cannot be read.
    """
    read_document(
        member, rows, lambda root, children: _read(root, children, submission, rows, pseudonymiser)
    )


def _read(
    root: Root,
    children: Children,
    submission: SubmissionRow,
    rows: RowBuffer,
    pseudonymiser: Pseudonymiser,
) -> None:
    if root.name.upper() != "SACT" or (root.namespace and "SACT" not in root.namespace.upper()):
        raise RefusedFileError("wrong_data_set", "the root element is not that of SACT")
    version = _MESSAGE.fullmatch(root.message)
    if version is None:
        raise RefusedFileError("unknown_version", "the namespace is of no known version of SACT")
    submission.version = version["version"].replace("-", ".")
    own_namespace = f"{{{root.namespace}}}"
    records = received = ignored = 0
    declared: str | None = None
    by_names = submission.version.startswith("4")
    found: set[str] = set()
    waiting: list[Values] = []
    for child in children:
        name = child.tag.removeprefix(own_namespace)
        if name == _COUNT:
            declared = child.get("value") or child.text
        elif sact_v4.is_record(child) if by_names else name == _RECORD:
            records += 1
            given = (
                sact_v4.administrations(child)
                if by_names
                else _administrations(child, own_namespace)
            )
            found.update(*given)
            waiting += given
        else:
            ignored += 1
        if len(waiting) >= _BATCH:
            received += _add(waiting, received, submission, rows, pseudonymiser)
            waiting = []
    received += _add(waiting, received, submission, rows, pseudonymiser)
    submission.received = received
    submission.ignored_elements = ignored
    if by_names and records + ignored and (missing := sact_v4.not_found(found)):
        submission.warn(f"sact_v4: read by the names of items; not found: {missing}")
    # The header is optional in v2.0: only a count that disagrees is worth a word.
    submission.record_count = read_count(declared)
    if submission.record_count is None and (declared or "").strip():
        submission.warn(
            f"record_count: the header's RecordCount is no count, {records:,} records were found"
        )
    elif submission.record_count not in (None, records):
        submission.warn(
            f"record_count: the header states {submission.record_count:,} records, "
            f"{records:,} were found"
        )


def _add(
    waiting: list[Values],
    before: int,
    submission: SubmissionRow,
    rows: RowBuffer,
    pseudonymiser: Pseudonymiser,
) -> int:
    """Add the rows that wait; returns how many."""
    if waiting:
        batch = _batch(waiting, before, submission, rows.tally)
        rows.add_table("sact_administration", administrations(batch, pseudonymiser))
    return len(waiting)


def _batch(waiting: list[Values], before: int, submission: SubmissionRow, tally: Tally) -> Batch:
    """Rows as the columns of the CSV, so that both are read by the same rules."""
    columns = {
        heading_key(name): pa.array([row.get(name, "") for row in waiting], pa.string())
        for name in _COLUMNS
    }
    positions = pa.array(range(before + 1, before + 1 + len(waiting)), pa.int32())
    return Batch(columns, positions, submission, tally)


def _administrations(record: etree._Element, own_namespace: str) -> list[Values]:
    """The drugs of a record, each with what the record said before it, and its diagnosis."""
    said: Values = {}
    given: list[Values] = []
    diagnosis: Values = {}
    for section, values in _sections(record, own_namespace):
        if section == _DRUG:
            given.append(said | values)
        elif section == "ClinicalStatus":
            diagnosis = diagnosis or values  # of the whole record, wherever it stands
        elif section == "Cycle":
            cycle = {column for (part, _), (_, column) in _ITEMS.items() if part == "Cycle"}
            said = {name: value for name, value in said.items() if name not in cycle} | values
        else:
            said = said | values
    return [row | diagnosis for row in given or [said]]


def _sections(element: etree._Element, own_namespace: str) -> Iterator[tuple[str, Values]]:
    """Each section with its items, in order; drugs inside a cycle follow it."""
    for child in element:
        name = child.tag.removeprefix(own_namespace)
        if name not in _SECTIONS:
            continue
        values: Values = {}
        for item in child:
            known = _ITEMS.get((name, item.tag.removeprefix(own_namespace)))
            if known is not None:
                attribute, column = known
                value = item.get(attribute) or item.text or ""
                if value.strip():
                    values.setdefault(column, value)
        yield name, values
        if name != _DRUG:
            yield from _sections(child, own_namespace)
