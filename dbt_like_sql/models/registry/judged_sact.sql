-- SACT administrations and what became of them (rulings B10, B13, B19). One row as sent.
with

run as (

    select max({{ quarter_last_day('to_quarter') }}) as last_day
    from {{ source('submissions', 'audit_run') }}

),

judged as (

    select
        sact.*,
        submission.folder,
        coalesce(sact.icd3 not in ('C50', 'D05', 'C77', 'C78', 'C79'), false) as is_out_of_scope,
        case
            when sact.person_id is null then 'no_person_identifier'
            when sact.icd3 is null then 'primary_diagnosis_missing'
            when sact.regimen_start_date is null and sact.regimen_start_date_fault is null
            then 'regimen_start_missing'
            when sact.regimen_start_date is null then 'regimen_start_unreadable'
            when sact.regimen_start_date < cast('{{ var("earliest_date") }}' as date)
            then 'regimen_start_before_1900'
            when sact.regimen_start_date > run.last_day then 'regimen_start_after_run'
        end as rule
    from {{ ref('stg_sact__administration') }} as sact
    inner join {{ source('submissions', 'submission') }} as submission
        on sact.file = submission.file
    cross join run

),

ranked as (

    select
        judged.*,
        row_number() over (
            partition by
                is_out_of_scope, rule, person_id, provider, regimen, regimen_start_date,
                cycle_number, drug_name, administration_date
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
    case when not is_out_of_scope then rule end as rule,
    case
        when is_out_of_scope then 'out_of_scope'
        when rule is not null then 'quarantined'
        when order_from_last = 1 then 'accepted'
        else 'superseded'
    end as disposition
from ranked
