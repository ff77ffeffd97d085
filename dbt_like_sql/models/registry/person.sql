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
            row_number() over (partition by person_id order by submission_order desc) as order_from_last
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

)

select
    everyone.person_id,
    coalesce(sex.sex, 'unknown') as sex,
    birth.birth_date,
    death.death_date,
    death.is_day_unknown as is_death_day_unknown
from (select distinct person_id from record) as everyone
left join birth on everyone.person_id = birth.person_id
left join sex on everyone.person_id = sex.person_id
left join {{ ref('death') }} as death
    on everyone.person_id = death.person_id and death.disposition = 'accepted'
