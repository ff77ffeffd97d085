"""Tables that hold what submissions say, value by value: the contract between sources and SQL.

Every reader in ``sources`` fills these tables and nothing else; every model in
``dbt_like_sql`` starts from them and nothing else. Declared once, never reflected.

Rules that hold in all of them:

- ``file`` is the path relative to the landing folder, ``archive.zip!member`` for a member.
- ``position`` is the 1-based number of the record (or data row) in that file.
- ``quarter`` is ``2024-Q1``, from the folder the file lies in.
- Identifiers are pseudonyms (see ``sources/pseudonyms.py``); names, addresses, postcodes and
  free text are never stored (``link_key`` holds keyed pseudonyms, while linkage is on).
- A date column is null when the source has none or it cannot be read; the ``_fault`` column
  beside it then says which: ``unreadable`` (something stands there, but it is no date) or null
  (nothing stands there). ``partial`` marks a date whose day or month was unknown and was
  set by ruling B12. Dates before 1900 are kept where the engine can hold them, else unreadable.
- Code columns hold comparable codes: made so by the conventions of their item, and of its shape
  (``sources/conventions.py``); null when nothing was given, or nothing that can be a code of it.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import sqlalchemy as sa

metadata = sa.MetaData()


def described(table: sa.Table) -> dict[str, str]:
    """Description of each column."""
    return {column.name: column.comment or "" for column in table.columns}


#: Type in Arrow of each type of column.
_ARROW_TYPES: dict[str, pa.DataType] = {
    "Text": pa.string(),
    "Integer": pa.int32(),
    "BigInteger": pa.int64(),
    "Double": pa.float64(),
    "Boolean": pa.bool_(),
    "Date": pa.date32(),
    "DateTime": pa.timestamp("us"),
}


def arrow_schema(table: sa.Table) -> pa.Schema:
    """Arrow schema of a table."""
    return pa.schema(
        [
            pa.field(column.name, _ARROW_TYPES[type(column.type).__name__])
            for column in table.columns
        ]
    )


def arrow_schemas() -> dict[str, pa.Schema]:
    """Arrow schema of each table."""
    return {table.name: arrow_schema(table) for table in metadata.sorted_tables}


def _provenance() -> list[sa.Column[Any]]:
    return [
        sa.Column("file", sa.Text, nullable=False, comment="Path relative to the landing folder."),
        sa.Column("position", sa.Integer, nullable=False, comment="1-based number of the record."),
        sa.Column("quarter", sa.Text, nullable=False, comment="Quarter of the folder, 2024-Q1."),
    ]


def _person() -> list[sa.Column[Any]]:
    return [
        sa.Column("nhs_person_id", sa.Text, comment="Pseudonym of a valid NHS number, else null."),
        sa.Column("nhs_number_status", sa.Text, nullable=False, comment="valid, invalid, missing."),
        sa.Column(
            "local_person_id",
            sa.Text,
            comment="Pseudonym of (provider, local patient identifier); null without either.",
        ),
    ]


submission = sa.Table(
    "submission",
    metadata,
    sa.Column("file", sa.Text, nullable=False, comment="Path relative to the landing folder."),
    sa.Column("sha256", sa.Text, nullable=False, comment="SHA-256 of the file's (member's) bytes."),
    sa.Column(
        "source",
        sa.Text,
        nullable=False,
        comment="cosd, pathology, wales_tumour, wales_treatment, sact, deaths, registry_*; unknown "
        "when no reader takes it.",
    ),
    sa.Column("quarter", sa.Text, nullable=False, comment="Quarter of the folder, 2024-Q1."),
    sa.Column("folder", sa.Text, nullable=False, comment="Month or quarter folder, as named."),
    sa.Column(
        "provider", sa.Text, comment="COSD: provider folder; Wales: health board of the name."
    ),
    sa.Column("version", sa.Text, comment="COSD version of the namespace, such as 9.0.1."),
    sa.Column("status", sa.Text, nullable=False, comment="loaded or rejected."),
    sa.Column("reason", sa.Text, comment="Why rejected, or file-level warnings."),
    sa.Column("created_at", sa.DateTime, comment="FileCreationDateTime (COSD), in UTC."),
    sa.Column("period_start", sa.Date, comment="Reporting period start (COSD header)."),
    sa.Column("period_end", sa.Date, comment="Reporting period end (COSD), last day (Wales)."),
    sa.Column("extract_date", sa.Date, comment="COSD: no event may be later (ruling B13)."),
    sa.Column("record_count", sa.BigInteger, comment="RecordCount of the COSD header."),
    sa.Column("received", sa.BigInteger, nullable=False, comment="Records or data rows found."),
    sa.Column(
        "other_tumour_groups",
        sa.BigInteger,
        nullable=False,
        comment="COSD records that are not breast records: counted, not stored.",
    ),
    sa.Column(
        "unreadable_records",
        sa.BigInteger,
        nullable=False,
        comment="Rows refused by the reader itself (listed in submission_fault).",
    ),
    sa.Column("ignored_elements", sa.BigInteger, nullable=False, comment="Unknown root children."),
    sa.Column("bytes", sa.BigInteger, nullable=False, comment="Size of what was read."),
    comment="One row a file (or archive member) received.",
)

submission_fault = sa.Table(
    "submission_fault",
    metadata,
    *_provenance(),
    sa.Column("rule", sa.Text, nullable=False, comment="Rule broken, such as ragged_row."),
    sa.Column("severity", sa.Text, nullable=False, comment="error (row refused) or warning."),
    sa.Column("message", sa.Text, nullable=False, comment="For a data manager; no values."),
    sa.Column(
        "item",
        sa.Text,
        comment="Item and keyed hash of what stood there, where the fault is of one value.",
    ),
    comment="Faults that only the reader can see: rows too broken to become a row of a table, and "
    "values that can be none of their item.",
)

submission_convention = sa.Table(
    "submission_convention",
    metadata,
    sa.Column("file", sa.Text, nullable=False, comment="Path relative to the landing folder."),
    sa.Column("quarter", sa.Text, nullable=False, comment="Quarter of the folder, 2024-Q1."),
    sa.Column(
        "item",
        sa.Text,
        nullable=False,
        comment="COSD data item, such as CR2030; in other files the column or element.",
    ),
    sa.Column("convention", sa.Text, nullable=False, comment="Convention broken: date_form ..."),
    sa.Column("given", sa.BigInteger, nullable=False, comment="Values of the item in the file."),
    sa.Column("changed", sa.BigInteger, nullable=False, comment="Those that broke the convention."),
    comment="How many values the reader made comparable: what is stored no longer shows it.",
)

cosd_record = sa.Table(
    "cosd_record",
    metadata,
    *_provenance(),
    sa.Column("version", sa.Text, nullable=False, comment="8.1, 8.2, 8.3, 9.0, 9.0.1, 10.0.1 ..."),
    sa.Column("record_id", sa.Text, comment="Pseudonym of the record's Id, for uniqueness checks."),
    *_person(),
    sa.Column("birth_date", sa.Date, comment="CR0100."),
    sa.Column("birth_date_fault", sa.Text),
    sa.Column("sex", sa.Text, comment="CR3170."),
    sa.Column("ethnic_category", sa.Text, comment="CR0150."),
    sa.Column("provider", sa.Text, comment="CR0030, its first three characters."),
    sa.Column("diagnosis_site", sa.Text, comment="CR6230, its first three characters."),
    sa.Column(
        "pathway",
        sa.Text,
        comment="primary, recurrence, progression, transformation; null when the record has none "
        "(B21). v8 by ruling D12.",
    ),
    sa.Column("event_date", sa.Date, comment="CR2030 (primary), CR6500 (others)."),
    sa.Column("event_date_fault", sa.Text),
    sa.Column("icd10", sa.Text, comment="By ruling B1: CR0370, CR7100, CR6900; v8 see B1."),
    sa.Column("laterality", sa.Text, comment="CR0380."),
    sa.Column("basis_of_diagnosis", sa.Text, comment="CR0390."),
    sa.Column("performance_status", sa.Text, comment="CR0510."),
    sa.Column("t_category_pretreatment", sa.Text, comment="CR0520."),
    sa.Column("n_category_pretreatment", sa.Text, comment="CR0540."),
    sa.Column("m_category_pretreatment", sa.Text, comment="CR0560."),
    sa.Column("stage_pretreatment", sa.Text, comment="CR0580."),
    sa.Column("t_category_integrated", sa.Text, comment="CR0620."),
    sa.Column("n_category_integrated", sa.Text, comment="CR0630."),
    sa.Column("m_category_integrated", sa.Text, comment="CR0640."),
    sa.Column("stage_integrated", sa.Text, comment="CR0610."),
    sa.Column("cns_indication", sa.Text, comment="CR2050."),
    sa.Column("mdt_meetings", sa.Integer, comment="Number of MDT meeting details."),
    sa.Column("mdt_date", sa.Date, comment="Earliest CR3080, else CR0430 (care plan)."),
    sa.Column("mdt_date_fault", sa.Text),
    sa.Column("palliative_specialist_seen", sa.Text, comment="CR1550."),
    comment="One row a COSD breast record. Other tumour groups are counted only.",
)

cosd_progression = sa.Table(
    "cosd_progression",
    metadata,
    *_provenance(),
    sa.Column("number", sa.Integer, nullable=False, comment="1-based within the record."),
    sa.Column("progression_date", sa.Date, comment="CR6910."),
    sa.Column("progression_date_fault", sa.Text),
    comment="Progressions recorded within a primary COSD record (v9, v10).",
)

cosd_metastasis = sa.Table(
    "cosd_metastasis",
    metadata,
    *_provenance(),
    sa.Column(
        "part",
        sa.Text,
        nullable=False,
        comment="diagnosis (primary pathway), progression (within a primary record), "
        "non_primary (recurrence or progression pathway).",
    ),
    sa.Column("progression_number", sa.Integer, comment="For part progression: which one."),
    sa.Column(
        "paired",
        sa.Boolean,
        nullable=False,
        comment="True: type and site stand together (v9, v10). False: v8, where types and sites "
        "repeat unpaired; such a row has a type or a site, not both (ruling D2).",
    ),
    sa.Column("metastatic_type", sa.Text, comment="CR6960, CR6520; v8 metastatic disease type."),
    sa.Column("metastatic_site", sa.Text, comment="CR6970, CR1590."),
    comment="Metastatic types and sites of a COSD breast record.",
)

cosd_treatment = sa.Table(
    "cosd_treatment",
    metadata,
    *_provenance(),
    sa.Column("number", sa.Integer, nullable=False, comment="1-based within the record."),
    sa.Column("start_date", sa.Date, comment="CR1370."),
    sa.Column("start_date_fault", sa.Text),
    sa.Column("modality", sa.Text, comment="CR2040."),
    sa.Column("intent", sa.Text, comment="CR0680."),
    comment="Treatments of a COSD breast record.",
)

wales_tumour = sa.Table(
    "wales_tumour",
    metadata,
    *_provenance(),
    sa.Column("health_board", sa.Text, nullable=False, comment="Part of the file name before _."),
    sa.Column("record_id", sa.Text, comment="Pseudonym of (health board, record_id)."),
    sa.Column("created_at", sa.DateTime, comment="extract_created, in UTC."),
    *_person(),
    sa.Column("birth_date", sa.Date),
    sa.Column("birth_date_fault", sa.Text),
    sa.Column("sex", sa.Text, comment="F M I Z."),
    sa.Column("ethnic_category", sa.Text),
    sa.Column("provider", sa.Text),
    sa.Column("diagnosis_site", sa.Text, comment="site_of_diagnosis."),
    sa.Column("pathway", sa.Text, comment="As sent."),
    sa.Column("icd10", sa.Text),
    sa.Column("event_date", sa.Date),
    sa.Column("event_date_fault", sa.Text),
    sa.Column("progression_date", sa.Date),
    sa.Column("progression_date_fault", sa.Text),
    sa.Column("laterality", sa.Text),
    sa.Column("basis_of_diagnosis", sa.Text),
    sa.Column("t_category", sa.Text),
    sa.Column("n_category", sa.Text),
    sa.Column("m_category", sa.Text),
    sa.Column("stage", sa.Text, comment="tnm_stage_group."),
    sa.Column("metastatic_type", sa.Text),
    sa.Column("metastatic_sites", sa.Text, comment="Codes joined by ;"),
    sa.Column("performance_status", sa.Text),
    sa.Column("er_status", sa.Text),
    sa.Column("her2_status", sa.Text),
    sa.Column("cns_indication", sa.Text),
    sa.Column("mdt_date", sa.Date),
    sa.Column("mdt_date_fault", sa.Text),
    sa.Column("point_of_suspicion_date", sa.Date),
    sa.Column("point_of_suspicion_date_fault", sa.Text),
    sa.Column("palliative_specialist_seen", sa.Text),
    comment="One row a Welsh registry event.",
)

wales_treatment = sa.Table(
    "wales_treatment",
    metadata,
    *_provenance(),
    sa.Column("health_board", sa.Text, nullable=False, comment="Part of the file name before _."),
    sa.Column("record_id", sa.Text, comment="Pseudonym of (health board, record_id)."),
    *_person(),
    sa.Column("provider", sa.Text),
    sa.Column("start_date", sa.Date),
    sa.Column("start_date_fault", sa.Text),
    sa.Column("modality", sa.Text),
    sa.Column("intent", sa.Text),
    comment="One row a Welsh treatment.",
)

sact_administration = sa.Table(
    "sact_administration",
    metadata,
    *_provenance(),
    *_person(),
    sa.Column("provider", sa.Text, comment="Organisation_Identifier_Code_Of_Provider."),
    sa.Column("primary_diagnosis", sa.Text),
    sa.Column("regimen", sa.Text, comment="Regimen, blanks folded, upper case."),
    sa.Column("regimen_start_date", sa.Date, comment="Start_Date_Of_Regimen."),
    sa.Column("regimen_start_date_fault", sa.Text),
    sa.Column("cycle_number", sa.Text),
    sa.Column("cycle_start_date", sa.Date),
    sa.Column("cycle_start_date_fault", sa.Text),
    sa.Column("drug_name", sa.Text, comment="Drug_Name, blanks folded, upper case."),
    sa.Column("administration_date", sa.Date),
    sa.Column("administration_date_fault", sa.Text),
    sa.Column("intent", sa.Text, comment="Intent_Of_Treatment; C P A N D in v2.0 XML."),
    sa.Column("performance_status", sa.Text, comment="At start of regimen, adult."),
    comment="One row a SACT administration.",
)

pathology_report = sa.Table(
    "pathology_report",
    metadata,
    *_provenance(),
    *_person(),
    sa.Column(
        "report_id",
        sa.Text,
        comment="Pseudonym of (service report pCR0950, observation report pCR6220).",
    ),
    sa.Column("birth_date", sa.Date, comment="CR0100."),
    sa.Column("birth_date_fault", sa.Text),
    sa.Column("sex", sa.Text, comment="CR3170."),
    sa.Column("provider", sa.Text, comment="CR0030, its first three characters."),
    sa.Column("report_date", sa.Date, comment="pCR0780, date of the result."),
    sa.Column("report_date_fault", sa.Text),
    sa.Column("sample_date", sa.Date, comment="pCR1010, date of collection."),
    sa.Column("sample_date_fault", sa.Text),
    sa.Column("report_status", sa.Text, comment="pCR0960; 6 is deleted."),
    sa.Column("specimen_nature", sa.Text, comment="pCR0970; 5 is a metastatic site."),
    sa.Column("investigation_type", sa.Text, comment="pCR0760."),
    sa.Column("icd10", sa.Text, comment="pCR0810, all that are given, joined by ;"),
    sa.Column("is_breast_section", sa.Boolean, nullable=False, comment="PathologyBreast stands."),
    sa.Column("laterality", sa.Text, comment="pCR0820."),
    sa.Column("grade", sa.Text, comment="pCR0860."),
    sa.Column("er_status", sa.Text, comment="pBR4220: P N X."),
    sa.Column("er_allred_score", sa.Text, comment="pBR4230: 0, 2 to 8."),
    sa.Column("pr_status", sa.Text, comment="pBR4290: P N X."),
    sa.Column("pr_allred_score", sa.Text, comment="pBR4300: 0, 2 to 8."),
    sa.Column("her2_status", sa.Text, comment="pBR4280: P B N1 N2 X."),
    sa.Column("her2_ish_status", sa.Text, comment="pBR4310: P N B X."),
    comment="One row a pathology report (COSD Pathology).",
)

death_registration = sa.Table(
    "death_registration",
    metadata,
    *_provenance(),
    sa.Column("nhs_person_id", sa.Text, comment="Pseudonym of a valid NHS number, else null."),
    sa.Column("nhs_number_status", sa.Text, nullable=False, comment="valid, invalid, missing."),
    sa.Column("registration_date", sa.Date, comment="REG_DATE."),
    sa.Column("registration_date_fault", sa.Text),
    sa.Column("death_date", sa.Date, comment="REG_DATE_OF_DEATH; unknown day or month by B12."),
    sa.Column("death_date_fault", sa.Text, comment="unreadable, partial or null."),
    sa.Column("underlying_cause", sa.Text, comment="S_UNDERLYING_COD_ICD10."),
    sa.Column("causes", sa.Text, comment="S_COD_CODE_1 to 15, those given, joined by ;"),
    comment="One row a civil registration of death.",
)

registry_patient = sa.Table(
    "registry_patient",
    metadata,
    *_provenance(),
    sa.Column("registry_person_id", sa.Text, comment="Pseudonym of PATIENTID."),
    sa.Column("link_id", sa.Text, comment="Pseudonym of LINKNUMBER."),
    sa.Column("sex", sa.Text, comment="GENDER: 1 male, 2 female."),
    sa.Column("ethnic_category", sa.Text, comment="ETHNICITY."),
    sa.Column("vital_status", sa.Text, comment="VITALSTATUS: A alive, D dead, X lost."),
    sa.Column("vital_status_date", sa.Date, comment="VITALSTATUSDATE."),
    sa.Column("vital_status_date_fault", sa.Text),
    sa.Column("underlying_cause", sa.Text, comment="DEATHCAUSECODE_UNDERLYING."),
    comment="One row a person of a registry extract.",
)

registry_tumour = sa.Table(
    "registry_tumour",
    metadata,
    *_provenance(),
    sa.Column("registry_person_id", sa.Text, comment="Pseudonym of PATIENTID."),
    sa.Column("tumour_id", sa.Text, comment="Pseudonym of TUMOURID."),
    sa.Column("link_id", sa.Text, comment="Pseudonym of LINKNUMBER."),
    sa.Column("sex", sa.Text, comment="GENDER: 1 male, 2 female."),
    sa.Column("diagnosis_date", sa.Date, comment="DIAGNOSISDATEBEST."),
    sa.Column("diagnosis_date_fault", sa.Text),
    sa.Column("icd10", sa.Text, comment="SITE_ICD10, of the 2013 revision where sent."),
    sa.Column("t_best", sa.Text, comment="T_BEST."),
    sa.Column("n_best", sa.Text, comment="N_BEST."),
    sa.Column("m_best", sa.Text, comment="M_BEST."),
    sa.Column("stage_best", sa.Text, comment="STAGE_BEST."),
    sa.Column("age", sa.Text, comment="AGE at diagnosis, in years."),
    sa.Column("laterality", sa.Text, comment="LATERALITY."),
    sa.Column("er_status", sa.Text, comment="ER_STATUS: P, N, X."),
    sa.Column("pr_status", sa.Text, comment="PR_STATUS: P, N, X."),
    sa.Column("her2_status", sa.Text, comment="HER2_STATUS: P, N, B, X."),
    sa.Column("deprivation_quintile", sa.Text, comment="QUINTILE_2019, 1 is most deprived."),
    sa.Column("performance_status", sa.Text, comment="PERFORMANCESTATUS."),
    sa.Column("charlson_score", sa.Text, comment="CHRL_TOT_27_03."),
    sa.Column("first_surgery_date", sa.Date, comment="DATE_FIRST_SURGERY."),
    sa.Column("first_surgery_date_fault", sa.Text),
    sa.Column("basis_of_diagnosis", sa.Text, comment="BASISOFDIAGNOSIS (NDRS only)."),
    sa.Column("death_certificate_only", sa.Text, comment="DCO (NDRS only)."),
    sa.Column("cns_indication", sa.Text, comment="CNS as CR2050 (NDRS only)."),
    sa.Column("is_cns_sent", sa.Boolean, comment="Whether the file has the column CNS."),
    sa.Column("provider", sa.Text, comment="DIAG_TRUST (NDRS only)."),
    comment="One row a breast tumour of a registry extract. Other sites are counted only.",
)

registry_regimen = sa.Table(
    "registry_regimen",
    metadata,
    *_provenance(),
    sa.Column(
        "registry_person_id",
        sa.Text,
        comment="Pseudonym of PATIENTID (ENCORE_PATIENT_ID); null in the layout of v1.",
    ),
    sa.Column(
        "sact_person_id",
        sa.Text,
        comment="Pseudonym of MERGED_PATIENT_ID, the person's number in the SACT tables of v1.",
    ),
    sa.Column("link_id", sa.Text, comment="Pseudonym of LINK_NUMBER."),
    sa.Column("regimen_id", sa.Text, comment="Pseudonym of MERGED_REGIMEN_ID."),
    sa.Column("start_date", sa.Date, comment="START_DATE_OF_REGIMEN."),
    sa.Column("start_date_fault", sa.Text),
    sa.Column("decision_date", sa.Date, comment="DATE_DECISION_TO_TREAT."),
    sa.Column("decision_date_fault", sa.Text),
    sa.Column("intent", sa.Text, comment="INTENT_OF_TREATMENT."),
    sa.Column("regimen", sa.Text, comment="MAPPED_REGIMEN, upper case."),
    sa.Column("benchmark_group", sa.Text, comment="BENCHMARK_GROUP, upper case."),
    comment="One row a SACT regimen of a registry extract.",
)

registry_sact_patient = sa.Table(
    "registry_sact_patient",
    metadata,
    *_provenance(),
    sa.Column("sact_person_id", sa.Text, comment="Pseudonym of MERGED_PATIENT_ID."),
    sa.Column("link_id", sa.Text, comment="Pseudonym of LINK_NUMBER."),
    comment="One row a person of the SACT tables of a v1 extract: which link number is theirs.",
)

registry_cycle = sa.Table(
    "registry_cycle",
    metadata,
    *_provenance(),
    sa.Column("regimen_id", sa.Text, comment="Pseudonym of MERGED_REGIMEN_ID."),
    sa.Column("cycle_id", sa.Text, comment="Pseudonym of MERGED_CYCLE_ID."),
    sa.Column("cycle_number", sa.Text, comment="CYCLE_NUMBER."),
    sa.Column("start_date", sa.Date, comment="START_DATE_OF_CYCLE."),
    sa.Column("start_date_fault", sa.Text),
    comment="One row a SACT cycle of a registry extract.",
)

registry_drug = sa.Table(
    "registry_drug",
    metadata,
    *_provenance(),
    sa.Column("cycle_id", sa.Text, comment="Pseudonym of MERGED_CYCLE_ID."),
    sa.Column("administration_date", sa.Date, comment="ADMINISTRATION_DATE."),
    sa.Column("administration_date_fault", sa.Text),
    sa.Column("drug_group", sa.Text, comment="DRUG_GROUP, upper case."),
    comment="One row a drug given, of a registry extract.",
)

registry_outcome = sa.Table(
    "registry_outcome",
    metadata,
    *_provenance(),
    sa.Column("regimen_id", sa.Text, comment="Pseudonym of MERGED_REGIMEN_ID."),
    sa.Column("final_treatment_date", sa.Date, comment="DATE_OF_FINAL_TREATMENT."),
    sa.Column("final_treatment_date_fault", sa.Text),
    sa.Column("outcome", sa.Text, comment="REGIMEN_OUTCOME_SUMMARY."),
    comment="One row a SACT outcome of a registry extract.",
)

registry_radiotherapy = sa.Table(
    "registry_radiotherapy",
    metadata,
    *_provenance(),
    sa.Column("registry_person_id", sa.Text, comment="Pseudonym of PATIENTID."),
    sa.Column("episode_id", sa.Text, comment="Pseudonym of RADIOTHERAPYEPISODEID."),
    sa.Column("attendance_id", sa.Text, comment="Pseudonym of ATTENDID."),
    sa.Column("appointment_date", sa.Date, comment="APPTDATE."),
    sa.Column("appointment_date_fault", sa.Text),
    sa.Column("decision_date", sa.Date, comment="DECISIONTOTREATDATE."),
    sa.Column("decision_date_fault", sa.Text),
    sa.Column("intent", sa.Text, comment="RADIOTHERAPYINTENT."),
    comment="One row a radiotherapy attendance of a registry extract.",
)

registry_prescription = sa.Table(
    "registry_prescription",
    metadata,
    *_provenance(),
    sa.Column("episode_id", sa.Text, comment="Pseudonym of RADIOTHERAPYEPISODEID."),
    sa.Column("attendance_id", sa.Text, comment="Pseudonym of ATTENDID."),
    sa.Column("modality", sa.Text, comment="RTTREATMENTMODALITY."),
    sa.Column("prescribed_fractions", sa.Text, comment="PRESCRIBEDFRACTIONS."),
    sa.Column("region", sa.Text, comment="RTTREATMENTREGION; M is metastasis."),
    comment="One row a radiotherapy prescription of a registry extract.",
)

registry_key = sa.Table(
    "registry_key",
    metadata,
    *_provenance(),
    sa.Column("registry_person_id", sa.Text, comment="Pseudonym of PATIENTID."),
    sa.Column("nhs_person_id", sa.Text, comment="Pseudonym of a valid NHS number, else null."),
    sa.Column("nhs_number_status", sa.Text, comment="valid, invalid, missing."),
    comment="One row a person of a key file that links a registry extract to NHS numbers.",
)

ods_organisation = sa.Table(
    "ods_organisation",
    metadata,
    *_provenance(),
    sa.Column("code", sa.Text, nullable=False, comment="Code of a trust or health board."),
    sa.Column("name", sa.Text, nullable=False, comment="Its name, as the service writes it."),
    sa.Column("opened", sa.Date, comment="First day."),
    sa.Column("closed", sa.Date, comment="Last day; null while open."),
    comment="One row a trust of a list (etr) of the Organisation Data Service that a user laid "
    "beside the landing; empty where none was.",
)

ods_succession = sa.Table(
    "ods_succession",
    metadata,
    *_provenance(),
    sa.Column("predecessor", sa.Text, nullable=False, comment="Code that ceased."),
    sa.Column("successor", sa.Text, nullable=False, comment="Code that took its place."),
    sa.Column("effective", sa.Date, nullable=False, comment="First day under the successor."),
    comment="One row a succession of a list (succ) of the Organisation Data Service that a user "
    "laid beside the landing; empty where none was.",
)

link_key = sa.Table(
    "link_key",
    metadata,
    *_provenance(),
    sa.Column("surname", sa.Text, comment="Pseudonym of the family name (CR0050)."),
    sa.Column("forename", sa.Text, comment="Pseudonym of the given name (CR0060)."),
    sa.Column("postcode", sa.Text, comment="Pseudonym of the postcode at diagnosis (CR0080)."),
    comment="One row a breast record whose names or postcode linkage may compare; empty while "
    "linkage is off.",
)

person_link = sa.Table(
    "person_link",
    metadata,
    sa.Column("person_id", sa.Text, nullable=False, comment="Pseudonym by local identifier."),
    sa.Column("linked_person_id", sa.Text, nullable=False, comment="Pseudonym by NHS number."),
    sa.Column("how", sa.Text, nullable=False, comment="local_identifier or probabilistic."),
    sa.Column("match_weight", sa.Double, comment="log2 of the odds; null by local identifier."),
    sa.Column("probability", sa.Double, comment="Of a match; null by local identifier."),
    comment="One row a person without an NHS number who is linked to one with; empty while linkage "
    "is off (ruling C2).",
)

audit_run = sa.Table(
    "audit_run",
    metadata,
    sa.Column(
        "number", sa.Integer, nullable=False, comment="Order in which ranges were asked for."
    ),
    sa.Column("from_quarter", sa.Text, nullable=False, comment="First quarter asked for."),
    sa.Column("to_quarter", sa.Text, nullable=False, comment="Last quarter asked for."),
    comment="One row a range of quarters that was asked for; those of them that somebody sent are "
    "reported.",
)

lost_quarter = sa.Table(
    "lost_quarter",
    metadata,
    sa.Column("quarter", sa.Text, nullable=False, comment="2024-Q1."),
    sa.Column("nation", sa.Text, nullable=False, comment="England or Wales."),
    comment="One row a quarter and nation whose tumour files were loaded once, and were not when "
    "the quarter was read again: publication waits for them, or for the quarter's withdrawal.",
)

withdrawal = sa.Table(
    "withdrawal",
    metadata,
    sa.Column("quarter", sa.Text, nullable=False, comment="2024-Q1."),
    comment="One row a quarter that was taken back and not read since.",
)

key_fingerprint = sa.Table(
    "key_fingerprint",
    metadata,
    sa.Column("fingerprint", sa.Text, nullable=False, comment="Tells keys apart; not the key."),
    comment="Of the key whose pseudonyms stand in this warehouse.",
)
