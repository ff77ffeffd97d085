"""A small audit that breaks no rule: six quarters of one trust and one health board.

Each quarter brings 30 breast records a nation, 8 of them de novo and 22 recurrent, all with a
person of their own; half are treated by COSD or Welsh rows, twelve by SACT, ten die. A metastasis
of twenty is sampled in England. Other methods of finding people find more of them.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from naome_assets.disclosure.suppression import load_profile
from naome_assets.figures.case_mix import adjust
from naome_assets.figures.prevalence_projection import projections
from naome_assets.figures.recurrence_capture import captures
from naome_assets.figures.survival import curves
from naome_assets.figures.treatment_curve import incidence_curves
from naome_assets.publication.store import store_publication
from naome_assets.settings import DEFAULT_PROFILE
from naome_assets.transform.project import load_project
from naome_assets.warehouse.declared_tables import metadata
from naome_assets.warehouse.duckdb import DuckDBWarehouse

QUARTERS = ("2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4", "2024-Q1", "2024-Q2")

_CREATE = """
create or replace temp table sent as
select
    quarter,
    quarter || '/' as folder_path,
    cast(i as integer) as position,
    make_date(cast(quarter[1:4] as integer), cast(quarter[7] as integer) * 3 - 2, 1) as first_day,
    first_day + cast(i as integer) as event_date,
    date '1960-01-01' + 300 * cast(i as integer) as birth_date,
    i <= 8 as is_de_novo,
    nation,
    nation || quarter || '-' || i as person
from unnest($quarters) as q (quarter),
    unnest(['england', 'wales']) as n (nation),
    range(1, 31) as r (i)
"""

_FILES = """
with file as (
    select
        quarter, source,
        make_date(cast(quarter[1:4] as integer), cast(quarter[7] as integer) * 3 - 1, 1) as month
    from unnest($quarters) as q (quarter),
        unnest(
            ['cosd', 'wales_tumour', 'wales_treatment', 'sact', 'pathology', 'deaths']
        ) as s (source)
)
select
    quarter || '/' || source as file, sha256(quarter || source) as sha256, source, quarter,
    strftime(month, '%Y-%m') as folder, 'loaded' as status,
    cast(month + interval 6 month as timestamp) as created_at, last_day(month) as period_end,
    cast(month + interval 6 month as date) as extract_date,
    30 as record_count,
    case source
        when 'wales_treatment' then 15 when 'sact' then 12 when 'pathology' then 20
        when 'deaths' then 10 else 30
    end
    + case when source = 'wales_tumour' and quarter = '2023-Q1' then 1 else 0 end as received,
    0 as other_tumour_groups,
    case when source = 'wales_tumour' and quarter = '2023-Q1' then 1 else 0 end
        as unreadable_records,
    0 as ignored_elements, 1 as bytes
from file
union all by name
select
    'extract/' || source as file, sha256(source) as sha256, source, '2024-Q2' as quarter,
    '2024-06-30' as folder, 'loaded' as status, timestamp '2024-06-30' as created_at,
    date '2024-06-30' as period_end, date '2024-06-30' as extract_date, 12 as received,
    0 as other_tumour_groups, 0 as unreadable_records, 0 as ignored_elements, 1 as bytes
from unnest([
    'registry_patient', 'registry_tumour', 'registry_sact_patient', 'registry_regimen',
    'registry_cycle', 'registry_drug', 'registry_outcome', 'registry_radiotherapy',
    'registry_prescription', 'registry_key',
    'hes_apc', 'pedw', 'rtds', 'cwt', 'source_key'
]) as s (source)
union all by name
select
    'broken' as file, 'broken' as sha256, 'cosd' as source, '2023-Q1' as quarter,
    '2023-02' as folder, 'rejected' as status, 0 as received, 0 as other_tumour_groups,
    0 as unreadable_records, 0 as ignored_elements, 1 as bytes
"""

#: Deaths of people whom COSD does not know to be metastatic.
_UNKNOWN_TO_COSD = """
insert into recurrence_source
select
    'unknown ' || i as person_id, date '2023-06-30' as death_date, false as in_cosd,
    i <= 12 as in_sact, i > 7 as on_certificate
from range(1, 22) as r (i)
"""

#: Hospital data of twelve of England's people, all of whom are known by NHS number.
_WHO = (
    "position, '2024-Q2' as quarter, person as source_person_id, person as nhs_person_id, "
    "'valid' as nhs_number_status"
)
_OF_TWELVE = "from sent where nation = 'england' and quarter = '2024-Q2' and position <= 12"
_HOSPITAL = {
    "hes_apc_episode": f"select 'extract/hes_apc' as file, {_WHO}, event_date as admission_date, "
    f"event_date as episode_start, '2425' as fyear, 'RTH' as provider, person as content "
    f"{_OF_TWELVE}",
    "hes_apc_delivery": "select 'extract/hes_apc' as file, '2024-Q2' as quarter, fyear, "
    "received, 20 as positions from (select unnest(['2223', '2324', '2425']) as fyear, "
    "unnest([90, 100, 12]) as received)",
    "pedw_row": f"select 'extract/pedw' as file, 'wide' as part, {_WHO}, true as is_link_good, "
    f"person as spell_key, '7A4' as provider, event_date as admission_date, "
    f"true as has_wanted_code {_OF_TWELVE}",
    "rtds_row": f"select 'extract/rtds' as file, 'combined' as part, {_WHO}, "
    "true as has_provider, person as episode_key, true as has_attendance, 'P' as region, "
    f"event_date as appointment_date, false as is_region_unknown {_OF_TWELVE}",
    "waiting_times_row": f"select 'extract/cwt' as file, {_WHO}, '01' as event_type, "
    f"event_date as treatment_date {_OF_TWELVE}",
    "source_key": f"select 'extract/source_key' as file, {_WHO}, 'rtds' as source {_OF_TWELVE}",
}

_ROWS = _HOSPITAL | {
    "submission_fault": "select '2023-Q1/wales_tumour' as file, 31 as position, "
    "'2023-Q1' as quarter, 'ragged_row' as rule, 'error' as severity, '' as message",
    "cosd_record": """
        select
            folder_path || 'cosd' as file, position, quarter, '9.0.1' as version,
            person as record_id, person as nhs_person_id, 'valid' as nhs_number_status,
            birth_date, case position when 30 then '1' else '2' end as sex,
            'A' as ethnic_category, 'RTH' as provider, 'RTH' as diagnosis_site,
            if(is_de_novo, 'primary', 'recurrence') as pathway, event_date, 'C509' as icd10,
            'L' as laterality, '7' as basis_of_diagnosis, '1' as performance_status,
            if(is_de_novo, '4', null) as stage_integrated, 'Y1' as cns_indication,
            1 as mdt_meetings
        from sent where nation = 'england'""",
    "cosd_other_primary": "select folder_path || 'cosd' as file, 1000 + position as position, "
    "quarter, person as nhs_person_id, event_date as diagnosis_date, 'C34' as icd3 "
    "from sent where nation = 'england' and position = 3",
    "cosd_progression": "select folder_path || 'cosd' as file, position, quarter, 1 as number, "
    "event_date + 40 as progression_date from sent where nation = 'england' and position = 1",
    "cosd_metastasis": """
        select
            folder_path || 'cosd' as file, position, quarter, 'non_primary' as part,
            true as paired, '03' as metastatic_type, '02' as metastatic_site
        from sent where nation = 'england' and not is_de_novo""",
    "cosd_treatment": """
        select
            folder_path || 'cosd' as file, position, quarter, 1 as number,
            event_date + 20 as start_date, if(is_de_novo, '01', '02') as modality
        from sent where nation = 'england' and position % 2 = 0""",
    "wales_tumour": """
        select
            folder_path || 'wales_tumour' as file, position, quarter, '7A4' as health_board,
            person as record_id, cast(first_day + 200 as timestamp) as created_at,
            person as nhs_person_id, 'valid' as nhs_number_status, birth_date, 'F' as sex,
            'A' as ethnic_category, '7A4' as provider, '7A4' as diagnosis_site,
            if(is_de_novo, 'primary', 'recurrence') as pathway, 'C509' as icd10, event_date,
            '7' as basis_of_diagnosis, if(is_de_novo, '4', null) as stage,
            if(is_de_novo, null, '03') as metastatic_type, '1' as performance_status,
            'NN' as cns_indication
        from sent where nation = 'wales'""",
    "wales_treatment": """
        select
            folder_path || 'wales_treatment' as file, row_number() over () as position, quarter,
            '7A4' as health_board, person as record_id, person as nhs_person_id,
            'valid' as nhs_number_status, '7A4' as provider, event_date + 50 as start_date,
            '05' as modality
        from sent where nation = 'wales' and position % 2 = 0""",
    "sact_administration": """
        select
            folder_path || 'sact' as file, position, quarter, person as nhs_person_id,
            'valid' as nhs_number_status, 'RTH' as provider, 'C50' as primary_diagnosis,
            'LETROZOLE' as regimen, '02' as intent, event_date + 30 as regimen_start_date,
            '1' as cycle_number,
            'LETROZOLE' as drug_name, event_date + 31 as administration_date
        from sent where nation = 'england' and position % 2 = 1 and position < 24""",
    "pathology_report": """
        select
            folder_path || 'pathology' as file, position, quarter, person as nhs_person_id,
            'valid' as nhs_number_status, 'RTH' as provider, person as report_id,
            event_date + 5 as report_date, event_date as sample_date, '1' as report_status,
            '5' as specimen_nature, 'BU' as investigation_type, 'C509' as icd10,
            true as is_breast_section, if(position % 4 = 0, 'N', 'P') as er_status,
            if(position % 2 = 0, 'N', 'P') as pr_status,
            if(position % 6 = 0, 'P', 'N1') as her2_status, 'N' as her2_ish_status
        from sent where nation = 'england' and position <= 20""",
    "death_registration": """
        select
            folder_path || 'deaths' as file, position, quarter, person as nhs_person_id,
            'valid' as nhs_number_status, event_date + 70 as death_date,
            event_date + 75 as registration_date, 'C509' as underlying_cause,
            if(position in (9, 12, 18, 24), 'C787', 'I219') as causes
        from sent where nation = 'england' and position % 3 = 0""",
    # People of no record: what the rules of links judge is whom a link leads to.
    "person_link": """
        select
            'local ' || person as person_id, person as linked_person_id,
            'probabilistic' as how, 12.0 as match_weight, 0.9999 as probability
        from sent where nation = 'england' and quarter = '2023-Q1' and position <= 12""",
    "audit_run": "select 1 as number, '2023-Q1' as from_quarter, '2024-Q2' as to_quarter",
}


#: What the methods beside `registry` find: everybody of it, some of them earlier, and twelve more
#: people of each nation. Rows are added to a table once it is built.
_BY_HOSPITAL = {
    "hospital_available": ("update hospital_available set is_available = true",),
    "hospital_look_back": (
        "delete from hospital_look_back",
        "insert into hospital_look_back by name select unnest(['England', 'Wales']) as nation, "
        "date '2020-04-01' as look_back_start, false as class_regular_present, 20 as positions",
    ),
    # Their primaries, which are no evidence.
    "registry_record": (
        "insert into registry_record by name select * replace ("
        "person_id || ' hospital' as person_id, position + 1000 as position, "
        "submission_order + 100000 as submission_order, "
        "'primary' as pathway, null as stage, null as m_category) "
        "from registry_record where person_id like '%2023-Q1-1_'",
    ),
    "mbc_cohort": (
        "delete from mbc_cohort where method <> 'registry'",
        "insert into mbc_cohort by name select m as method, registry_cohort.* replace ("
        "mbc_date - if(person_id like '%2', 30, 0) as mbc_date) from registry_cohort, "
        "unnest(['registry_hospital', 'registry_hospital_broad']) as u (m)",
        "insert into mbc_cohort by name select person_id || ' hospital' as person_id, "
        "m as method, nation, provider_code, diagnosis_code, date '2023-02-01' as mbc_date, "
        "'recurrent' as presentation, 'female' as sex, 50 as age_at_mbc, "
        "date '2023-02-01' as first_evidence_date, 6 as evidence_rule, birth_date, "
        "false as is_death_certificate_only, "
        "if(nation = 'Wales', 'pedw', 'hes_apc') as source from registry_cohort, "
        "unnest(['registry_hospital', 'registry_hospital_broad']) as u (m) "
        "where person_id like '%2023-Q1-1_'",
    ),
}

#: An extract of twelve of England's people, who are linked to COSD by its key file.
_EXTRACT = {
    "registry_patient": "'2' as sex, 'A' as ethnic_category, 'A' as vital_status, "
    "date '2024-06-30' as vital_status_date",
    "registry_tumour": "person as tumour_id, '2' as sex, event_date as diagnosis_date, "
    "'C50' as icd10, '2' as stage_best, '60' as age, 'P' as er_status, 'N' as pr_status, "
    "'N' as her2_status, '7' as basis_of_diagnosis, "
    "'RTH' as provider, false as is_cns_sent",
    "registry_sact_patient": "person as sact_person_id, person as link_id",
    "registry_regimen": "person as regimen_id, event_date + 40 as start_date, "
    "'LETROZOLE' as benchmark_group",
    "registry_cycle": "person as regimen_id, person as cycle_id, event_date + 40 as start_date",
    "registry_drug": "person as cycle_id, 'LETROZOLE' as drug_group",
    "registry_outcome": "person as regimen_id",
    "registry_radiotherapy": "person as episode_id, person as attendance_id, "
    "event_date + 60 as appointment_date",
    "registry_prescription": "person as episode_id, person as attendance_id",
    "registry_key": "person as nhs_person_id, 'valid' as nhs_number_status",
}
_NAMES_NO_PERSON = (
    "registry_sact_patient",
    "registry_cycle",
    "registry_drug",
    "registry_outcome",
    "registry_prescription",
)


_ADJUSTED = """
    insert into published_case_mix_value by name
    select
        quarter, 'rolling_36m' as period, 'cns_access' as indicator, geography_type,
        geography_code, geography_name, presentation, patients as people, seen as observed,
        suppressed
    from published_cns_access
    where geography_type = 'provider' and period = 'rolling_12m' and presentation = 'all'
"""


def open_audit(path: Path, *, filled: bool) -> DuckDBWarehouse:
    """A warehouse with every table built, from the small audit or from nothing."""
    warehouse = DuckDBWarehouse.connect(path)
    warehouse.create_submission_tables()
    if filled:
        warehouse.connection.execute(_CREATE, {"quarters": list(QUARTERS)})
        _fill(warehouse, metadata.tables["submission"], _FILES, {"quarters": list(QUARTERS)})
        for table, rows in _ROWS.items():
            _fill(warehouse, metadata.tables[table], rows, {})
        for table, columns in _EXTRACT.items():
            _fill(warehouse, metadata.tables[table], _of_extract(table, columns), {})
    project = load_project()
    for seed in project.seeds.values():
        warehouse.build_seed(seed)
    for model in project.ordered_models():
        warehouse.build_model(model, project.render(model, warehouse.target))
        for statement in _BY_HOSPITAL.get(model.name, ()) if filled else ():
            warehouse.connection.execute(statement)
    warehouse.replace_table("treatment_curve", incidence_curves(warehouse))
    warehouse.replace_table("survival_curve", curves(warehouse))
    warehouse.replace_table("case_mix_value", adjust(warehouse)[1])
    if filled:
        warehouse.connection.execute(_UNKNOWN_TO_COSD)
    # Six quarters are too few for the settings of the method.
    few = {"projection_lag_quarters": 1, "projection_minimum_quarters": 2}
    projected = projections(warehouse, {**project.variables, **few})
    warehouse.replace_table("prevalence_projection", projected)
    warehouse.replace_table("recurrence_capture", captures(warehouse))
    for _ in store_publication(warehouse, load_profile(DEFAULT_PROFILE)):
        pass
    if filled:
        # Six quarters hold no 36 months, the only window of case mix.
        warehouse.connection.execute(_ADJUSTED)
    return warehouse


def _of_extract(table: str, columns: str) -> str:
    person = "" if table in _NAMES_NO_PERSON else "'R' || person as registry_person_id, "
    return (
        f"select 'extract/{table}' as file, position, '2024-Q2' as quarter, {person}{columns} "
        "from sent where nation = 'england' and quarter = '2023-Q1' and position <= 12"
    )


def _fill(
    warehouse: DuckDBWarehouse, table: sa.Table, rows: str, parameters: dict[str, object]
) -> None:
    warehouse.connection.execute(f"insert into {table.name} by name {rows}", parameters)
