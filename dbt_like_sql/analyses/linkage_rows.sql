-- What linkage compares: each distinct description of a person by a breast record, in order, so that
-- each run sees the same table.
with sent as (

    select
        file,
        position,
        nhs_person_id,
        local_person_id,
        birth_date,
        sex,
        provider,
        event_date
    from {{ source('submissions', 'cosd_record') }}
    union all
    select
        file,
        position,
        nhs_person_id,
        local_person_id,
        birth_date,
        case upper(sex) when 'F' then '2' when 'M' then '1' else sex end,
        provider,
        event_date
    from {{ source('submissions', 'wales_tumour') }}

)

select distinct
    -- A number that many people share does not say who they are (ruling C3).
    case when shared_number.nhs_person_id is null then sent.nhs_person_id end as nhs_person_id,
    sent.local_person_id,
    sent.birth_date,
    case when sent.sex in ('1', '2') then sent.sex end as sex,
    link_key.surname,
    link_key.forename,
    link_key.postcode,
    substr(upper(trim(sent.provider)), 1, 3) as provider,
    sent.event_date
from sent
left join {{ source('submissions', 'link_key') }} as link_key
    on sent.file = link_key.file and sent.position = link_key.position
left join {{ ref('shared_number') }} as shared_number
    on sent.nhs_person_id = shared_number.nhs_person_id
where
    (sent.nhs_person_id is not null and shared_number.nhs_person_id is null)
    or sent.local_person_id is not null
order by 1, 2, 3, 4, 5, 6, 7, 8, 9
