"""What breaks each rule: one statement a rule, run on the small audit."""

from __future__ import annotations

from naome_assets.contract.published_tables import COUNT_COLUMNS, CURVES, NATIONAL_TABLES

_EXTRACT = (
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
_HOSPITAL = (
    "hes_apc_episode",
    "pedw_row",
    "rtds_row",
    "waiting_times_row",
    "source_key",
)


def _arrivals() -> dict[str, str]:
    files = {
        "files_loaded": "update submission set status = 'rejected' where source = 'sact'",
        "folder_agrees_with_header": "update submission set folder = '2023-01'",
        "record_count_agrees": "update submission set record_count = record_count + 1",
        "creation_time_given": "update submission set created_at = null where quarter = '2024-Q1'",
        "same_bytes_once": "update submission set sha256 = 'same' where source = 'cosd'",
        "tumours_loaded": "update submission set status = 'rejected' "
        "where source in ('cosd', 'registry_tumour', 'wales_tumour')",
        "nothing_lost": "insert into lost_quarter values ('2024-Q1', 'Wales')",
        "nations_loaded": "update submission set status = 'rejected' "
        "where source = 'wales_tumour' and quarter = '2024-Q2'",
        "sources_arrive": "delete from submission where source = 'sact' and quarter = '2024-Q2'",
    }
    faults = {f"submission:{name}": statement for name, statement in files.items()}
    faults["submission_fault:fault_is_listed"] = "update submission_fault set rule = 'unheard_of'"
    faults["hes_apc_delivery:rows_as_before"] = (
        "update hes_apc_delivery set received = 30 where fyear = '2324'"
    )
    faults["hes_apc_delivery:one_file_a_year"] = (
        "insert into hes_apc_delivery select * from hes_apc_delivery limit 1"
    )
    for table in (
        *_HOSPITAL,
        "cosd_record",
        "cosd_other_primary",
        "wales_tumour",
        "wales_treatment",
        "sact_administration",
        "pathology_report",
        "death_registration",
        *_EXTRACT,
    ):
        faults[f"{table}:rows_of_loaded_files"] = f"update {table} set file = 'broken'"
        faults[f"{table}:rows_stored_once"] = f"insert into {table} select * from {table} limit 1"
    for table in ("cosd_progression", "cosd_metastasis", "cosd_treatment"):
        faults[f"{table}:has_its_record"] = f"update {table} set position = 99"
    return faults


def _sent_by_people() -> dict[str, str]:
    """Faults of what senders wrote, by table and then rule."""
    invalid = "update {table} set nhs_number_status = 'invalid' where position < 9"
    ids = "update {table} set record_id = 'same'"
    unborn = "update {table} set birth_date = event_date + 1 where position = 1"
    fewer = "delete from {table} where quarter = '2024-Q2' and position > 14"
    undated = "update {table} set {column} = null where position < 9"
    faults: dict[str, str] = {}
    for table in ("cosd_record", "wales_tumour"):
        faults |= {
            f"{table}:nhs_numbers_valid": invalid.format(table=table),
            f"{table}:record_ids_unique": ids.format(table=table),
            f"{table}:volume_as_before": fewer.format(table=table),
            f"{table}:birth_before_event": unborn.format(table=table),
            f"{table}:event_date_given": undated.format(table=table, column="event_date"),
            f"{table}:sex_listed": f"update {table} set sex = '7' where position = 2",
            f"{table}:cns_listed": f"update {table} set cns_indication = 'Y6' where position = 2",
        }
    for table, column in (
        ("cosd_progression", "progression_date"),
        ("cosd_treatment", "start_date"),
        ("wales_treatment", "start_date"),
        ("sact_administration", "regimen_start_date"),
        ("pathology_report", "report_date"),
        ("death_registration", "death_date"),
    ):
        faults[f"{table}:{column}_given"] = undated.format(table=table, column=column)
    for column, name in (
        ("specimen_nature", "specimen_nature"),
        ("er_status", "er"),
        ("pr_status", "pr"),
        ("her2_status", "her2"),
        ("her2_ish_status", "her2_ish"),
    ):
        faults[f"pathology_report:{name}_listed"] = f"update pathology_report set {column} = '+'"
    for table, column in (
        ("registry_tumour", "diagnosis_date"),
        ("registry_regimen", "start_date"),
        ("registry_radiotherapy", "appointment_date"),
    ):
        faults[f"{table}:{column}_given"] = undated.format(table=table, column=column)
    for table, column, name in (
        ("registry_patient", "sex", "sex"),
        ("registry_patient", "vital_status", "vital_status"),
        ("registry_tumour", "er_status", "er"),
        ("registry_tumour", "pr_status", "pr"),
        ("registry_tumour", "her2_status", "her2"),
    ):
        faults[f"{table}:{name}_listed"] = f"update {table} set {column} = '+'"
    for table, part, key in (
        ("registry_tumour", "patient", "registry_person_id"),
        ("registry_regimen", "patient", "registry_person_id"),
        ("registry_cycle", "regimen", "regimen_id"),
        ("registry_outcome", "regimen", "regimen_id"),
        ("registry_drug", "cycle", "cycle_id"),
        ("registry_prescription", "episode", "episode_id"),
    ):
        faults[f"{table}:has_its_{part}"] = f"update {table} set {key} = 'nobody'"
    faults["registry_tumour:linked_beside_cosd"] = "delete from registry_key"
    for table in ("sact_administration", "pathology_report", "death_registration"):
        faults[f"{table}:nhs_numbers_valid"] = invalid.format(table=table)
    return faults | {
        "cosd_record:event_date_not_in_future": (
            "update cosd_record set event_date = date '2999-01-01' where position = 1"
        ),
        "person_link:never_between_numbers": (
            "update person_link set person_id = linked_person_id where person_id like '%1'"
        ),
        "received_record:numbers_of_one_person": (
            "update received_record set is_number_shared = true where position = 1"
        ),
        "person_link:few_wrong_links": "update person_link set probability = 0.99",
        "cosd_record:ethnicity_listed": "update cosd_record set ethnic_category = 'Q'",
        "cosd_record:laterality_listed": "update cosd_record set laterality = 'LEFT'",
        "cosd_record:basis_listed": "update cosd_record set basis_of_diagnosis = '3'",
        "cosd_record:performance_status_listed": "update cosd_record set performance_status = '5'",
        "cosd_metastasis:metastatic_type_listed": (
            "update cosd_metastasis set metastatic_type = 'distant'"
        ),
        "cosd_metastasis:metastatic_site_listed": (
            "update cosd_metastasis set metastatic_site = 'bone'"
        ),
        "cosd_treatment:modality_listed": "update cosd_treatment set modality = '99'",
        "wales_treatment:modality_listed": "update wales_treatment set modality = 'surgery'",
        "wales_tumour:pathway_listed": "update wales_tumour set pathway = 'relapse'",
        "wales_tumour:event_date_not_in_future": (
            "update wales_tumour set event_date = date '2999-01-01' where position = 1"
        ),
        "sact_administration:given_after_regimen_start": (
            "update sact_administration set administration_date = date '2001-01-01' "
            "where position = 1"
        ),
        "pathology_report:reported_after_sampled": (
            "update pathology_report set sample_date = report_date + 1"
        ),
        "death_registration:registered_after_death": (
            "update death_registration set registration_date = death_date - 1"
        ),
    }


_REGISTRY = {
    "ledger:adds_up": "update ledger set accepted = accepted - 1 where source = 'sact'",
    "ledger:never_negative": "update ledger set superseded = -1 where source = 'sact'",
    "ledger:every_file_once": "delete from ledger where source = 'deaths'",
    "ledger:rejected_count_nothing": "update ledger set received = 1 where status = 'rejected'",
    "ledger:agrees_with_quarantine": "delete from quarantine",
    "ledger:few_quarantined": "update ledger set quarantined = 3 where source = 'cosd'",
    "registry_record:one_record_an_event": (
        "insert into registry_record select * from registry_record limit 1"
    ),
    "registry_record:one_record_an_id": (
        "update judged_record set record_id = 'same', person_id = 'one', pathway = 'primary' "
        "where source = 'cosd'"
    ),
    "registry_record:person_known": "update registry_record set person_id = null",
    "registry_record:event_date_known": (
        "update registry_record set event_date = null where position = 1"
    ),
    "registry_record:event_not_in_future": (
        "update registry_record set event_date = extract_date + 1 where position = 1"
    ),
    "registry_record:born_before_event": (
        "update registry_record set birth_date = event_date + 1 where position = 1"
    ),
    "registry_record:pathway_known": "update registry_record set pathway = null where position = 1",
    "registry_record:breast_only": "update registry_record set icd3 = 'C34' where position = 1",
    "registry_record:providers_listed": (
        "update registry_record set provider = 'ZZZ' where position = 1"
    ),
    "registry_record:provider_open": "update organisation set closed = date '2020-01-01'",
    "registry_record:mergers_known": "update organisation set listed_to = date '2018-01-01'",
    "person:everyone_with_a_record": "delete from registry_record where position = 1",
    "person:born_before_death": "update person set death_date = date '1901-01-01'",
    "drug:drugs_recognised": "update drug set drug_group = 'unrecognised'",
    "receptor_status:everyone_in_the_cohort": (
        "delete from receptor_status where er_status = 'unknown'"
    ),
    "receptor_status:er_plausible": "update receptor_status set er_status = 'negative'",
    "receptor_status:her2_plausible": "update receptor_status set her2_status = 'positive'",
    "mbc_cohort:is_in_registry": "delete from person where sex = 'male'",
    "mbc_cohort:everyone_with_evidence": "delete from mbc_cohort where sex = 'male'",
    "mbc_cohort:recurrent_since_first_evidence": "update mbc_cohort set mbc_date = mbc_date + 1",
    "mbc_cohort:methods_nested": (
        "update mbc_cohort set mbc_date = mbc_date + 1 where method = 'registry_hospital_broad'"
    ),
    "mbc_cohort:provider_listed": (
        "update mbc_cohort set provider_code = 'ZZZ' where nation = 'Wales'"
    ),
    "mbc_cohort:age_plausible": "update mbc_cohort set age_at_mbc = 3 where sex = 'male'",
    "mbc_cohort:alive_at_mbc_date": (
        "update mbc_cohort set death_date = mbc_date - 1 where sex = 'male'"
    ),
    "mbc_cohort:few_men": "update mbc_cohort set sex = 'male' where nation = 'Wales'",
    "follow_up:days_not_negative": "update follow_up set days = -days",
    "population_by_band:people_in_every_group": (
        "update population_by_band set population = 0 where sex = 'male'"
    ),
}


def _indicators() -> dict[str, str]:
    faults: dict[str, str] = {}
    for table, people, dimensions in (
        ("prevalence", "people", ("sex", "age_band", "presentation", "years_since_mbc")),
        ("cns_access", "patients", ("presentation",)),
        ("time_to_treatment", "patients", ("presentation",)),
        ("data_quality", "records", ("source",)),
    ):
        more = f"update {table} set {people} = {people} + 1 where "
        faults[f"{table}:nations_add_up"] = f"{more} geography_code = 'W92000004'"
        faults[f"{table}:providers_add_up"] = (
            f"delete from {table} where geography_type = 'provider' and geography_code = '7A4'"
        )
        for dimension in dimensions:
            faults[f"{table}:{dimension}_adds_up"] = f"{more} {dimension} = 'all'"
    for table, upper, value in (
        ("prevalence", "rate_upper_95", "rate_per_100k"),
        ("cns_access", "upper_95", "seen_pct_of_recorded"),
        ("time_to_treatment", "upper_95_31d", "within_31d_pct"),
        ("data_quality", "upper_95", "completeness_pct"),
    ):
        faults[f"{table}:value_inside_its_limits"] = f"update {table} set {upper} = {value} - 0.01"
    for item, completeness in (
        ("birth_date", 97.9),
        ("sex", 97.9),
        ("ethnic_category", 89.9),
        ("basis_of_diagnosis", 89.9),
        ("performance_status", 39.9),
        ("stage_or_m", 49.9),
        ("cns_indication", 49.9),
        ("metastasis", 49.9),
    ):
        faults[f"data_quality:{item}_complete"] = (
            f"update data_quality set completeness_pct = {completeness} where item = '{item}'"
        )
    return faults | {
        "data_quality:values_valid": (
            "update data_quality set validity_pct = 94.9 where item = 'sex'"
        ),
        "data_quality:records_accepted": (
            "update data_quality set completeness_pct = 94.9 where item = 'record'"
        ),
        "prevalence:everyone_alive_counted": "delete from mbc_cohort where sex = 'male'",
        "method_comparison:methods_in_order": (
            "update method_comparison set people_registry = people_broad + 1"
        ),
        "method_comparison:difference_explained": (
            "update method_comparison set added_cwt = added_cwt + 1"
        ),
        "method_comparison:agrees_with_prevalence": (
            "update prevalence set people = people + 1 where method = 'registry_hospital'"
        ),
        "prevalence:population_given": "update prevalence set population = null",
        "prevalence:recurrent_share": (
            "update prevalence set people = people / 2 where presentation = 'recurrent'"
        ),
        "cns_access:counts_nested": "update cns_access set recorded = patients + 1",
        "cns_access:percentages_possible": "update cns_access set completeness_pct = 100.1",
        "cns_access:outliers_on_compared_rows": "update cns_access set outlier = 'within'",
        "cns_access:contact_complete": "update cns_access set completeness_pct = 49",
        "cns_access:national_volume_as_before": (
            "update cns_access set patients = patients / 2 where quarter = '2024-Q2'"
        ),
        "time_to_treatment:outcomes_add_up": "update time_to_treatment set censored = censored + 1",
        "time_to_treatment:modalities_add_up": (
            "delete from time_to_treatment where modality = 'surgery'"
        ),
        "time_to_treatment:modality_patients_treated": (
            "update time_to_treatment set treated = 0 where modality <> 'any'"
        ),
        "time_to_treatment:everyone_followed": (
            "update time_to_treatment set patients = patients - 1"
        ),
        "time_to_treatment:counts_nested": "update time_to_treatment set within_31d = patients + 1",
        "time_to_treatment:quartiles_in_order": "update time_to_treatment set median_days = 999",
        "time_to_treatment:percentages_possible": "update time_to_treatment set lower_95_31d = -1",
        "data_quality:counts_nested": "update data_quality set given = records + 1",
        "data_quality:percentages_possible": "update data_quality set validity_pct = 100.1",
        "data_quality:completeness_holds": (
            "update data_quality set records = 50, change_since_year_before = -10.5"
        ),
        "time_to_treatment:treated_share_plausible": "update time_to_treatment set within_62d = 1",
        "indicator:nations_add_up": (
            "update indicator set denominator = denominator + 1 where geography_code = 'W92000004'"
        ),
        "indicator:providers_add_up": (
            "delete from indicator where geography_type = 'provider' and geography_code = '7A4'"
        ),
        "indicator:presentation_adds_up": (
            "update indicator set denominator = denominator + 1 where presentation = 'all'"
        ),
        "indicator:counts_nested": "update indicator set numerator = denominator + 1",
        "indicator:percentages_possible": (
            "update indicator set limit_upper_998 = 100.1 where unit = 'percent'"
        ),
        "indicator:value_inside_its_limits": "update indicator set upper_95 = value - 0.01",
        "indicator:outliers_on_compared_rows": "update indicator set outlier = 'within'",
        "indicator:everyone_counted": (
            "update indicator set denominator = denominator - 1 "
            "where indicator = 'completeness_basis_of_diagnosis'"
        ),
        "indicator:survival_not_above_crude": (
            "update indicator set value = 101 where indicator = 'survival_1y'"
        ),
    }


_COMPUTED = {
    "treatment_curve:one_row_a_day": (
        "insert into treatment_curve select * from treatment_curve limit 1"
    ),
    "treatment_curve:shares_possible": (
        "update treatment_curve set died_untreated_pct = 100 - treated_pct / 2 "
        "where treated_pct > 0"
    ),
    "treatment_curve:never_falls": (
        "update treatment_curve set treated_pct = treated_pct - 1 where day > 50"
    ),
    "treatment_curve:value_inside_its_limits": (
        "update treatment_curve set upper_95 = treated_pct - 0.01"
    ),
    "prevalence_projection:one_row_a_key": (
        "insert into prevalence_projection select * from prevalence_projection limit 1"
    ),
    "prevalence_projection:counted_agrees": (
        "update prevalence_projection set counted = counted + 1"
    ),
    "prevalence_projection:limits_in_order": (
        "update prevalence_projection set lower_95 = upper_95 + 1"
    ),
    "prevalence_projection:nations_add_up": (
        "update prevalence_projection set people = people + 1 where geography_type = 'nation'"
    ),
    "prevalence_projection:back_tests_hold": (
        "update prevalence_projection set upper_95 = counted - 1"
    ),
    "recurrence_capture:found_adds_up": "update recurrence_capture set found = found + 1",
    "recurrence_capture:estimate_in_order": "update recurrence_capture set estimate = found - 2",
    "recurrence_capture:estimated": "update recurrence_capture set upper_95 = null",
    "treatment_curve:median_agrees": "update treatment_curve set day = day + 1",
}


def _publication() -> dict[str, str]:
    faults: dict[str, str] = {}
    for table, (count, *_) in COUNT_COLUMNS.items():
        add = f"update published_{table} set {count} = coalesce({count}, 0) + 1 where"
        if table != "case_mix_value":
            faults[f"published_{table}:totals_agree"] = f"{add} geography_code = 'E92000001'"
        faults[f"published_{table}:no_small_count"] = (
            f"insert into published_{table} by name select 'provider' as geography_type, "
            f"3 as {count}"
        )
    for table in NATIONAL_TABLES:
        faults[f"published_{table}:nations_only"] = (
            f"insert into published_{table} by name select 'provider' as geography_type"
        )
    for table in CURVES:
        faults[f"published_{table}:steps_are_coarse"] = (
            f"insert into published_{table} by name select * replace (20000 as day, 3 as at_risk) "
            f"from published_{table} limit 1"
        )
    return faults


#: The statement that breaks a rule, by the rule's key.
FAULTS: dict[str, str] = {
    **_arrivals(),
    **_sent_by_people(),
    **_REGISTRY,
    **_indicators(),
    **_COMPUTED,
    **_publication(),
}
