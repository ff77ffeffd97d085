-- Every rule that a row of RTDS breaks (section 8 of the contract for hospital data). One row a row as
-- sent and rule. Severity and wording are in the seed quarantine_rule.
with

judged as (

    select
        file,
        position,
        source_person_id is null as hospital_person_missing,
        episode_key is null as hospital_key_missing,
        part <> 'prescription' and treatment_start_date is null and appointment_date is null
            as hospital_date_missing,
        coalesce(treatment_start_date, appointment_date) > extract_date as hospital_date_after_extract,
        join_key is not null and not (has_episode and has_prescription) as rtds_without_partner,
        is_region_unknown as rtds_region_unknown
    from {{ ref('received_rtds') }}

)

{{ broken_rules('judged', [
    'hospital_person_missing', 'hospital_key_missing', 'hospital_date_missing',
    'hospital_date_after_extract', 'rtds_without_partner', 'rtds_region_unknown'
]) }}
