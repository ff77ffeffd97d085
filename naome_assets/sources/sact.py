"""SACT files: one row an administration of systemic anti-cancer therapy."""

from __future__ import annotations

import pyarrow as pa

from naome_assets.sources.bytes_in import Member
from naome_assets.sources.csv_table import CsvReader
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.rows import RowBuffer, SubmissionRow

#: Ruling B19: these columns must exist; their values can be missing.
_REQUIRED = ("NHS_Number", "Start_Date_Of_Regimen", "Primary_Diagnosis")


def read_sact(
    member: Member, submission: SubmissionRow, rows: RowBuffer, pseudonymiser: Pseudonymiser
) -> list[int]:
    """Read a SACT file; returns the positions of ragged rows.

    Raises:
        RefusedFileError: when the file as a whole cannot be read.
    """
    reader = CsvReader(member, submission, _REQUIRED)
    for batch in reader.batches():
        provider = batch.code("Organisation_Identifier_Code_Of_Provider")
        columns = (
            batch.provenance()
            | batch.nhs_person("NHS_Number", pseudonymiser)
            | batch.local_person(provider, "Local_Patient_Identifier", pseudonymiser)
            | {
                "provider": provider,
                "primary_diagnosis": batch.code("Primary_Diagnosis"),
                "regimen": batch.folded("Regimen"),
                "cycle_number": batch.code("Cycle_Number"),
                "drug_name": batch.folded("Drug_Name"),
                "intent": batch.code("Intent_Of_Treatment"),
                "performance_status": batch.code("Performance_Status_At_Start_Of_Regimen_Adult"),
            }
            | batch.date("Start_Date_Of_Regimen", "regimen_start_date")
            | batch.date("Start_Date_Of_Cycle", "cycle_start_date")
            | batch.date("Administration_Date", "administration_date")
        )
        rows.add_table("sact_administration", pa.table(columns))
    return reader.ragged
