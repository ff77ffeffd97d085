-- What became of the rows of a registry extract other than tumours (rulings A6, A7): a later extract's
-- row of the same identifier replaces the earlier one. Drugs, attendances and prescriptions repeat
-- within a file, so that only another file replaces them. One row a row as sent.
with

sent as (

{{ every_registry_row() }}

),

refused as (

    {{ refused_by(ref('registry_row_fault')) }}

),

judged as (

    select
        sent.*,
        submission.extract_date,
        {{ judgement('false', 'refused') }} as judgement
    from sent
    inner join {{ source('submissions', 'submission') }} as submission on sent.file = submission.file
    left join refused on sent.file = refused.file and sent.position = refused.position

),

ranked as (

    select
        judged.*,
        dense_rank() over (
            partition by source_table, identifier, judgement
            order by extract_date desc, file desc, place desc
        ) as order_from_last
    from judged

)

select
    file,
    position,
    quarter,
    source_table,
    identifier,
    registry_person_id,
    case when is_day_needed then day end as day,
    coalesce(day_fault, '') = 'partial' as is_day_partial,
    ethnic_category,
    {{ disposition_of_judged('judgement', 'order_from_last') }} as disposition
from ranked
