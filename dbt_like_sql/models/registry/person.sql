-- People in the registry (method book section 1, rulings C1 to C4, C7). One row a person.
with

record as (select * from {{ ref('registry_record') }}),

-- The known value of the latest record wins; a missing one never overwrites it (ruling C4).
birth as (

    select person_id, birth_date
    from (
        select
            person_id,
            birth_date,
            row_number() over (
                partition by person_id
                -- A registry extract has only the age: a real birth date goes before it.
                order by case when source = 'registry' then 1 else 0 end, submission_order desc
            ) as order_from_last
        from record
        where birth_date is not null
    ) as known
    where order_from_last = 1

),

sex as (

    select person_id, sex
    from (
        select
            person_id,
            sex,
            row_number() over (partition by person_id order by submission_order desc) as order_from_last
        from record
        where sex <> 'unknown'
    ) as known
    where order_from_last = 1

),

-- Deaths known to a registry extract (ruling C7), with the key file's person where there is one.
vital_status as (

    select record.person_id, min(patient.vital_status_date) as death_date
    from record
    inner join {{ source('submissions', 'registry_tumour') }} as tumour
        on record.file = tumour.file and record.position = tumour.position
    inner join {{ source('submissions', 'registry_patient') }} as patient
        on tumour.registry_person_id = patient.registry_person_id
    inner join {{ ref('judged_registry_row') }} as judged
        on patient.file = judged.file and patient.position = judged.position
        and judged.disposition = 'accepted'
    where {{ code('patient.vital_status') }} like 'D%'
    group by record.person_id

)

select
    everyone.person_id,
    coalesce(sex.sex, 'unknown') as sex,
    birth.birth_date,
    coalesce(death.death_date, vital_status.death_date) as death_date,
    death.is_day_unknown as is_death_day_unknown
from (select distinct person_id from record) as everyone
left join birth on everyone.person_id = birth.person_id
left join sex on everyone.person_id = sex.person_id
left join {{ ref('death') }} as death
    on everyone.person_id = death.person_id and death.disposition = 'accepted'
left join vital_status on everyone.person_id = vital_status.person_id
