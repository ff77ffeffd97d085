-- Welsh treatment rows, their person and what became of them (ruling B9). One row as sent.
with

refused as (

    {{ refused_by(ref('wales_treatment_fault')) }}

),

treatment as (

    select
        received.*,
        {{ judgement('false', 'refused') }} as judgement
    from {{ ref('received_wales_treatment') }} as received
    left join refused on received.file = refused.file and received.position = refused.position

),

-- A later file that holds rows of a tumour replaces all earlier rows of it, never within a file.
ranked as (

    select
        treatment.*,
        case
            when record_id is not null then dense_rank() over (
                partition by judgement, health_board, record_id
                order by folder desc, file desc
            )
            else 1
        end as file_order_from_last
    from treatment

)

select
    file,
    position,
    quarter,
    person_id,
    start_date,
    modality,
    intent,
    {{ disposition_of_judged('judgement', 'file_order_from_last') }} as disposition
from ranked
