-- Treatments of cancer waiting times and what became of them: every sound row counts (ruling H7).
-- One row as sent.
with

refused as (

    {{ refused_by(ref('waiting_times_fault')) }}

),

judged as (

    select
        sent.*,
        {{ hospital_person('sent') }} as person_id,
        {{ judgement('false', 'refused') }} as judgement
    from {{ source('submissions', 'waiting_times_row') }} as sent
        {{ hospital_person_joins('sent', 'cwt') }}
        {{ registry_person_joins('sent') }}
    left join refused on sent.file = refused.file and sent.position = refused.position

)

select
    file,
    position,
    quarter,
    person_id,
    source_person_id,
    provider,
    event_type,
    icd,
    treatment_date,
    {{ disposition_of_judged('judgement', '1') }} as disposition
from judged
