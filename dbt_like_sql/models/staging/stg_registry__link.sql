-- People of registry extracts whose NHS number a key file tells. One row a person of an extract; the
-- latest key wins. A number that many people share links nobody (ruling C3).
with

ranked as (

    select
        registry_key.registry_person_id,
        registry_key.nhs_person_id,
        row_number() over (
            partition by registry_key.registry_person_id
            order by submission.extract_date desc, registry_key.file desc, registry_key.position desc
        ) as order_from_last
    from {{ source('submissions', 'registry_key') }} as registry_key
    inner join {{ source('submissions', 'submission') }} as submission
        on registry_key.file = submission.file
    left join {{ ref('shared_number') }} as shared_number
        on registry_key.nhs_person_id = shared_number.nhs_person_id
    where
        registry_key.nhs_person_id is not null
        and registry_key.registry_person_id is not null
        and shared_number.nhs_person_id is null

)

select registry_person_id, nhs_person_id as person_id
from ranked
where order_from_last = 1
