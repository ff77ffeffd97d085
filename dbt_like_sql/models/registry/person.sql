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

-- Deaths known to a registry extract (ruling C7); a key file links them to the NHS number.
vital_status as (

    select
        coalesce(linked.person_id, patient.registry_person_id) as person_id,
        min(patient.day) as death_date,
        bool_and(patient.is_day_partial) as is_day_unknown
    from {{ ref('judged_registry_row') }} as patient
    left join {{ ref('stg_registry__link') }} as linked
        on patient.registry_person_id = linked.registry_person_id
    where
        patient.source_table = 'registry_patient'
        and patient.disposition = 'accepted'
        and patient.day is not null
    group by coalesce(linked.person_id, patient.registry_person_id)

)

select
    everyone.person_id,
    coalesce(sex.sex, 'unknown') as sex,
    birth.birth_date,
    coalesce(death.death_date, vital_status.death_date) as death_date,
    coalesce(death.is_day_unknown, vital_status.is_day_unknown) as is_death_day_unknown
from (select distinct person_id from record) as everyone
left join birth on everyone.person_id = birth.person_id
left join sex on everyone.person_id = sex.person_id
left join {{ ref('death') }} as death
    on everyone.person_id = death.person_id and death.disposition = 'accepted'
left join vital_status on everyone.person_id = vital_status.person_id
