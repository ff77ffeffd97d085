-- Receptor status of each person in the registry. One row a person with a status on record; positive
-- on any record beats negative, negative beats unknown.
with

coded as (

    select
        record.person_id,
        {{ code('sent.er_status') }} as er_status,
        {{ code('sent.her2_status') }} as her2_status
    from {{ source('submissions', 'wales_tumour') }} as sent
    inner join {{ ref('registry_record') }} as record
        on sent.file = record.file and sent.position = record.position

)

select
    person_id,
    case
        when bool_or(er_status = 'P') then 'positive'
        when bool_or(er_status = 'N') then 'negative'
        else 'unknown'
    end as er_status,
    'unknown' as pr_status,
    case
        when bool_or(her2_status = 'P') then 'positive'
        when bool_or(her2_status = 'N') then 'negative'
        else 'unknown'
    end as her2_status
from coded
group by person_id
