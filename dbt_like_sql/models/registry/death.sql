-- Deaths by civil registration, judged (rulings B11, B12). One row a registration received;
-- the accepted row of a person is that person's death.
with

registration as (

    select
        file,
        position,
        quarter,
        nhs_person_id as person_id,
        registration_date,
        death_date,
        underlying_cause,
        causes,
        coalesce(death_date_fault, '') = 'partial' as is_day_unknown,
        case
            when nhs_person_id is null then 'nhs_number_missing_or_invalid'
            when death_date is null and death_date_fault is null then 'death_date_missing'
            when death_date is null then 'death_date_unreadable'
            when death_date < cast('{{ var("earliest_date") }}' as date) then 'death_date_before_1900'
            when death_date > registration_date and coalesce(death_date_fault, '') <> 'partial'
            then 'death_after_registration'
        end as rule
    from {{ source('submissions', 'death_registration') }}

),

ranked as (

    select
        registration.*,
        case when rule is null then row_number() over (
            partition by person_id, rule
            order by
                coalesce(registration_date, cast('0001-01-01' as date)) desc,
                submission.folder desc,
                registration.file desc,
                registration.position desc
        ) end as order_from_last
    from registration
    inner join {{ source('submissions', 'submission') }} as submission
        on registration.file = submission.file

)

select
    file,
    position,
    quarter,
    person_id,
    registration_date,
    death_date,
    is_day_unknown,
    underlying_cause,
    causes,
    rule,
    {{ disposition_by_rule('rule', 'order_from_last') }} as disposition
from ranked
