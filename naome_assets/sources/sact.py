"""SACT files: one row an administration of systemic anti-cancer therapy, from CSV or XML."""

from __future__ import annotations

from naome_assets.sources.bytes_in import Member
from naome_assets.sources.csv_headings import Columns
from naome_assets.sources.csv_table import CsvReader
from naome_assets.sources.errors import RowFaults
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.rows import RowBuffer, SubmissionRow
from naome_assets.sources.sact_columns import administrations
from naome_assets.sources.sact_xml import read_sact_xml
from naome_assets.sources.source import MONTH, Source

#: Ruling B19: the required ones must exist; their values can be missing. The others are those of
#: SACT v3 as trusts' files name them.
_COLUMNS = Columns(
    required=("NHS_Number", "Start_Date_Of_Regimen", "Primary_Diagnosis"),
    wanted=(
        "Local_Patient_Identifier",
        "Organisation_Identifier_Code_Of_Provider",
        "Intent_Of_Treatment",
        "Regimen",
        "Performance_Status_At_Start_Of_Regimen_Adult",
        "Cycle_Number",
        "Start_Date_Of_Cycle",
        "Drug_Name",
        "Administration_Date",
    ),
    known=(
        "NHS_Number_Status_Indicator_Code",
        "Person_Family_Name",
        "Person_Given_Name",
        "Date_Of_Birth",
        "Person_Stated_Gender_Code",
        "Patient_Postcode",
        "Consultant_GMC_Code",
        "Consultant_Specialty_Code",
        "Morphology_ICD_O",
        "Diagnosis_Code_SNOMED_CT",
        "Adjunctive_Therapy",
        "Height_At_Start_Of_Regimen",
        "Weight_At_Start_Of_Regimen",
        "Comorbidity_Adjustment",
        "Date_Decision_To_Treat",
        "Clinical_Trial",
        "Weight_At_Start_Of_Cycle",
        "Performance_Status_At_Start_Of_Cycle_Adult",
        "DM_D",
        "Actual_Dose_Per_Administration",
        "Administration_Measurement_Per_Actual_Dose",
        "Other_Administration_Measurement_Per_Actual_Dose",
        "Unit_Of_Measurement_SNOMED_CT_DM_D",
        "SACT_Administration_Route",
        "Route_Of_Administration_SNOMED_CT_DM_D",
        "Organisation_Identifier_Of_SACT_Administration",
        "Regimen_Modification_Dose_Reduction",
        "Regimen_Outcome_Summary_Curative_Completed_As_Planned",
        "Regimen_Outcome_Summary_Curative_Not_Completed_As_Planned_Reason",
        "Other_Regimen_Outcome_Summary_Curative_Not_Completed_As_Planned_Reason",
        "Regimen_Outcome_Summary_Non_Curative",
        "Regimen_Outcome_Summary_Toxicity",
    ),
)


def read_sact(
    member: Member, submission: SubmissionRow, rows: RowBuffer, pseudonymiser: Pseudonymiser
) -> RowFaults:
    """Read a SACT file, XML by its name, else CSV; returns the rows that are refused.

    Raises:
        RefusedFileError: when the file as a whole cannot be read.
    """
    if submission.file.lower().removesuffix(".gz").endswith(".xml"):
        read_sact_xml(member, submission, rows, pseudonymiser)
        return RowFaults()
    reader = CsvReader(member, submission, _COLUMNS, rows.tally)
    for batch in reader.batches():
        rows.add_table("sact_administration", administrations(batch, pseudonymiser))
    return reader.faults


SOURCES = (
    Source(
        "sact",
        "SACT: CSV, or XML (v2.0, v4)",
        f"england/sact/{MONTH}",
        read_sact,
        ("sact_administration",),
        endings=(".csv", ".xml"),
    ),
)
