-- Episodes of HES APC, whose they are, the date that counts, and whether their delivery does: of each
-- FYEAR the last one, whole (rulings H6, H8, H9). One row as sent.
{{ config(materialized='view') }}
select
    sent.file,
    sent.position,
    sent.quarter,
    {{ hospital_person('sent') }} as person_id,
    sent.source_person_id,
    {{ hospital_date('sent.admission_date', 'sent.episode_start') }} as hospital_date,
    sent.admission_date,
    sent.episode_start,
    sent.episode_end,
    sent.discharge_date,
    sent.provider,
    sent.fyear,
    sent.episode_key,
    sent.sex,
    sent.birth_month,
    sent.content,
    submission.extract_date,
    hes_apc_year.file is not null as is_of_last_delivery
from {{ source('submissions', 'hes_apc_episode') }} as sent
inner join {{ source('submissions', 'submission') }} as submission on sent.file = submission.file
left join {{ ref('hes_apc_year') }} as hes_apc_year
    on sent.file = hes_apc_year.file and sent.fyear = hes_apc_year.fyear
    {{ hospital_person_joins('sent', 'hes_apc') }}
    {{ registry_person_joins('sent') }}
