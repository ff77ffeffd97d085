-- Every rule that a row of PEDW in scope breaks (section 8 of the contract for hospital data). One row a
-- row as sent and rule. Severity and wording are in the seed quarantine_rule.
with

judged as (

    select
        file,
        position,
        part in ('spell', 'wide') and source_person_id is null as hospital_person_missing,
        spell_key is null or (part in ('episode', 'diagnosis') and episode_number is null)
            as hospital_key_missing,
        spell_key is not null and is_without_partner as pedw_without_partner,
        part in ('episode', 'wide') and hospital_date is null and not is_without_partner
            as hospital_date_missing,
        part in ('episode', 'wide') and hospital_date > extract_date as hospital_date_after_extract,
        part in ('episode', 'wide') and spell_admission_date is null and episode_start is not null
            as admission_date_missing,
        part in ('episode', 'wide') and spell_admission_date > episode_start as admission_after_episode,
        episode_end < episode_start as episode_end_before_start,
        discharge_date < admission_date as discharge_before_admission
    from {{ ref('received_pedw') }}
    where not is_out_of_scope

)

{{ broken_rules('judged', [
    'hospital_person_missing', 'hospital_key_missing', 'pedw_without_partner',
    'hospital_date_missing', 'hospital_date_after_extract', 'admission_date_missing',
    'admission_after_episode', 'episode_end_before_start', 'discharge_before_admission'
]) }}
