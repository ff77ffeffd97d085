-- Welsh treatment rows and whose they are (ruling B9). One row as sent.
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
        left join {{ ref('shared_number') }} as shared_number
            on judged.person_id = shared_number.nhs_person_id
        -- Also of a row that was refused: it still says whose tumour it is, unless by a number that
        -- many people share (ruling C3).
        where
            sent.record_id is not null
            and judged.person_id is not null
            and shared_number.nhs_person_id is null
    ) as ranked
    where order_from_last = 1

)

select
    sent.file,
    sent.position,
    sent.quarter,
    submission.folder,
    sent.health_board,
    sent.record_id,
    coalesce(
        case when not {{ is_number_shared() }} then sent.nhs_person_id end,
        tumour.person_id,
        person_link.linked_person_id,
        sent.local_person_id
    ) as person_id,
    sent.start_date,
    {{ two_digits('sent.modality') }} as modality,
    {{ code('sent.intent') }} as intent,
    sent.start_date_fault
from {{ source('submissions', 'wales_treatment') }} as sent
inner join submission on sent.file = submission.file
left join tumour
    on sent.health_board = tumour.health_board and sent.record_id = tumour.record_id
    {{ person_joins('sent') }}
