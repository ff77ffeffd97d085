-- SACT regimens of registry extracts with the person whose they are. One row a regimen as sent.
with

regimen as (

    select sent.*, submission.extract_date
    from {{ source('submissions', 'registry_regimen') }} as sent
    inner join {{ source('submissions', 'submission') }} as submission on sent.file = submission.file

),

-- Numbers of one release mean nothing in another: all is joined within the day of the extract.
link as (

    select submission.extract_date, sent.sact_person_id, min(sent.link_id) as link_id
    from {{ source('submissions', 'registry_sact_patient') }} as sent
    inner join {{ source('submissions', 'submission') }} as submission on sent.file = submission.file
    where sent.sact_person_id is not null and sent.link_id is not null
    group by submission.extract_date, sent.sact_person_id
    having count(distinct sent.link_id) = 1

),

-- Only rows of v1, which name no PATIENTID.
linked as (

    select
        regimen.file,
        regimen.position,
        regimen.extract_date,
        coalesce(regimen.link_id, link.link_id) as link_id
    from regimen
    left join link
        on regimen.extract_date = link.extract_date
        and regimen.sact_person_id = link.sact_person_id
    where regimen.registry_person_id is null

),

numbered as (

    select file, link_id, registry_person_id from {{ source('submissions', 'registry_patient') }}
    where link_id is not null
    union all
    select file, link_id, registry_person_id from {{ source('submissions', 'registry_tumour') }}
    where link_id is not null

),

person as (

    select
        linked.file,
        linked.position,
        min(numbered.registry_person_id) as registry_person_id
    from linked
    inner join numbered on linked.link_id = numbered.link_id
    inner join {{ source('submissions', 'submission') }} as submission
        on numbered.file = submission.file and linked.extract_date = submission.extract_date
    group by linked.file, linked.position
    having count(distinct numbered.registry_person_id) = 1

)

select
    regimen.file,
    regimen.position,
    regimen.quarter,
    coalesce(
        regimen.registry_person_id, person.registry_person_id, regimen.sact_person_id, regimen.link_id
    ) as registry_person_id,
    regimen.regimen_id,
    regimen.start_date,
    regimen.start_date_fault
from regimen
left join person on regimen.file = person.file and regimen.position = person.position
