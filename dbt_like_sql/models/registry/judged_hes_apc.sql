-- Episodes of HES APC and what became of them: superseded when their delivery is, or when an equal row
-- counts (rulings H6, H12; section 2.5 of the contract). One row as sent.
with

refused as (

    {{ refused_by(ref('hes_apc_fault')) }}

),

judged as (

    select
        received.*,
        {{ judgement('false', 'refused') }} as judgement
    from {{ ref('received_hes_apc') }} as received
    left join refused on received.file = refused.file and received.position = refused.position

),

ranked as (

    select
        judged.*,
        case
            when is_of_last_delivery
                then row_number() over (
                    partition by judgement, is_of_last_delivery, content
                    order by coalesce(fyear, '') desc, file desc, position
                )
            else 2
        end as order_from_last
    from judged

)

select
    file,
    position,
    quarter,
    person_id,
    source_person_id,
    hospital_date,
    admission_date,
    episode_start,
    provider,
    fyear,
    {{ disposition_of_judged('judgement', 'order_from_last') }} as disposition
from ranked
