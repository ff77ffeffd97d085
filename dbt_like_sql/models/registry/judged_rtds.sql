-- Rows of RTDS and what became of them: a later folder that holds their key replaces them (ruling H7).
-- One row as sent.
with

refused as (

    {{ refused_by(ref('rtds_fault')) }}

),

judged as (

    select
        received.*,
        {{ judgement('false', 'refused') }} as judgement
    from {{ ref('received_rtds') }} as received
    left join refused on received.file = refused.file and received.position = refused.position

)

select
    file,
    position,
    quarter,
    part,
    folder,
    join_key,
    person_id,
    source_person_id,
    provider,
    episode_key,
    diagnosis,
    treatment_start_date,
    appointment_date,
    region,
    {{ disposition_of_judged('judgement', 'folder_from_last') }} as disposition
from judged
