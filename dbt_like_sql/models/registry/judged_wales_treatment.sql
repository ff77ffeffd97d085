-- Welsh treatment rows, their person and what became of them (ruling B9). One row as sent.
with

submission as (select * from {{ source('submissions', 'submission') }}),

-- The person of a tumour row: of the latest row in the registry's order of submission.
tumour as (

    select health_board, record_id, person_id
    from (
        select
            sent.health_board,
            sent.record_id,
            judged.person_id,
            row_number() over (
                partition by sent.health_board, sent.record_id
                order by judged.submission_order desc
            ) as order_from_last
        from {{ source('submissions', 'wales_tumour') }} as sent
        inner join {{ ref('judged_record') }} as judged
            on sent.file = judged.file and sent.position = judged.position
        -- Also of a row that was refused: it still says whose tumour it is.
        where sent.record_id is not null and judged.person_id is not null
    ) as ranked
    where order_from_last = 1

),

treatment as (

    select
        sent.file,
        sent.position,
        sent.quarter,
        submission.folder,
        sent.health_board,
        sent.record_id,
        coalesce(
            sent.nhs_person_id,
            tumour.person_id,
            person_link.linked_person_id,
            sent.local_person_id
        ) as person_id,
        sent.start_date,
        {{ two_digits('sent.modality') }} as modality,
        {{ code('sent.intent') }} as intent,
        case
            when coalesce(sent.nhs_person_id, tumour.person_id, sent.local_person_id) is null
            then 'treatment_without_person'
            when sent.start_date is null and sent.start_date_fault is null
            then 'treatment_date_missing'
            when sent.start_date is null then 'treatment_date_unreadable'
            when sent.start_date < cast('{{ var("earliest_date") }}' as date)
            then 'treatment_date_before_1900'
        end as rule
    from {{ source('submissions', 'wales_treatment') }} as sent
    inner join submission on sent.file = submission.file
    left join tumour
        on sent.health_board = tumour.health_board and sent.record_id = tumour.record_id
    left join {{ source('linkage', 'person_link') }} as person_link
        on sent.local_person_id = person_link.person_id

),

-- A later file that holds rows of a tumour replaces all earlier rows of it, never within a file.
ranked as (

    select
        treatment.*,
        case
            when rule is null and record_id is not null then dense_rank() over (
                partition by health_board, record_id, case when rule is null then 1 else 0 end
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
    rule,
    {{ disposition_by_rule('rule', 'file_order_from_last') }} as disposition
from ranked
