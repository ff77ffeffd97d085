-- Rows of PEDW and what became of them: superseded when a later folder holds their spell, or when the
-- folder has the same row again (ruling H7). One row as sent.
with

refused as (

    {{ refused_by(ref('pedw_fault')) }}

),

judged as (

    select
        received.*,
        {{ judgement('received.is_out_of_scope', 'refused') }} as judgement
    from {{ ref('received_pedw') }} as received
    left join refused on received.file = refused.file and received.position = refused.position

),

ranked as (

    select
        judged.*,
        case
            when is_replaced then 2
            else row_number() over (
                partition by
                    judgement, is_replaced, folder, part, spell_key, episode_number, icd, number,
                    -- Of a wide file without numbers of episodes each row is one.
                    case when part = 'wide' and episode_number is null then position end
                order by file desc, position desc
            )
        end as order_from_last
    from judged

)

select
    file,
    position,
    quarter,
    part,
    folder,
    spell_key,
    episode_number,
    person_id,
    source_person_id,
    hospital_date,
    spell_admission_date as admission_date,
    episode_start,
    provider,
    icd,
    {{ disposition_of_judged('judgement', 'order_from_last') }} as disposition
from ranked
