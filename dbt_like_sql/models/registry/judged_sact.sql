-- SACT administrations and what became of them (rulings B10, B13, B19). One row as sent.
with

refused as (

    {{ refused_by(ref('sact_fault')) }}

),

judged as (

    select
        sact.*,
        submission.folder,
        {{ judgement('sact.is_out_of_scope', 'refused') }} as judgement
    from {{ ref('received_sact') }} as sact
    inner join {{ source('submissions', 'submission') }} as submission
        on sact.file = submission.file
    left join refused on sact.file = refused.file and sact.position = refused.position

),

ranked as (

    select
        judged.*,
        row_number() over (
            partition by
                judgement, person_id, provider, regimen, regimen_start_date, cycle_number,
                drug_name, administration_date
            order by folder desc, file desc, position desc
        ) as order_from_last
    from judged

)

select
    file,
    position,
    quarter,
    person_id,
    provider,
    regimen,
    regimen_start_date,
    cycle_number,
    cycle_start_date,
    drug_name,
    administration_date,
    intent,
    {{ disposition_of_judged('judgement', 'order_from_last') }} as disposition
from ranked
