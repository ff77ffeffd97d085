-- Rows of RTDS with the key by which episodes and prescriptions of one folder are joined: those of
-- person, provider, attendance and episode that all its files have (rulings H7, H21). One row as sent.
with

placed as (

    select
        sent.*,
        submission.folder,
        submission.extract_date,
        bool_and(sent.has_provider) over (partition by submission.folder) as is_by_provider,
        bool_and(sent.has_attendance) over (partition by submission.folder) as is_by_attendance
    from {{ source('submissions', 'rtds_row') }} as sent
    inner join {{ source('submissions', 'submission') }} as submission on sent.file = submission.file

),

keyed as (

    select
        placed.*,
        source_person_id || '#' || episode_key || '#'
            || case when is_by_provider then coalesce(provider, '') else '' end || '#'
            || case when is_by_attendance then coalesce(attendance_key, '') else '' end as join_key
    from placed

),

of_key as (

    select
        keyed.*,
        bool_or(part in ('episode', 'combined')) over (partition by folder, join_key) as has_episode,
        bool_or(part in ('prescription', 'combined')) over (partition by folder, join_key)
            as has_prescription,
        dense_rank() over (partition by join_key order by extract_date desc, folder desc)
            as folder_from_last
    from keyed

)

select
    of_key.file,
    of_key.position,
    of_key.quarter,
    of_key.part,
    of_key.folder,
    of_key.extract_date,
    of_key.join_key,
    of_key.has_episode,
    of_key.has_prescription,
    of_key.folder_from_last,
    {{ hospital_person('of_key') }} as person_id,
    of_key.source_person_id,
    of_key.provider,
    of_key.episode_key,
    of_key.diagnosis,
    of_key.treatment_start_date,
    of_key.appointment_date,
    of_key.region,
    of_key.is_region_unknown
from of_key
    {{ hospital_person_joins('of_key', 'rtds') }}
    {{ registry_person_joins('of_key') }}
