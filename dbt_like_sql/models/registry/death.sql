-- Deaths by civil registration, judged (rulings B11, B12). One row a registration received;
-- the accepted row of a person is that person's death.
with

refused as (

    {{ refused_by(ref('death_fault')) }}

),

registration as (

    select
        sent.*,
        submission.folder,
        {{ judgement('false', 'refused') }} as judgement
    from {{ source('submissions', 'death_registration') }} as sent
    inner join {{ source('submissions', 'submission') }} as submission
        on sent.file = submission.file
    left join refused on sent.file = refused.file and sent.position = refused.position

),

ranked as (

    select
        registration.*,
        row_number() over (
            partition by judgement, nhs_person_id
            order by
                coalesce(registration_date, cast('0001-01-01' as date)) desc,
                folder desc,
                file desc,
                position desc
        ) as order_from_last
    from registration

)

select
    file,
    position,
    quarter,
    nhs_person_id as person_id,
    registration_date,
    death_date,
    coalesce(death_date_fault, '') = 'partial' as is_day_unknown,
    underlying_cause,
    causes,
    {{ disposition_of_judged('judgement', 'order_from_last') }} as disposition
from ranked
