"""SACT files: one row an administration of systemic anti-cancer therapy, from CSV or XML."""

from __future__ import annotations

from naome_assets.sources.bytes_in import Member
from naome_assets.sources.csv_table import CsvReader
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.rows import RowBuffer, SubmissionRow
from naome_assets.sources.sact_columns import administrations
from naome_assets.sources.sact_xml import read_sact_xml

#: Ruling B19: these columns must exist; their values can be missing.
_REQUIRED = ("NHS_Number", "Start_Date_Of_Regimen", "Primary_Diagnosis")


def read_sact(
    member: Member, submission: SubmissionRow, rows: RowBuffer, pseudonymiser: Pseudonymiser
) -> list[int]:
    """Read a SACT file, XML by its name, else CSV; returns the positions of ragged rows.

    Raises:
        RefusedFileError: when the file as a whole cannot be read.
    """
    if submission.file.lower().removesuffix(".gz").endswith(".xml"):
        read_sact_xml(member, submission, rows, pseudonymiser)
        return []
    reader = CsvReader(member, submission, _REQUIRED, rows.tally)
    for batch in reader.batches():
        rows.add_table("sact_administration", administrations(batch, pseudonymiser))
    return reader.ragged
