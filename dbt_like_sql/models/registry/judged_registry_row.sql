-- What became of the rows of a registry extract other than tumours (rulings A6, A7): a later extract's
-- row of the same identifier replaces the earlier one. Drugs, attendances and prescriptions repeat
-- within a file, so that only another file replaces them. One row a row as sent.
with

sent as (

    {{ registry_rows(
        source('submissions', 'registry_patient'), 'registry_patient', 'registry_person_id',
        person='registry_person_id', day='vital_status_date',
        is_day_needed="coalesce(upper(vital_status) like 'D%', false)", ethnic_category='ethnic_category'
    ) }}
    union all
    {{ registry_rows(
        source('submissions', 'registry_regimen'), 'registry_regimen', 'regimen_id',
        person='registry_person_id', day='start_date'
    ) }}
    union all
    {{ registry_rows(source('submissions', 'registry_cycle'), 'registry_cycle', 'cycle_id') }}
    union all
    {{ registry_rows(source('submissions', 'registry_drug'), 'registry_drug', 'cycle_id', repeats=true) }}
    union all
    {{ registry_rows(source('submissions', 'registry_outcome'), 'registry_outcome', 'regimen_id') }}
    union all
    {{ registry_rows(
        source('submissions', 'registry_radiotherapy'), 'registry_radiotherapy', 'episode_id',
        person='registry_person_id', day='appointment_date', repeats=true
    ) }}
    union all
    {{ registry_rows(
        source('submissions', 'registry_prescription'), 'registry_prescription', 'episode_id',
        repeats=true
    ) }}
    union all
    {{ registry_rows(
        source('submissions', 'registry_key'), 'registry_key', 'registry_person_id',
        person='registry_person_id', is_number_wrong="nhs_number_status <> 'valid'"
    ) }}

),

judged as (

    select
        sent.*,
        submission.extract_date,
        case
            when sent.identifier is null or sent.is_person_missing then 'registry_identifier_missing'
            when sent.is_number_wrong then 'registry_key_number_wrong'
            when sent.is_day_needed and sent.day is null then 'registry_date_missing'
            when sent.is_day_needed and sent.day < cast('{{ var("earliest_date") }}' as date)
            then 'registry_date_before_1900'
            when sent.is_day_needed and sent.day > submission.extract_date
            then 'registry_date_after_extract'
        end as rule
    from sent
    inner join {{ source('submissions', 'submission') }} as submission on sent.file = submission.file

),

ranked as (

    select
        judged.*,
        dense_rank() over (
            partition by source_table, identifier, case when rule is null then 1 else 0 end
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
    rule,
    {{ disposition_by_rule('rule', 'order_from_last') }} as disposition
from ranked
