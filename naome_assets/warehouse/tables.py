"""Tables that hold submissions as they were sent: the contract between sources and SQL.

Every reader in ``sources`` fills these tables and nothing else; every model in
``dbt_like_sql`` starts from them and nothing else. Declared once, never reflected.

Rules that hold in all of them:

- ``file`` is the path relative to the landing folder, ``archive.zip!member`` for a member.
- ``position`` is the 1-based number of the record (or data row) in that file.
- ``quarter`` is ``2024-Q1``, from the folder the file lies in.
- Identifiers are pseudonyms (see ``sources/pseudonyms.py``); names, addresses, postcodes and
  free text are never stored.
- A date column is null when the source has none or it cannot be read; the ``_fault`` column
  beside it then says which: ``unreadable`` (something stands there, but it is no date) or null
  (nothing stands there). ``partial`` marks a date whose day or month was unknown and was
  set by ruling B12. Dates before 1900 are kept where the engine can hold them, else unreadable.
- Code columns are text as sent, blanks at the ends removed, cut to 60 characters. The staging
  models normalise them.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData()


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
        comment="cosd, wales_tumour, wales_treatment, sact, deaths, unknown (no reader).",
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
    comment="Faults that only the reader can see: rows too broken to become a row of a table.",
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
    sa.Column("sex", sa.Text, comment="CR3170 as sent."),
    sa.Column("ethnic_category", sa.Text, comment="CR0150."),
    sa.Column("provider", sa.Text, comment="CR0030 as sent (not cut to three characters)."),
    sa.Column("diagnosis_site", sa.Text, comment="CR6230 as sent."),
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
    comment="One row a COSD breast record, as sent. Other tumour groups are counted only.",
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
    sa.Column("sex", sa.Text, comment="F M I Z as sent."),
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
    comment="One row a Welsh registry event, as sent.",
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
    comment="One row a Welsh treatment, as sent.",
)

sact_administration = sa.Table(
    "sact_administration",
    metadata,
    *_provenance(),
    *_person(),
    sa.Column("provider", sa.Text, comment="Organisation_Identifier_Code_Of_Provider as sent."),
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
    sa.Column("intent", sa.Text, comment="Intent_Of_Treatment."),
    sa.Column("performance_status", sa.Text, comment="At start of regimen, adult."),
    comment="One row a SACT administration, as sent.",
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
    comment="One row a civil registration of death, as sent.",
)

audit_run = sa.Table(
    "audit_run",
    metadata,
    sa.Column(
        "number", sa.Integer, nullable=False, comment="Order in which ranges were asked for."
    ),
    sa.Column("from_quarter", sa.Text, nullable=False, comment="First quarter asked for."),
    sa.Column("to_quarter", sa.Text, nullable=False, comment="Last quarter asked for."),
    comment="One row a range of quarters that was asked for; decides which quarters are reported.",
)

key_fingerprint = sa.Table(
    "key_fingerprint",
    metadata,
    sa.Column("fingerprint", sa.Text, nullable=False, comment="Tells keys apart; not the key."),
    comment="Of the key whose pseudonyms stand in this warehouse.",
)
