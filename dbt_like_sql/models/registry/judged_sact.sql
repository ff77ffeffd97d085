-- SACT administrations and what became of them (rulings B10, B13, B19). One row as sent.
with

refused as (

    select distinct sact_fault.file, sact_fault.position
    from {{ ref('sact_fault') }} as sact_fault
    inner join {{ ref('quarantine_rule') }} as quarantine_rule
        on sact_fault.rule = quarantine_rule.rule
    where quarantine_rule.severity = 'error'

),

judged as (

    select
        sact.*,
        submission.folder,
        case
            when sact.is_out_of_scope then 'out_of_scope'
            when refused.file is not null then 'quarantined'
            else 'candidate'
        end as judgement
    from {{ ref('stg_sact__administration') }} as sact
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
    case
        when judgement <> 'candidate' then judgement
        when order_from_last = 1 then 'accepted'
        else 'superseded'
    end as disposition
from ranked
