-- Regimens of an extract that name no PATIENTID, and those of them whose link number leads to no
-- person. `files` holds a parameter mark for each file of the extract; it is used four times.
select
    sent.file,
    count(*) as keyed,
    count(*) - count(person.link_id) as alone
from {{ source('submissions', 'registry_regimen') }} as sent
left join (
    select
        sact_person_id,
        min(link_id) as link_id
    from {{ source('submissions', 'registry_sact_patient') }}
    where file in ({{ files | default('null') }})
    group by sact_person_id
    having count(distinct link_id) = 1
) as mapped on sent.sact_person_id = mapped.sact_person_id
left join (
    select link_id from {{ source('submissions', 'registry_patient') }} where file in ({{ files | default('null') }})
    union distinct
    select link_id from {{ source('submissions', 'registry_tumour') }} where file in ({{ files | default('null') }})
) as person on coalesce(sent.link_id, mapped.link_id) = person.link_id
where
    sent.file in ({{ files | default('null') }})
    and sent.registry_person_id is null
    and coalesce(sent.sact_person_id, sent.link_id) is not null
group by sent.file
