"""Small COSD documents and one way to read a landing folder, for the tests of this folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from naome_assets.quarters import Quarter
from naome_assets.sources.ingest import read_files
from naome_assets.sources.landing import discover
from naome_assets.sources.pseudonyms import Pseudonymiser

QUARTER = Quarter(2024, 1)
COSD_FOLDER = "england/cosd/R0A/2024-01"
PSEUDONYMISER = Pseudonymiser(b"a key that only the tests have")

#: A valid NHS number; no row, reason or file may show it.
NHS_NUMBER = "9434765919"
LOCAL_IDENTIFIER = "Q7Z00431"
FAMILY_NAME = "Featherstonehaugh"

HEADER = (
    '<Id root="11111111-1111-1111-1111-111111111111"/>'
    '<OrganisationIdentifierCodeOfSubmittingOrganisation extension="R0A"/>'
    '<RecordCount value="{count}"/>'
    "<ReportingPeriodStartDate>2024-01-01</ReportingPeriodStartDate>"
    "<ReportingPeriodEndDate>2024-01-31</ReportingPeriodEndDate>"
    "<FileCreationDateTime>2024-02-20T10:15:00</FileCreationDateTime>"
)
V9_PERSON = (
    '<Id root="22222222-2222-2222-2222-222222222222"/><LinkagePatientId>'
    f'<NhsNumber extension="{NHS_NUMBER}"/>'
    f"<LocalPatientIdentifier> {LOCAL_IDENTIFIER.lower()} </LocalPatientIdentifier>"
    "<PersonBirthDate>1960-02-29</PersonBirthDate>"
    '<OrganisationIdentifierCodeOfProvider extension="R0A02"/></LinkagePatientId>'
)
V9_PRIMARY = (
    "<PrimaryPathway><LinkageDiagnosticDetails>"
    '<PrimaryDiagnosisIcd code="C50.4"/><TumourLaterality code="L"/>'
    "<DateOfPrimaryDiagnosisClinicallyAgreed>2024-01-10"
    "</DateOfPrimaryDiagnosisClinicallyAgreed></LinkageDiagnosticDetails></PrimaryPathway>"
)
V9_BREAST = f"<BreastRecord>{V9_PERSON}{V9_PRIMARY}</BreastRecord>"
LUNG = '<LungRecord><Id root="33333333-3333-3333-3333-333333333333"/></LungRecord>'


def cosd(*records: str, version: str = "v9-0-1", count: int | None = None) -> str:
    """A COSD document with these root children after the header."""
    header = HEADER.format(count=len(records) if count is None else count)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<COSD:COSD xmlns:COSD="http://www.datadictionary.nhs.uk/messages/COSD-{version}">\n'
        + "\n".join((header, *records))
        + "\n</COSD:COSD>\n"
    )


@dataclass
class Landed:
    """Everything read from a landing folder."""

    submissions: list[dict[str, Any]] = field(default_factory=list)
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    parquet: bytes = b""

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Rows of a table in the order of file and position."""
        return self.tables.get(table, [])

    @property
    def submission(self) -> dict[str, Any]:
        """The only submission."""
        (only,) = self.submissions
        return only

    @property
    def record(self) -> dict[str, Any]:
        """The only COSD record."""
        (only,) = self.rows("cosd_record")
        return only


def put(landing: Path, name: str, content: str | bytes) -> Path:
    """Lay a file into the landing folder."""
    path = landing / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(
    landing: Path, *, workers: int = 1, pseudonymiser: Pseudonymiser = PSEUDONYMISER
) -> Landed:
    """Read the quarter's files as the pipeline does."""
    spill = landing.parent / f"{landing.name}-spill-{workers}"
    spill.mkdir(exist_ok=True)
    landed = Landed()
    for part in read_files(discover(landing, QUARTER), pseudonymiser, spill, workers):
        landed.submissions += part.submissions
        for table, path in part.tables:
            landed.parquet += path.read_bytes()
            landed.tables.setdefault(table, []).extend(pq.read_table(path).to_pylist())
            path.unlink()
    landed.submissions.sort(key=lambda row: row["file"])
    for rows in landed.tables.values():
        rows.sort(key=lambda row: (row["file"], row.get("position") or 0, row.get("number") or 0))
    assert not list(spill.iterdir()), "a part that nobody was told of"
    return landed


def read_cosd(landing: Path, content: str | bytes, name: str = "a.xml") -> Landed:
    """Read one COSD file."""
    put(landing, f"{COSD_FOLDER}/{name}", content)
    return read(landing)
