"""Tables that hold what submissions say, value by value: the contract between sources and SQL.

Every reader in ``sources`` fills these tables and nothing else; every model in ``dbt_like_sql``
starts from them and nothing else. Declared here once, as data: ``warehouse.tables`` makes tables of
them, and ``dbt_like_sql/models/staging/_sources.yml`` is written from them.

Rules that hold in all of them:

- ``file`` is the path relative to the landing folder, ``archive.zip!member`` for a member.
- ``position`` is the 1-based number of the record (or data row) in that file.
- ``quarter`` is ``2024-Q1``, from the folder the file lies in.
- Identifiers are pseudonyms (see ``sources/pseudonyms.py``); names, addresses, postcodes and
  free text are never stored (``link_key`` holds keyed pseudonyms, while linkage is on).
- A date column is null when the source has none or it cannot be read; the ``_fault`` column
  beside it then says which: ``unreadable`` (something is there, but it is no date) or null
  (nothing is there). ``partial`` marks a date whose day or month was unknown and was
  set by ruling B12. Dates before 1900 are kept where the engine can hold them, else unreadable.
- Code columns hold comparable codes: made so by the conventions of their item, and of its shape
  (``sources/conventions.py``); null when nothing was given, or nothing that can be a code of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from naome_assets.contract.cosd_items import carried_items, stored_items

#: What a column holds; ``warehouse.tables`` says how an engine holds it.
Type = Literal["text", "integer", "big_integer", "double", "boolean", "date", "moment"]


@dataclass(frozen=True)
class Column:
    """A column.

    Attributes:
        name: of the column.
        description: what is there, for whoever reads the table.
        type: of its values.
        required: whether it is never null.
        values: all that can be there, where they are few.
        unique: whether no two rows have the same value.
    """

    name: str
    description: str
    type: Type = "text"
    required: bool = False
    values: tuple[str, ...] = ()
    unique: bool = False


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        name: of the table.
        description: what it holds, and what one row is.
        columns: in order.
        group: ``submissions`` (filled while files are read or quarters withdrawn), ``linkage``, or
            ``key`` (no model reads it: keys and versions).
        blocks: whether a broken promise of a column holds publication back; not where no figure
            is made from the table.
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    group: Literal["submissions", "linkage", "key"] = "submissions"
    blocks: bool = True

    @property
    def is_quarterly(self) -> bool:
        """Whether its rows belong to a quarter, and are replaced with it."""
        return any(column.name == "quarter" for column in self.columns)

    @property
    def is_of_files(self) -> bool:
        """Whether its rows name the file that they come from."""
        return any(column.name == "file" for column in self.columns)

    @property
    def described(self) -> dict[str, str]:
        """Description of each column."""
        return {column.name: column.description for column in self.columns}


def _date(name: str, description: str) -> tuple[Column, Column]:
    """A date as read, and what was wrong with it."""
    fault = f"unreadable, partial (ruling B12), or null when {name} is sound or missing."
    return Column(name, description, "date"), Column(f"{name}_fault", fault)


def _items(table: str) -> tuple[Column, ...]:
    """Columns that hold items of COSD as they are read."""
    columns: list[Column] = []
    for item in stored_items(table):
        description = f"{item.item_name} ({item.item_code})."
        if item.kind == "date":
            columns += _date(item.column, description)
        else:
            columns.append(Column(item.column, description))
    return tuple(columns)


def _welsh_items() -> tuple[Column, ...]:
    """The same of a Welsh tumour, of the items that go on unchanged."""
    return tuple(
        Column(item.wales, f"{item.item_name} ({item.item_code} list).")
        for item in carried_items()
        if item.wales
    )


_FILE = Column(
    "file", "Path relative to the landing folder (`archive.zip!member` for a member).", "text", True
)
_QUARTER = Column(
    "quarter", "Quarter of the folder that the file lies in, `2024-Q1` (ruling B14).", "text", True
)
_PROVENANCE = (
    _FILE,
    Column(
        "position", "Place of the record or data row in its file, from 1.", "integer", required=True
    ),
    _QUARTER,
)
_PERSON = (
    Column("nhs_person_id", "Pseudonym of a valid NHS number; null when it is missing or invalid."),
    Column(
        "nhs_number_status",
        "valid, invalid (fails its check digit) or missing.",
        required=True,
        values=("valid", "invalid", "missing"),
    ),
    Column(
        "local_person_id",
        "Pseudonym of provider and local patient identifier; null without either.",
    ),
)
_SOURCE_PERSON = (
    Column(
        "source_person_id",
        "Pseudonym of the source and its number of a person; null without one (ruling H8).",
    ),
    *_PERSON[:2],
)
_REGISTRY_PERSON = Column(
    "registry_person_id", "Pseudonym of PATIENTID, where the number is that of a registry extract."
)
#: Every table, in the order of the pages.
TABLES = (
    Table(
        "submission",
        "One row a file (or archive member) received. A file received again at the same path "
        "replaces itself.",
        (
            replace(_FILE, unique=True),
            Column(
                "sha256",
                "SHA-256 of the bytes of the file, or of the member for an archive.",
                required=True,
            ),
            Column(
                "source",
                "Kind of file, as in docs/landing-folder.md; unknown when no reader takes it.",
                required=True,
            ),
            _QUARTER,
            Column("folder", "Month or quarter folder, as named.", required=True),
            Column(
                "provider", "COSD, the provider folder; Wales, the health board of the file name."
            ),
            Column("version", "COSD version of the namespace, such as 9.0.1."),
            Column("status", "loaded or rejected.", required=True, values=("loaded", "rejected")),
            Column("reason", "Why the file was rejected, or warnings about it."),
            Column(
                "created_at",
                "When the COSD file was made (FileCreationDateTime), in UTC.",
                "moment",
            ),
            Column("period_start", "First day of the reporting period (COSD header).", "date"),
            Column(
                "period_end",
                "Last day of the reporting period (COSD header; Wales, of the quarter).",
                "date",
            ),
            Column(
                "extract_date", "COSD, no event may be later than this day (ruling B13).", "date"
            ),
            Column("record_count", "RecordCount of the COSD header.", "big_integer"),
            Column(
                "received",
                "Records of all tumour groups, or data rows, found in the file.",
                "big_integer",
                required=True,
            ),
            Column(
                "other_tumour_groups",
                "COSD records of other tumour groups, and rows of hospital data without a wanted "
                "code; counted and not stored.",
                "big_integer",
                required=True,
            ),
            Column(
                "unreadable_records",
                "Rows that the reader refused, listed in submission_fault.",
                "big_integer",
                required=True,
            ),
            Column(
                "ignored_elements",
                "Children of the root that are no records, counted and not read.",
                "big_integer",
                required=True,
            ),
            Column("bytes", "Size of what was read, in bytes.", "big_integer", required=True),
        ),
    ),
    Table(
        "submission_fault",
        "Rows too broken for the reader to become a row of a table, and values that can be "
        "none of their item and are not kept. One row a fault.",
        (
            *_PROVENANCE,
            Column(
                "rule",
                "Rule broken, as in quarantine_rule.",
                required=True,
            ),
            Column("severity", "error (the row was refused) or warning.", required=True),
            Column("message", "What is wrong, for a data manager; holds no values.", required=True),
            Column(
                "item",
                "Item, and a keyed hash of what stood there, where the fault is of one value; "
                "null where it is of the row.",
            ),
        ),
    ),
    Table(
        "submission_convention",
        "How many values were not written as in the standard and were made comparable. One row "
        "a file, item and convention that was broken at least once.",
        (
            _FILE,
            _QUARTER,
            Column(
                "item",
                "COSD data item, such as CR2030; in other files the column or the element.",
                required=True,
            ),
            Column("convention", "Convention broken, as in docs/cosd-items.md.", required=True),
            Column("given", "Values of the item in the file.", "big_integer", required=True),
            Column("changed", "Those that broke the convention.", "big_integer", required=True),
        ),
        blocks=False,
    ),
    Table(
        "cosd_record",
        "COSD breast records. One row a record; of other tumour groups see cosd_other_primary.",
        (
            *_PROVENANCE,
            Column("version", "COSD version, such as 8.2, 9.0.1 or 10.0.1.", required=True),
            Column("record_id", "Pseudonym of the record's own number."),
            *_PERSON,
            *_items("cosd_record"),
            Column(
                "pathway",
                "primary, recurrence, progression or transformation; null when the record has "
                "none (rulings B21, D12).",
            ),
            *_date("event_date", "Date of diagnosis (CR2030 primary, CR6500 the others)."),
            Column("icd10", "ICD-10 code by pathway (CR0370, CR7100, CR6900; ruling B1)."),
            Column(
                "mdt_meetings",
                "Number of multidisciplinary team meetings in the record.",
                "integer",
            ),
            *_date(
                "mdt_date",
                "Earliest date of a team meeting (CR3080), else of the care plan (CR0430).",
            ),
        ),
    ),
    Table(
        "cosd_other_primary",
        "Primary cancers of other tumour groups of COSD, of which a metastasis can come (ruling "
        "H32). One row a record with a date and an ICD-10 code in C00 to C97; nothing else of it "
        "is kept.",
        (
            *_PROVENANCE,
            _PERSON[0],
            _PERSON[2],
            Column("diagnosis_date", "Date of diagnosis.", "date", required=True),
            Column("icd3", "First three characters of the ICD-10 code.", required=True),
        ),
    ),
    Table(
        "cosd_progression",
        "Progressions within a primary COSD record (v9, v10). One row a progression.",
        (
            *_PROVENANCE,
            Column("number", "Which progression of the record, from 1.", "integer", required=True),
            *_items("cosd_progression"),
        ),
    ),
    Table(
        "cosd_metastasis",
        "Metastatic types and sites of COSD breast records. One row a pair; in v8 a type or a "
        "site.",
        (
            *_PROVENANCE,
            Column(
                "part",
                "diagnosis (primary pathway), progression (within a primary record), "
                "non_primary (recurrence or progression pathway).",
                required=True,
            ),
            Column(
                "progression_number",
                "Which progression of the record, in part progression.",
                "integer",
            ),
            Column(
                "paired",
                "True: type and site are together (v9, v10). False: v8, where types and "
                "sites repeat unpaired; such a row has a type or a site, not both (ruling D2).",
                "boolean",
                required=True,
            ),
            Column("metastatic_type", "Metastatic type (CR6960, CR6520)."),
            Column("metastatic_site", "Metastatic site (CR6970, CR1590)."),
        ),
    ),
    Table(
        "cosd_treatment",
        "Treatments of COSD breast records. One row a treatment.",
        (
            *_PROVENANCE,
            Column("number", "Which treatment of the record, from 1.", "integer", required=True),
            *_items("cosd_treatment"),
        ),
    ),
    Table(
        "wales_tumour",
        "Welsh registry events. One row an event.",
        (
            *_PROVENANCE,
            Column(
                "health_board",
                "Health board, the part of the file name before the underscore.",
                required=True,
            ),
            Column("record_id", "Pseudonym of health board and record number."),
            Column("created_at", "When the row was extracted (extract_created), in UTC.", "moment"),
            *_PERSON,
            *_date("birth_date", "Date of birth."),
            Column("sex", "Code of sex (F, M, I, Z)."),
            Column("ethnic_category", "Code of ethnic category."),
            Column("provider", "Code of the provider."),
            Column("diagnosis_site", "Code of the site of diagnosis."),
            Column("pathway", "Pathway."),
            Column("icd10", "ICD-10 code."),
            *_date("event_date", "Date of diagnosis of the pathway."),
            *_date("progression_date", "Date of a progression of the primary."),
            Column("laterality", "Code of the side."),
            Column("basis_of_diagnosis", "Code of the basis of diagnosis."),
            Column("t_category", "T category."),
            Column("n_category", "N category."),
            Column("m_category", "M category."),
            Column("stage", "TNM stage group."),
            Column("metastatic_type", "Metastatic type (01 local, 02 regional, 03 distant)."),
            Column("metastatic_sites", "Codes of the metastatic sites, joined by semicolons."),
            Column("performance_status", "Code of performance status."),
            Column("er_status", "Oestrogen receptor status."),
            Column("her2_status", "HER2 status."),
            Column(
                "cns_indication", "Code of contact with a clinical nurse specialist (CR2050 list)."
            ),
            *_date("mdt_date", "Date of the multidisciplinary team meeting."),
            *_date(
                "point_of_suspicion_date",
                "Point of suspicion, where the Welsh 62-day standard begins.",
            ),
            *_welsh_items(),
        ),
    ),
    Table(
        "wales_treatment",
        "Welsh treatments. One row a treatment.",
        (
            *_PROVENANCE,
            Column(
                "health_board",
                "Health board, the part of the file name before the underscore.",
                required=True,
            ),
            Column("record_id", "Pseudonym of health board and record number."),
            *_PERSON,
            Column("provider", "Code of the provider."),
            *_date("start_date", "First day of the treatment."),
            Column("modality", "Code of the modality (CR2040 list)."),
            Column("intent", "Code of the intent of treatment."),
        ),
    ),
    Table(
        "sact_administration",
        "Administrations of systemic anti-cancer therapy. One row an administration.",
        (
            *_PROVENANCE,
            *_PERSON,
            Column("provider", "Code of the provider."),
            Column("primary_diagnosis", "ICD-10 code of the primary diagnosis."),
            Column("regimen", "Name of the regimen, blanks folded, upper case."),
            *_date("regimen_start_date", "First day of the regimen."),
            Column("cycle_number", "Number of the cycle."),
            *_date("cycle_start_date", "First day of the cycle."),
            Column("drug_name", "Name of the drug, blanks folded, upper case."),
            *_date("administration_date", "Day on which the drug was given."),
            Column("intent", "Code of the intent of treatment; C P A N D in XML (v2.0)."),
            Column("performance_status", "Code of performance status at the start of the regimen."),
        ),
    ),
    Table(
        "pathology_report",
        "Pathology reports (COSD Pathology), of all tumours. One row a report.",
        (
            *_PROVENANCE,
            *_PERSON,
            Column(
                "report_id",
                "Pseudonym of the service report (pCR0950) and observation report (pCR6220).",
            ),
            *_date("birth_date", "Date of birth (CR0100)."),
            Column("sex", "Code of sex (CR3170)."),
            Column("provider", "Code of the provider (CR0030)."),
            *_date("report_date", "Date of the result (pCR0780)."),
            *_date("sample_date", "Date on which the sample was collected (pCR1010)."),
            Column("report_status", "Code of the report's status (pCR0960); 6 deletes it."),
            Column(
                "specimen_nature", "Code of what was sampled (pCR0970); 5 is a metastatic site."
            ),
            Column(
                "investigation_type",
                "Code of the investigation (pCR0760), such as BU biopsy or CY cytology.",
            ),
            Column("icd10", "ICD-10 codes (pCR0810), joined by semicolons."),
            Column(
                "is_breast_section",
                "True when the report holds the breast section.",
                "boolean",
                required=True,
            ),
            Column("laterality", "Code of the side (pCR0820)."),
            Column("grade", "Code of the grade of differentiation (pCR0860)."),
            Column("er_status", "Code of oestrogen receptor status (pBR4220), P N X."),
            Column(
                "er_allred_score", "Allred score of the oestrogen receptor (pBR4230), 0 and 2 to 8."
            ),
            Column("pr_status", "Code of progesterone receptor status (pBR4290), P N X."),
            Column(
                "pr_allred_score",
                "Allred score of the progesterone receptor (pBR4300), 0 and 2 to 8.",
            ),
            Column("her2_status", "Code of HER2 by immunohistochemistry (pBR4280), P B N1 N2 X."),
            Column("her2_ish_status", "Code of HER2 by in-situ hybridisation (pBR4310), P N B X."),
        ),
    ),
    Table(
        "death_registration",
        "Civil registrations of death. One row a registration.",
        (
            *_PROVENANCE,
            *_PERSON[:2],
            *_date("registration_date", "Day of registration (REG_DATE)."),
            *_date(
                "death_date",
                "Day of death (REG_DATE_OF_DEATH); unknown day or month by ruling B12.",
            ),
            Column("underlying_cause", "ICD-10 code of the underlying cause."),
            Column("causes", "ICD-10 codes of all causes given, joined by semicolons."),
        ),
    ),
    Table(
        "registry_patient",
        "One row a person of a registry extract, as sent.",
        (
            *_PROVENANCE,
            Column("registry_person_id", "Pseudonym of PATIENTID."),
            Column("link_id", "Pseudonym of LINKNUMBER."),
            Column("sex", "GENDER: 1 male, 2 female."),
            Column("ethnic_category", "ETHNICITY."),
            Column("vital_status", "VITALSTATUS: A alive, D dead, X lost."),
            *_date("vital_status_date", "VITALSTATUSDATE."),
            Column("underlying_cause", "DEATHCAUSECODE_UNDERLYING."),
        ),
    ),
    Table(
        "registry_tumour",
        "One row a breast tumour of a registry extract, as sent. Other sites are counted only.",
        (
            *_PROVENANCE,
            Column("registry_person_id", "Pseudonym of PATIENTID."),
            Column("tumour_id", "Pseudonym of TUMOURID."),
            Column("link_id", "Pseudonym of LINKNUMBER."),
            Column("sex", "GENDER: 1 male, 2 female."),
            *_date("diagnosis_date", "DIAGNOSISDATEBEST."),
            Column("icd10", "SITE_ICD10, of the 2013 revision where sent."),
            Column("t_best", "T_BEST."),
            Column("n_best", "N_BEST."),
            Column("m_best", "M_BEST."),
            Column("stage_best", "STAGE_BEST."),
            Column("age", "AGE at diagnosis, in years."),
            Column("laterality", "LATERALITY."),
            Column("er_status", "ER_STATUS: P, N, X."),
            Column("pr_status", "PR_STATUS: P, N, X."),
            Column("her2_status", "HER2_STATUS: P, N, B, X."),
            Column("deprivation_quintile", "QUINTILE_2019, the rank alone: 1 is most deprived."),
            Column("performance_status", "PERFORMANCESTATUS."),
            Column("charlson_score", "CHRL_TOT_27_03."),
            *_date("first_surgery_date", "DATE_FIRST_SURGERY."),
            Column("basis_of_diagnosis", "BASISOFDIAGNOSIS (NDRS only)."),
            Column("death_certificate_only", "DCO (NDRS only)."),
            Column("cns_indication", "CNS as CR2050 (NDRS only)."),
            Column("is_cns_sent", "Whether the file has the column CNS.", "boolean"),
            Column("provider", "DIAG_TRUST (NDRS only)."),
        ),
    ),
    Table(
        "registry_regimen",
        "One row a SACT regimen of a registry extract, as sent.",
        (
            *_PROVENANCE,
            Column(
                "registry_person_id",
                "Pseudonym of PATIENTID (ENCORE_PATIENT_ID); null in the layout of v1.",
            ),
            Column(
                "sact_person_id",
                "Pseudonym of MERGED_PATIENT_ID, the person's number in the SACT tables of v1.",
            ),
            Column("link_id", "Pseudonym of LINK_NUMBER."),
            Column("regimen_id", "Pseudonym of MERGED_REGIMEN_ID."),
            *_date("start_date", "START_DATE_OF_REGIMEN."),
            *_date("decision_date", "DATE_DECISION_TO_TREAT."),
            Column("intent", "INTENT_OF_TREATMENT."),
            Column("regimen", "MAPPED_REGIMEN, upper case."),
            Column("benchmark_group", "BENCHMARK_GROUP, upper case."),
        ),
    ),
    Table(
        "registry_sact_patient",
        "One row a person of the SACT tables of a v1 extract: which link number is theirs.",
        (
            *_PROVENANCE,
            Column("sact_person_id", "Pseudonym of MERGED_PATIENT_ID."),
            Column("link_id", "Pseudonym of LINK_NUMBER."),
        ),
    ),
    Table(
        "registry_cycle",
        "One row a SACT cycle of a registry extract, as sent.",
        (
            *_PROVENANCE,
            Column("regimen_id", "Pseudonym of MERGED_REGIMEN_ID."),
            Column("cycle_id", "Pseudonym of MERGED_CYCLE_ID."),
            Column("cycle_number", "CYCLE_NUMBER."),
            *_date("start_date", "START_DATE_OF_CYCLE."),
        ),
    ),
    Table(
        "registry_drug",
        "One row a drug given, of a registry extract, as sent.",
        (
            *_PROVENANCE,
            Column("cycle_id", "Pseudonym of MERGED_CYCLE_ID."),
            *_date("administration_date", "ADMINISTRATION_DATE."),
            Column("drug_group", "DRUG_GROUP, upper case."),
        ),
    ),
    Table(
        "registry_outcome",
        "One row a SACT outcome of a registry extract, as sent.",
        (
            *_PROVENANCE,
            Column("regimen_id", "Pseudonym of MERGED_REGIMEN_ID."),
            *_date("final_treatment_date", "DATE_OF_FINAL_TREATMENT."),
            Column("outcome", "REGIMEN_OUTCOME_SUMMARY."),
        ),
    ),
    Table(
        "registry_radiotherapy",
        "One row a radiotherapy attendance of a registry extract, as sent.",
        (
            *_PROVENANCE,
            Column("registry_person_id", "Pseudonym of PATIENTID."),
            Column("episode_id", "Pseudonym of RADIOTHERAPYEPISODEID."),
            Column("attendance_id", "Pseudonym of ATTENDID."),
            *_date("appointment_date", "APPTDATE."),
            *_date("decision_date", "DECISIONTOTREATDATE."),
            Column("intent", "RADIOTHERAPYINTENT."),
        ),
    ),
    Table(
        "registry_prescription",
        "One row a radiotherapy prescription of a registry extract, as sent.",
        (
            *_PROVENANCE,
            Column("episode_id", "Pseudonym of RADIOTHERAPYEPISODEID."),
            Column("attendance_id", "Pseudonym of ATTENDID."),
            Column("modality", "RTTREATMENTMODALITY."),
            Column("prescribed_fractions", "PRESCRIBEDFRACTIONS."),
            Column("region", "RTTREATMENTREGION; M is metastasis."),
        ),
    ),
    Table(
        "registry_key",
        "One row a person of a key file that links a registry extract to NHS numbers.",
        (*_PROVENANCE, Column("registry_person_id", "Pseudonym of PATIENTID."), *_PERSON[:2]),
    ),
    Table(
        "hes_apc_episode",
        "Finished episodes of HES Admitted Patient Care with a cancer code (docs/hospital.md). One "
        "row an episode; rows without such a code are counted only.",
        (
            *_PROVENANCE,
            *_SOURCE_PERSON,
            _REGISTRY_PERSON,
            *_date("admission_date", "ADMIDATE."),
            *_date("episode_start", "EPISTART."),
            *_date("episode_end", "EPIEND."),
            *_date("discharge_date", "DISDATE."),
            Column("fyear", "FYEAR, 2122 is 2021-22; of the folder where the row has none."),
            Column("episode_key", "Pseudonym of EPIKEY."),
            Column("provider", "PROCODE3, else PROCODE5, else PROCODET, as sent (ruling H27)."),
            Column("class", "CLASSPAT."),
            Column("sex", "SEX: 1 male, 2 female, 9."),
            Column("birth_month", "Month of birth, 1950-07, of MYDOB or DOB."),
            Column(
                "content",
                "Keyed digest of what makes two rows duplicates: person, ages, birth, sex, order, "
                "diagnoses, causes, operations, provider and dates.",
                required=True,
            ),
        ),
    ),
    Table(
        "hes_apc_code",
        "Diagnoses of the episodes of hes_apc_episode, in normal form. One row a code.",
        (*_PROVENANCE, Column("icd", "ICD-10 code of three or four characters.", required=True)),
    ),
    Table(
        "hes_apc_delivery",
        "Years of the NHS in the files of HES APC. One row a file and FYEAR, all its rows counted.",
        (
            _FILE,
            _QUARTER,
            Column("fyear", "2122 is 2021-22.", required=True),
            Column("partyear", "Greatest PARTYEAR of its rows; null without one."),
            Column("received", "Rows, wanted or not.", "big_integer", required=True),
            Column(
                "positions",
                "Last position of a diagnosis that is filled in a row.",
                "integer",
                required=True,
            ),
            Column(
                "has_regular_attenders",
                "Whether a row is of a regular day or night attender (CLASSPAT 3, 4); null without "
                "the column.",
                "boolean",
            ),
        ),
    ),
    Table(
        "pedw_row",
        "Spells and episodes of PEDW, and rows of its wide file.",
        (
            *_PROVENANCE,
            Column(
                "part",
                "spell, episode or wide.",
                required=True,
                values=("spell", "episode", "wide"),
            ),
            *_SOURCE_PERSON,
            Column("is_link_good", "Whether ALF_STS_CD is 1, 4, 39 or not sent.", "boolean"),
            Column("spell_key", "Pseudonym of PROV_UNIT_CD and SPELL_NUM."),
            Column("episode_number", "EPI_NUM; a pseudonym where it is no short number."),
            Column("provider", "PROV_UNIT_CD."),
            *_date("admission_date", "ADMIS_DT."),
            *_date("episode_start", "EPI_STR_DT."),
            *_date("episode_end", "EPI_END_DT."),
            *_date("discharge_date", "DISCH_DT."),
            Column("has_wanted_code", "Whether the row itself has a cancer code.", "boolean", True),
            Column("sex", "GNDR_CD: 1 male, 2 female, 9."),
        ),
    ),
    Table(
        "pedw_code",
        "Diagnoses in rows of pedw_row themselves, in normal form. One row a code of a row.",
        (*_PROVENANCE, Column("icd", "ICD-10 code of three or four characters.", required=True)),
    ),
    Table(
        "pedw_diagnosis",
        "Rows of the diagnosis table of PEDW with a cancer code; the others are counted only.",
        (
            *_PROVENANCE,
            Column("spell_key", "Pseudonym of PROV_UNIT_CD and SPELL_NUM."),
            Column("episode_number", "EPI_NUM; a pseudonym where it is no short number."),
            Column("provider", "PROV_UNIT_CD."),
            Column("icd", "ICD-10 code of three or four characters.", required=True),
            Column("number", "DIAG_NUM.", "integer"),
        ),
    ),
    Table(
        "rtds_row",
        "Radiotherapy of RTDS: episodes, prescriptions, or both combined. One row as sent.",
        (
            *_PROVENANCE,
            Column(
                "part",
                "episode, prescription or combined.",
                required=True,
                values=("episode", "prescription", "combined"),
            ),
            *_SOURCE_PERSON,
            _REGISTRY_PERSON,
            Column("provider", "ORGCODEPROVIDER."),
            Column("has_provider", "Whether the file has ORGCODEPROVIDER.", "boolean", True),
            Column("episode_key", "Pseudonym of RADIOTHERAPYEPISODEID."),
            Column("attendance_key", "Pseudonym of ATTENDID."),
            Column("has_attendance", "Whether the file has ATTENDID.", "boolean", True),
            Column("diagnosis", "RADIOTHERAPYDIAGNOSISICD, the disease treated, in normal form."),
            *_date("treatment_start_date", "TREATMENTSTARTDATE."),
            *_date("appointment_date", "APPTDATE."),
            Column("region", "RTTREATMENTREGION: P, R, PR, A, O, M (metastasis)."),
            Column("is_region_unknown", "Whether another region is there.", "boolean", True),
        ),
    ),
    Table(
        "waiting_times_row",
        "Treatments of cancer waiting times, of breast cancer, metastases or no disease given. One "
        "row as sent; other cancers are counted only.",
        (
            *_PROVENANCE,
            *_SOURCE_PERSON,
            _REGISTRY_PERSON,
            Column("provider", "Organisation code of the provider."),
            Column("event_type", "CANCER TREATMENT EVENT TYPE, 01 to 12."),
            Column("icd", "Primary diagnosis (ICD-10), in normal form."),
            *_date("treatment_date", "Start of the treatment."),
        ),
    ),
    Table(
        "source_key",
        "Key files: to whom a number of a person in hospital data leads. One row as sent.",
        (
            *_PROVENANCE,
            Column("source", "hes_apc, pedw, rtds or cwt; null for anything else."),
            Column("source_person_id", "Pseudonym of the source and its number of a person."),
            *_PERSON[:2],
            _REGISTRY_PERSON,
        ),
    ),
    Table(
        "ods_organisation",
        "One row a trust of a list (etr) of the Organisation Data Service that a user laid "
        "beside the landing; empty where none was.",
        (
            *_PROVENANCE,
            Column("code", "Code of a trust or health board.", required=True),
            Column("name", "Its name, as the service writes it.", required=True),
            Column("opened", "First day.", "date"),
            Column("closed", "Last day; null while open.", "date"),
        ),
    ),
    Table(
        "ods_succession",
        "One row a succession of a list (succ) of the Organisation Data Service that a user "
        "laid beside the landing; empty where none was.",
        (
            *_PROVENANCE,
            Column("predecessor", "Code that ceased.", required=True),
            Column("successor", "Code that took its place.", required=True),
            Column("effective", "First day under the successor.", "date", required=True),
        ),
    ),
    Table(
        "link_key",
        "Pseudonyms of names and postcodes that linkage compares. One row a breast record; "
        "empty while linkage is off.",
        (
            *_PROVENANCE,
            Column("surname", "Pseudonym of the family name (CR0050)."),
            Column("forename", "Pseudonym of the given name (CR0060)."),
            Column("postcode", "Pseudonym of the postcode at diagnosis (CR0080)."),
        ),
    ),
    Table(
        "person_link",
        "One row a person known by a local identifier alone who is linked to a person with an "
        "NHS number. Empty while linkage is off (ruling C2).",
        (
            Column(
                "person_id",
                "Pseudonym of (provider, local identifier).",
                required=True,
                unique=True,
            ),
            Column("linked_person_id", "Pseudonym of the NHS number.", required=True),
            Column(
                "how",
                "local_identifier, the same one is elsewhere with the NHS number; or "
                "probabilistic.",
                required=True,
                values=("local_identifier", "probabilistic"),
            ),
            Column(
                "match_weight", "log2 of the odds of a match; null by local identifier.", "double"
            ),
            Column("probability", "Probability of a match; null by local identifier.", "double"),
        ),
        group="linkage",
    ),
    Table(
        "audit_run",
        "Ranges of quarters that were asked for. One row a range; those of its quarters that "
        "somebody sent are reported.",
        (
            Column(
                "number", "Order in which ranges were asked for, from 1.", "integer", required=True
            ),
            Column("from_quarter", "First quarter asked for, `2024-Q1`.", required=True),
            Column("to_quarter", "Last quarter asked for, `2024-Q1`.", required=True),
        ),
    ),
    Table(
        "lost_quarter",
        "Quarters whose tumour files were loaded once and were not when the quarter was read "
        "again. One row a quarter and nation; publication waits while there is one.",
        (
            Column("quarter", "Calendar quarter, `2024-Q1`.", required=True),
            Column("nation", "England or Wales.", required=True),
        ),
    ),
    Table(
        "generated_quarter",
        "Quarters that were read from a landing folder of generated submissions: what is published "
        "says so. One row a quarter.",
        (Column("quarter", "Calendar quarter, `2024-Q1`.", required=True),),
    ),
    Table(
        "withdrawal",
        "Quarters that were taken back and not read since. One row a quarter.",
        (Column("quarter", "Calendar quarter, `2024-Q1`.", required=True),),
    ),
    Table(
        "key_fingerprint",
        "Of the key whose pseudonyms are in this warehouse.",
        (Column("fingerprint", "Tells keys apart; not the key.", required=True),),
        group="key",
    ),
    Table(
        "file_version",
        "Files as they were read last: one that is the same is not read again. One row a row of "
        "submission.",
        (
            Column("quarter", "Calendar quarter, `2024-Q1`.", required=True),
            Column("file", "As in submission.", required=True),
            Column("place", "Path of the file that was read, without a member.", required=True),
            Column("sha256", "Digest of its bytes; empty when it cannot be told.", required=True),
            Column("read_as", "Digest of all else that decides what is read of it.", required=True),
            Column(
                "seen",
                "What its file system says of it: while that is the same, so are its bytes. Empty "
                "where it may not be relied on.",
                required=True,
            ),
        ),
        group="key",
    ),
    Table(
        "table_version",
        "What each table holds and what it was made of. One row a table; of submission tables one "
        "a quarter.",
        (
            Column("name", "Of the table, or publication_files.", required=True),
            Column("part", "Quarter; empty for the whole table.", required=True),
            Column("data_version", "Digest of its rows.", required=True),
            Column("made_of", "Version of everything it was made of, as JSON.", required=True),
            Column("run", "Which run made it; empty outside Dagster.", required=True),
        ),
        group="key",
    ),
    Table(
        "check_outcome",
        "What each rule found last, and on what. One row a rule.",
        (
            Column("asset", "Table that it judges.", required=True),
            Column("rule", "Its name.", required=True),
            Column("made_of", "Version of everything it was judged by, as JSON.", required=True),
            Column("outcome", "Counts and groups as the check shows them, as JSON.", required=True),
            Column("run", "Which run judged it.", required=True),
        ),
        group="key",
    ),
)
BY_NAME = {table.name: table for table in TABLES}
