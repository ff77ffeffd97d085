"""A COSD file: its header, its breast records as rows, primary cancers of other groups."""

from __future__ import annotations

import calendar
import datetime as dt

from lxml import etree

from naome_assets.sources.conventions import Tally, reading_of
from naome_assets.sources.cosd.layouts import family_of, layout, version_of
from naome_assets.sources.cosd.records import OTHER_PRIMARY, other_primary, rows_of_record
from naome_assets.sources.errors import RefusedFileError
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.rows import RowBuffer, SubmissionRow
from naome_assets.sources.timestamps import read_timestamp
from naome_assets.sources.values import read_count, read_date
from naome_assets.sources.xml_stream import Children, Root

#: Header elements by name, and the attribute that holds the value (or its text).
HEADER = {
    "Id": "root",
    "OrganisationIdentifierCodeOfSubmittingOrganisation": "extension",
    "RecordCount": "value",
    "ReportingPeriodStartDate": "text",
    "ReportingPeriodEndDate": "text",
    "FileCreationDateTime": "text",
}
_BREAST = "BreastRecord"
_WRAPPER = "COSDRecord"


def read_cosd(
    root: Root,
    children: Children,
    submission: SubmissionRow,
    rows: RowBuffer,
    pseudonymiser: Pseudonymiser,
) -> None:
    """Read a COSD file into rows of its breast records, completing its submission row.

    Raises:
        RefusedFileError: when the file as a whole cannot be read.
    """
    if root.name.upper() != "COSD" or (root.namespace and "COSD" not in root.namespace.upper()):
        raise RefusedFileError("wrong_data_set", "the root element is not that of COSD")
    version = version_of(root.message)
    if version is None:
        raise RefusedFileError("unknown_version", "the namespace is of no known version of COSD")
    submission.version = version
    family = family_of(version)
    tree = layout(family, root.namespace)
    tree_of_others = layout(family, root.namespace, OTHER_PRIMARY)
    own_namespace = f"{{{root.namespace}}}"
    header: dict[str, str] = {}
    received = other = ignored = 0
    for child in children:
        name = child.tag.removeprefix(own_namespace)
        if name == _BREAST or (name == _WRAPPER and _is_wrapped_breast(child, own_namespace)):
            received += 1
            provenance = {
                "file": submission.file,
                "position": received,
                "quarter": submission.quarter,
            }
            rows.tally.position = received
            for table, row in rows_of_record(child, tree, version, pseudonymiser, rows.tally):
                rows.add(table, provenance | row)
        elif name.endswith("Record"):
            received += 1
            other += 1
            primary = other_primary(child, tree_of_others, family, pseudonymiser)
            if primary is not None:
                provenance = {
                    "file": submission.file,
                    "position": received,
                    "quarter": submission.quarter,
                }
                rows.add("cosd_other_primary", provenance | primary)
        elif name in HEADER:
            header[name] = child.get(HEADER[name]) or child.text or ""
        else:
            ignored += 1
    submission.received = received
    submission.other_tumour_groups = other
    submission.ignored_elements = ignored
    complete(submission, header, received, rows.tally)


def _is_wrapped_breast(element: etree._Element, own_namespace: str) -> bool:
    return any(child.tag.removeprefix(own_namespace) == "Breast" for child in element)


#: Items of the header that are made comparable.
_READ = {
    item: reading_of(item, kind)
    for item, kind in (
        ("FileCreationDateTime", "timestamp"),
        ("ReportingPeriodStartDate", "date"),
        ("ReportingPeriodEndDate", "date"),
    )
}


def complete(submission: SubmissionRow, header: dict[str, str], records: int, tally: Tally) -> None:
    """Dates of the header, and what disagrees with it: records and folder (B6, B13, B14).

    What is there and cannot be read is said in the ledger; what was not written as in the
    standard is counted.

    Args:
        submission: completed.
        header: texts of the header's elements, as sent.
        records: how many were found.
        tally: counts the values that were not written as in the standard.
    """
    read = {item: tally.read(reading, header.get(item, "")) for item, reading in _READ.items()}
    created = read_timestamp(read["FileCreationDateTime"])
    if created.fault:
        submission.warn(
            "creation_time: the header's FileCreationDateTime cannot be read as a moment: the file "
            "counts as older than every file that has one; send 2024-03-20T10:15:00"
        )
    period_start = read_date(read["ReportingPeriodStartDate"])
    period_end = read_date(read["ReportingPeriodEndDate"])
    for end, date in (("start", period_start), ("end", period_end)):
        if date.fault == "unreadable":
            submission.warn(
                f"reporting_period: the {end} of the header's period cannot be read as a date: "
                "send 2024-01-31"
            )
    submission.created_at = created.value
    submission.period_start = period_start.value
    submission.period_end = period_end.value
    submission.extract_date = (
        submission.created_at.date()
        if submission.created_at
        else submission.period_end or _month_end(submission.folder)
    )
    stated = (header.get("RecordCount") or "").strip()
    submission.record_count = read_count(stated)
    if submission.record_count is None and stated:
        # Not quoted: what is no count can be anything, an identifier too.
        submission.warn(
            f"record_count: the header's RecordCount is no count, {records:,} records were found"
        )
    elif submission.record_count != records:
        count = "no" if submission.record_count is None else f"{submission.record_count:,}"
        submission.warn(f"record_count: the header states {count} records, {records:,} were found")
    if period_end.value is not None and f"{period_end.value:%Y-%m}" != submission.folder:
        submission.warn(
            f"reporting_period: the header's period ends in {period_end.value:%Y-%m}, "
            f"the folder is {submission.folder}"
        )


def _month_end(folder: str) -> dt.date:
    year, month = int(folder[:4]), int(folder[5:7])
    return dt.date(year, month, calendar.monthrange(year, month)[1])
