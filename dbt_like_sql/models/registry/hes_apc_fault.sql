-- Every rule that an episode of HES APC breaks (section 8 of the contract for hospital data). One row a
-- row as sent and rule. Severity and wording are in the seed quarantine_rule.
with

episode as (

    select
        received.*,
        coalesce(person_id, source_person_id) as person
    from {{ ref('received_hes_apc') }} as received

),

judged as (

    select
        file,
        position,
        source_person_id is null as hospital_person_missing,
        hospital_date is null as hospital_date_missing,
        hospital_date > extract_date as hospital_date_after_extract,
        admission_date is null and episode_start is not null as admission_date_missing,
        admission_date > episode_start as admission_after_episode,
        episode_end < episode_start as episode_end_before_start,
        discharge_date < admission_date as discharge_before_admission,
        birth_month > substr(cast(hospital_date as text), 1, 7) as birth_after_admission,
        -- Numbers of episodes of two deliveries do not meet.
        is_of_last_delivery
        and episode_key is not null
        and min(person) over (partition by is_of_last_delivery, episode_key)
        <> max(person) over (partition by is_of_last_delivery, episode_key) as episode_of_two_people,
        is_of_last_delivery
        and person is not null
        and (
            min(case when sex <> '9' then sex end) over (partition by is_of_last_delivery, person)
            <> max(case when sex <> '9' then sex end) over (partition by is_of_last_delivery, person)
            or min(birth_month) over (partition by is_of_last_delivery, person)
            <> max(birth_month) over (partition by is_of_last_delivery, person)
        ) as person_contradicts
    from episode

)

{{ broken_rules('judged', [
    'hospital_person_missing', 'hospital_date_missing', 'hospital_date_after_extract',
    'admission_date_missing', 'admission_after_episode', 'episode_end_before_start',
    'discharge_before_admission', 'birth_after_admission', 'episode_of_two_people',
    'person_contradicts'
]) }}
