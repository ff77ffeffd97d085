-- Rows of key files and what became of them: the newest folder that names a number decides (ruling H8).
-- One row as sent.
with

refused as (

    {{ refused_by(ref('source_key_fault')) }}

),

-- A row that is refused names its number too: an older folder is not looked at for it.
ranked as (

    select
        sent.*,
        {{ judgement('false', 'refused') }} as judgement,
        dense_rank() over (
            partition by sent.source, sent.source_person_id
            order by submission.extract_date desc, submission.folder desc
        ) as folder_from_last
    from {{ source('submissions', 'source_key') }} as sent
    inner join {{ source('submissions', 'submission') }} as submission on sent.file = submission.file
    left join refused on sent.file = refused.file and sent.position = refused.position

)

select
    file,
    position,
    quarter,
    source,
    source_person_id,
    nhs_person_id,
    registry_person_id,
    {{ disposition_of_judged('judgement', 'folder_from_last') }} as disposition
from ranked
