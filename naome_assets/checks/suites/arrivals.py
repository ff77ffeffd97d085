"""Rules on what arrives: the submission tables, before any record is judged.

Rows are those of the quarters asked for last. What makes the tables themselves wrong (rows
doubled or lost) is critical; what senders should mend is a warning, and so is every rule of volume
and completeness: a small landing must run.
All thresholds are this project's choice, unless a reason names its source.
"""

# The SQL is put together from the names in this file only.
# ruff: noqa: S608

from __future__ import annotations

from naome_assets.checks.codes import fault_rules, item_codes
from naome_assets.checks.latest_run import IN_LATEST_RUN, LATEST_RUN
from naome_assets.checks.median import IS_MIDDLE
from naome_assets.checks.rule import (
    MINIMUM_GROUP,
    Rule,
    at_least,
    between,
    critical,
    equal,
    in_set,
    not_null,
    unique,
    warning,
)

#: Volumes are compared from this many earlier quarters, and this many records a quarter, on.
_EARLIER_QUARTERS = 4
_EXPECTED_RECORDS = 20

#: Sources of tumours: their files make a quarter reported (rulings A5, G5).
_TUMOURS = "('cosd', 'registry_tumour', 'wales_tumour')"

#: Codes of the English registry's tables (Simulacrum data dictionary).
_VITAL_STATUS = (
    *("A", "A1", "A2", "A3"),
    *("D", "D1", "D2", "D3", "D4", "D5"),
    *("X", "X1", "X2", "X3", "X4", "X5", "I"),
)
_RECEPTOR = ("P", "N", "B", "X")

#: COSD codes are compared without blanks, in upper case, as the staging models read them.
_CODE = "nullif(upper(replace({column}, ' ', '')), '')"


def _provider(column: str = "provider") -> str:
    """Organisation: the first three characters (ruling B5)."""
    return f"substr(upper(trim({column})), 1, 3)"


_FILES = (
    critical(
        "submission",
        "one_row_a_file",
        "Each file received is listed once.",
        "select file from submission",
        unique("file"),
        "A file listed twice would count its records twice.",
    ),
    warning(
        "submission",
        "files_loaded",
        "Files could be read; a file that cannot is rejected whole (ruling B20).",
        f"select status from submission {IN_LATEST_RUN}",
        in_set("status", ["loaded"], mostly=0.95),
        "A rejected file is a provider's whole month: more than one in twenty points to a fault "
        "that senders share, such as a new version of the standard.",
        action="Read the reason in the ledger (`naome status`), look it up in docs/faults.md, and "
        "ask the sender for the file again.",
    ),
    warning(
        "submission",
        "folder_agrees_with_header",
        "The month folder of a COSD file is the month of its reporting period.",
        "select substr(folder, 1, 7) as folder_month, "
        f"substr(cast(period_end as text), 1, 7) as period_month from submission {IN_LATEST_RUN} "
        "and source = 'cosd' and status = 'loaded' and period_end is not null",
        equal("folder_month", "period_month", mostly=0.98),
        "The folder decides the quarter (ruling B14): records in the wrong folder move between "
        "quarters. A file or two a quarter is a slip.",
        action="Move the file to the folder of its reporting month and run both quarters again, or"
        " ask the sender which month it is.",
    ),
    warning(
        "submission",
        "record_count_agrees",
        "A COSD file holds as many records as its header says.",
        f"select record_count, received from submission {IN_LATEST_RUN} "
        "and source = 'cosd' and status = 'loaded' and record_count is not null",
        equal("record_count", "received", mostly=0.98),
        "A difference means a cut or patched file.",
        action="Ask the sender whether the file was cut or put together by hand, and for a new "
        "export if so.",
    ),
    warning(
        "submission",
        "creation_time_given",
        "COSD files say when they were made.",
        f"select created_at from submission {IN_LATEST_RUN} "
        "and source = 'cosd' and status = 'loaded'",
        not_null("created_at", mostly=0.98),
        "Without it a file cannot replace an earlier one (ruling B6) and dates in the future "
        "are judged less well (ruling B13).",
        action="Ask the sender's supplier to fill FileCreationDateTime.",
    ),
    warning(
        "submission",
        "same_bytes_once",
        "No file arrived twice under two names.",
        f"select sha256 from submission {IN_LATEST_RUN}",
        unique("sha256", mostly=0.99),
        "Harmless, because the second replaces the first (ruling B16), unless it was sent "
        "instead of another month.",
        action="Ask the sender whether another month was meant; if not, take the copy away and run"
        " the quarter again.",
    ),
    warning(
        "submission",
        "sources_arrive",
        "Every kind of file that ever came also came in the last quarter asked for.",
        "select source, "
        "sum(case when quarter = run.to_quarter and status = 'loaded' then 1 else 0 end) as files "
        f"from submission cross join {LATEST_RUN} group by source",
        between("files", 1, None),
        "Follow-up ends with the last quarter that holds files of a nation (ruling A5); without "
        "deaths everybody seems alive.",
        groups=("source",),
        action="Ask for the missing files, or accept that follow-up of that source ends a quarter "
        "earlier.",
        numerator="loaded files of the source in the last quarter asked for",
        denominator="1: each source that ever came",
    ),
    critical(
        "submission",
        "tumours_loaded",
        "Of the tumour files found for the quarters asked for, one at least could be loaded.",
        "select count(*) as found, sum(case when status = 'loaded' then 1 else 0 end) as loaded "
        f"from submission {IN_LATEST_RUN} and source in {_TUMOURS} having count(*) > 0",
        between("loaded", 1, None),
        "Nothing sent and nothing loaded are two things: a quarter without a file is not reported "
        "(ruling G5), but files that were all refused were meant to be, and would go missing from "
        "the figures.",
        action="Read the reasons in the ledger (`naome status`) and docs/faults.md; ask the "
        "senders for the files again, and run the quarters again.",
    ),
    critical(
        "submission",
        "nothing_lost",
        "What was loaded of a quarter and nation once is loaded still, or the quarter was "
        "withdrawn.",
        "select count(*) as lost from lost_quarter",
        between("lost", 0, 0),
        "Without its tumour files a quarter is no longer reported (ruling G5): a folder that was "
        "moved or not mounted would take published figures back without a word.",
        action="Look in lost_quarter which quarter and nation it is, put its files back (or ask "
        "for good ones) and run the quarter again; if it was entered by mistake, run "
        "`naome withdraw --quarter ...`.",
        after=("lost_quarter",),
    ),
    warning(
        "submission",
        "nations_loaded",
        "In each quarter asked for, a nation that sent tumour files has one that could be loaded.",
        "select quarter, sum(case when status = 'loaded' then 1 else 0 end) as loaded "
        f"from submission {IN_LATEST_RUN} and source in {_TUMOURS} "
        "group by quarter, case when source = 'wales_tumour' then 'Wales' else 'England' end",
        between("loaded", 1, None),
        "A nation none of whose files could be loaded is not reported for that quarter (ruling "
        "G5): England and Wales is then one nation.",
        groups=("quarter",),
        action="Read the reasons in the ledger (`naome status`), and ask the senders for the files "
        "again.",
        numerator="tumour files of the nation that were loaded, in the quarter",
        denominator="1: each quarter and nation of which files were found",
    ),
    critical(
        "submission_fault",
        "fault_is_listed",
        "Each fault that the readers note has its wording and severity.",
        "select rule from submission_fault",
        in_set("rule", list(fault_rules())),
        "A fault without them would vanish from the quarantine, and its record from the ledger.",
    ),
)


def _stored_whole(table: str) -> tuple[Rule, ...]:
    """Rows of loaded files only, each once."""
    return (
        critical(
            table,
            "rows_of_loaded_files",
            "Every row came in a file that is listed as loaded.",
            "select coalesce(submission.status, 'not listed') as status "
            f"from (select distinct file from {table}) as held "
            "left join submission on held.file = submission.file",
            in_set("status", ["loaded"]),
            "A row of no file is in no ledger; of a rejected file no record counts (ruling B20).",
        ),
        critical(
            table,
            "rows_stored_once",
            "No record of a file is stored twice.",
            f"select count(*) as stored, count(distinct position) as positions from {table} "
            "group by file",
            equal("stored", "positions"),
            "A row stored twice would be counted twice.",
        ),
    )


def _belongs_to_a_record(table: str) -> Rule:
    """Referential integrity of the tables below a COSD record."""
    return critical(
        table,
        "has_its_record",
        "Every row belongs to a COSD record.",
        "select record.file is not null as has_record "
        f"from {table} as part left join cosd_record as record "
        "on part.file = record.file and part.position = record.position",
        in_set("has_record", [True]),
        "A row without its record is evidence or treatment of nobody.",
    )


def _valid_nhs_numbers(table: str, minimum: float) -> Rule:
    return warning(
        table,
        "nhs_numbers_valid",
        "The NHS number is given and its check digit is right, by provider and quarter.",
        f"select {_provider()} as provider, quarter, count(*) as records, "
        "100.0 * sum(case when nhs_number_status = 'valid' then 1 else 0 end) / count(*) "
        f"as valid_percentage from {table} {IN_LATEST_RUN} and provider is not null "
        f"group by {_provider()}, quarter having count(*) >= {MINIMUM_GROUP}",
        between("valid_percentage", minimum, None),
        "People are joined between providers, to SACT and to deaths by it alone (ruling C7): "
        "without it somebody is counted twice and never dies.",
        groups=("provider", "quarter"),
        size="records",
        action="Ask the provider to trace the NHS numbers of the records named in the quarantine "
        "and to send them again.",
        numerator="rows with a valid NHS number",
        denominator="rows of the provider (or of all deaths) in the quarter",
    )


def _codes_listed(table: str, column: str, item: str, values: tuple[str, ...], name: str) -> Rule:
    return warning(
        table,
        f"{name}_listed",
        f"{item}: codes stand in the standard's list (current, retired or added later).",
        f"select {_CODE.format(column=column)} as {column} from {table} {IN_LATEST_RUN} "
        f"and {_CODE.format(column=column)} is not null",
        in_set(column, values, mostly=0.99),
        "An unknown code counts as missing; one in a hundred is typing, more is a mapping fault.",
        action="Tell the provider's supplier which item is mapped wrongly; the records stand in "
        "the quarantine as unknown_code or in record_quality as invalid.",
    )


def _modalities_listed(table: str) -> Rule:
    code = _CODE.format(column="modality")
    return warning(
        table,
        "modality_listed",
        "CR2040: treatment modalities stand in the standard's list.",
        f"select case when length({code}) = 1 then '0' || {code} else {code} end as modality "
        f"from {table} {IN_LATEST_RUN} and {code} is not null",
        in_set("modality", item_codes("CR2040"), mostly=0.99),
        "An unknown modality counts as other treatment (ruling F7).",
        action="Tell the provider's supplier that the modality is mapped wrongly.",
    )


def _date_given(table: str, column: str, words: str, minimum: float) -> Rule:
    return warning(
        table,
        f"{column}_given",
        f"{words} is given and can be read.",
        f"select {column} from {table} {IN_LATEST_RUN}",
        not_null(column, mostly=minimum),
        "Without it the row cannot be placed in time and is left out.",
        action="Ask the provider for the date; rows without it stand in the quarantine.",
    )


def _dates_in_order(
    table: str, name: str, description: str, later: str, earlier: str, reason: str
) -> Rule:
    return warning(
        table,
        name,
        description,
        f"select {later}, {earlier} from {table} {IN_LATEST_RUN}",
        at_least(later, earlier, mostly=0.995),
        reason,
        action="Ask the provider which of the two dates is wrong; refused rows stand in the "
        "quarantine.",
    )


def _volume(table: str) -> Rule:
    """Records of a provider in the last quarter against its own past; none sent counts as 0."""
    return warning(
        table,
        "volume_as_before",
        "Breast records of each provider in the last quarter, as a percentage of the median of "
        "its earlier quarters.",
        f"""
        with record as (
            select {_provider()} as provider, quarter, count(*) as records
            from {table}
            where provider is not null
            group by {_provider()}, quarter
        ),
        earlier as (
            select
                provider,
                run.to_quarter,
                records,
                row_number() over (partition by provider order by records) as place,
                count(*) over (partition by provider) as places
            from record
            cross join {LATEST_RUN}
            where quarter < run.to_quarter
        ),
        history as (
            select provider, to_quarter, avg(cast(records as double precision)) as expected
            from earlier
            where places >= {_EARLIER_QUARTERS} and {IS_MIDDLE}
            group by provider, to_quarter
        )
        select
            history.provider,
            history.expected as expected_records,
            100.0 * coalesce(record.records, 0) / history.expected as percentage_of_median
        from history
        left join record
            on history.provider = record.provider and history.to_quarter = record.quarter
        where history.expected >= {_EXPECTED_RECORDS}
        """,
        between("percentage_of_median", 50, 200),
        "Half or double a provider's usual volume is beyond chance from 20 records on: a part of "
        "the records was not sent, or was sent twice. Volumes never block.",
        groups=("provider",),
        size="expected_records",
        action="Ask the provider whether a file is missing, cut or sent twice; if the volume is "
        "real, there is nothing to do.",
        numerator="breast records of the provider in the last quarter",
        denominator="the median of its earlier quarters",
    )


def _record_ids(table: str) -> Rule:
    return warning(
        table,
        "record_ids_unique",
        "No record id stands twice in one file.",
        f"select count(record_id) as ids, count(distinct record_id) as different_ids "
        f"from {table} {IN_LATEST_RUN} and record_id is not null group by file",
        equal("ids", "different_ids", mostly=0.95),
        "Repeated ids show that a system exports a tumour more than once, or numbers two tumours "
        "alike: of one person and pathway the later then replaces the earlier (ruling B3).",
        action="Look at the records listed as corrected_key: when they are two tumours, tell the "
        "supplier that each needs an id of its own.",
    )


_COSD = (
    _valid_nhs_numbers("cosd_record", 95),
    _record_ids("cosd_record"),
    _volume("cosd_record"),
    _date_given("cosd_record", "event_date", "The date of diagnosis of the pathway", 0.99),
    warning(
        "cosd_record",
        "event_date_not_in_future",
        "The diagnosis is not later than the day on which the file was made.",
        "select submission.extract_date, record.event_date from cosd_record as record "
        f"inner join submission on record.file = submission.file cross join {LATEST_RUN} "
        "where record.quarter between run.from_quarter and run.to_quarter",
        at_least("extract_date", "event_date", mostly=0.995),
        "Such records are refused (ruling B13); one in two hundred is typing.",
        action="Ask the provider for the right date of diagnosis; the records stand in the "
        "quarantine as event_date_after_extract.",
    ),
    _dates_in_order(
        "cosd_record",
        "birth_before_event",
        "The birth is not later than the diagnosis.",
        "event_date",
        "birth_date",
        "Such records are refused (ruling A6); one in two hundred is typing.",
    ),
    _codes_listed("cosd_record", "sex", "CR3170", item_codes("CR3170"), "sex"),
    _codes_listed("cosd_record", "ethnic_category", "CR0150", item_codes("CR0150"), "ethnicity"),
    _codes_listed("cosd_record", "laterality", "CR0380", item_codes("CR0380"), "laterality"),
    _codes_listed("cosd_record", "basis_of_diagnosis", "CR0390", item_codes("CR0390"), "basis"),
    _codes_listed(
        "cosd_record", "performance_status", "CR0510", item_codes("CR0510"), "performance_status"
    ),
    _codes_listed("cosd_record", "cns_indication", "CR2050", item_codes("CR2050"), "cns"),
    _codes_listed(
        "cosd_metastasis", "metastatic_type", "CR6960", item_codes("CR6960"), "metastatic_type"
    ),
    _codes_listed(
        "cosd_metastasis", "metastatic_site", "CR6970", item_codes("CR6970"), "metastatic_site"
    ),
    _date_given("cosd_progression", "progression_date", "The date of progression (CR6910)", 0.98),
    _date_given("cosd_treatment", "start_date", "The start of the treatment (CR1370)", 0.98),
    _modalities_listed("cosd_treatment"),
)

_WALES = (
    _valid_nhs_numbers("wales_tumour", 95),
    _record_ids("wales_tumour"),
    _volume("wales_tumour"),
    warning(
        "wales_tumour",
        "pathway_listed",
        "The pathway is one of the four.",
        "select coalesce(lower(trim(pathway)), 'none') as pathway "
        f"from wales_tumour {IN_LATEST_RUN}",
        in_set("pathway", ["primary", "recurrence", "progression", "transformation"], mostly=0.99),
        "Other rows are refused (ruling A6).",
        action="Ask the health board for one of the four words; the rows stand in the quarantine "
        "as pathway_unknown.",
    ),
    _codes_listed("wales_tumour", "sex", "Sex", ("F", "M", "I", "Z"), "sex"),
    _codes_listed("wales_tumour", "cns_indication", "CR2050", item_codes("CR2050"), "cns"),
    _date_given("wales_tumour", "event_date", "The date of the event", 0.99),
    _dates_in_order(
        "wales_tumour",
        "birth_before_event",
        "The birth is not later than the diagnosis.",
        "event_date",
        "birth_date",
        "Such rows are refused (ruling A6); one in two hundred is typing.",
    ),
    _dates_in_order(
        "wales_tumour",
        "event_date_not_in_future",
        "The event is not later than the extract.",
        "created_at",
        "event_date",
        "Such rows are refused (ruling B13); one in two hundred is typing.",
    ),
    _date_given("wales_treatment", "start_date", "The start of the treatment", 0.98),
    _modalities_listed("wales_treatment"),
)

_SACT = (
    _valid_nhs_numbers("sact_administration", 95),
    _date_given("sact_administration", "regimen_start_date", "The start of the regimen", 0.99),
    _dates_in_order(
        "sact_administration",
        "given_after_regimen_start",
        "No drug is given before its regimen starts.",
        "administration_date",
        "regimen_start_date",
        "Time to treatment counts from the regimen's start; a start set too late shortens nothing "
        "and is likely a changed regimen.",
    ),
)

_PATHOLOGY = (
    _valid_nhs_numbers("pathology_report", 95),
    _date_given("pathology_report", "report_date", "The date of the result (pCR0780)", 0.99),
    _dates_in_order(
        "pathology_report",
        "reported_after_sampled",
        "No result is dated before its sample was taken.",
        "report_date",
        "sample_date",
        "The date of the result then stands for the specimen: a receptor may seem to be newer than "
        "it is.",
    ),
    _codes_listed(
        "pathology_report",
        "specimen_nature",
        "pCR0970",
        item_codes("pCR0970"),
        "specimen_nature",
    ),
    _codes_listed("pathology_report", "er_status", "pBR4220", item_codes("pBR4220"), "er"),
    _codes_listed("pathology_report", "pr_status", "pBR4290", item_codes("pBR4290"), "pr"),
    _codes_listed("pathology_report", "her2_status", "pBR4280", item_codes("pBR4280"), "her2"),
    _codes_listed(
        "pathology_report", "her2_ish_status", "pBR4310", item_codes("pBR4310"), "her2_ish"
    ),
)

_DEATHS = (
    warning(
        "death_registration",
        "nhs_numbers_valid",
        "Deaths carry a valid NHS number, by quarter.",
        "select quarter, count(*) as deaths, "
        "100.0 * sum(case when nhs_number_status = 'valid' then 1 else 0 end) / count(*) "
        f"as valid_percentage from death_registration {IN_LATEST_RUN} group by quarter "
        f"having count(*) >= {MINIMUM_GROUP}",
        between("valid_percentage", 95, None),
        "A death without it joins nobody (ruling B11), and prevalence counts the person on.",
        groups=("quarter",),
        size="deaths",
        action="Ask the provider to trace the NHS numbers of the records named in the quarantine "
        "and to send them again.",
        numerator="rows with a valid NHS number",
        denominator="rows of the provider (or of all deaths) in the quarter",
    ),
    _date_given("death_registration", "death_date", "The date of death", 0.99),
    _dates_in_order(
        "death_registration",
        "registered_after_death",
        "No death is registered before it happened.",
        "registration_date",
        "death_date",
        "Such rows are refused (ruling B11).",
    ),
)


def _has_its(table: str, part: str, key: str, whole: str) -> Rule:
    """Referential integrity within an extract, which its makers answer for."""
    return warning(
        table,
        f"has_its_{part}",
        f"Every row belongs to a {part} of the extract.",
        f"select whole.{key} is not null as found from {table} as part "
        f"left join (select distinct {key} from {whole}) as whole on part.{key} = whole.{key}",
        in_set("found", [True], mostly=0.99),
        "Such a row reaches nobody. A few follow from tumours left out of the extract.",
        action=f"Ask whoever made the extract whether {whole} was cut short or is another day's.",
    )


_REGISTRY = (
    _date_given("registry_tumour", "diagnosis_date", "The date of diagnosis", 0.99),
    _date_given("registry_regimen", "start_date", "The start of the regimen", 0.99),
    _date_given("registry_radiotherapy", "appointment_date", "The day of attendance", 0.99),
    _codes_listed("registry_patient", "sex", "GENDER", ("1", "2", "9", "X"), "sex"),
    _codes_listed("registry_patient", "vital_status", "VITALSTATUS", _VITAL_STATUS, "vital_status"),
    _codes_listed("registry_tumour", "er_status", "ER_STATUS", _RECEPTOR, "er"),
    _codes_listed("registry_tumour", "pr_status", "PR_STATUS", _RECEPTOR, "pr"),
    _codes_listed("registry_tumour", "her2_status", "HER2_STATUS", _RECEPTOR, "her2"),
    _has_its("registry_tumour", "patient", "registry_person_id", "registry_patient"),
    _has_its("registry_regimen", "patient", "registry_person_id", "registry_patient"),
    _has_its("registry_cycle", "regimen", "regimen_id", "registry_regimen"),
    _has_its("registry_outcome", "regimen", "regimen_id", "registry_regimen"),
    _has_its("registry_drug", "cycle", "cycle_id", "registry_cycle"),
    _has_its("registry_prescription", "episode", "episode_id", "registry_radiotherapy"),
    warning(
        "registry_tumour",
        "linked_beside_cosd",
        "When COSD is loaded as well, people of the extract have an NHS number by a key file.",
        "select 'registry_tumour' as source, count(*) as people, "
        "100.0 * count(link.registry_person_id) / nullif(count(*), 0) as linked_percentage "
        "from (select distinct registry_person_id from registry_tumour) as person "
        "left join (select distinct registry_person_id from registry_key "
        "where nhs_person_id is not null) as link "
        "on person.registry_person_id = link.registry_person_id "
        "where exists (select 1 from cosd_record) having count(*) > 0",
        between("linked_percentage", 95, None),
        "Whoever is in both and not linked is counted twice, in every figure.",
        groups=("source",),
        size="people",
        action="Lay the key file (key.csv) beside the extract, or run naome on the extract alone "
        "(docs/simulacrum.md).",
        numerator="people of the extract with an NHS number in a key file",
        denominator="people of the extract",
        after=("registry_key", "cosd_record"),
    ),
)

#: The tables whose rows the ledger counts.
_RECORD_TABLES = (
    "cosd_record",
    "wales_tumour",
    "wales_treatment",
    "sact_administration",
    "pathology_report",
    "death_registration",
    "registry_patient",
    "registry_tumour",
    "registry_sact_patient",
    "registry_regimen",
    "registry_cycle",
    "registry_drug",
    "registry_outcome",
    "registry_radiotherapy",
    "registry_prescription",
    "registry_key",
)

RULES: tuple[Rule, ...] = (
    *_FILES,
    *(rule for table in _RECORD_TABLES for rule in _stored_whole(table)),
    *(
        _belongs_to_a_record(table)
        for table in ("cosd_progression", "cosd_metastasis", "cosd_treatment")
    ),
    *_COSD,
    *_WALES,
    *_SACT,
    *_PATHOLOGY,
    *_DEATHS,
    *_REGISTRY,
)
