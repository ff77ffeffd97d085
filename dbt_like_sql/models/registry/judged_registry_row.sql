-- What became of the rows of a registry extract other than tumours (rulings A6, A7): a later extract's
-- row of the same identifier replaces the earlier one. Drugs, attendances and prescriptions repeat
-- within a file, so that only another file replaces them. One row a row as sent.
with

sent as (

    select
        file,
        position,
        quarter,
        'registry_patient' as source_table,
        registry_person_id as identifier,
        registry_person_id as registry_person_id,
        registry_person_id is null as is_person_missing,
        position as place,
        vital_status_date as day,
        vital_status_date_fault as day_fault,
        coalesce(upper(vital_status) like 'D%', false) as is_day_needed,
        ethnic_category as ethnic_category,
        false as is_number_wrong
    from {{ source('submissions', 'registry_patient') }}
    union all
    select
        file,
        position,
        quarter,
        'registry_regimen' as source_table,
        regimen_id as identifier,
        registry_person_id as registry_person_id,
        registry_person_id is null as is_person_missing,
        position as place,
        start_date as day,
        start_date_fault as day_fault,
        coalesce(true, false) as is_day_needed,
        cast(null as text) as ethnic_category,
        false as is_number_wrong
    from {{ source('submissions', 'registry_regimen') }}
    union all
    select
        file,
        position,
        quarter,
        'registry_cycle' as source_table,
        cycle_id as identifier,
        cast(null as text) as registry_person_id,
        false as is_person_missing,
        position as place,
        cast(null as date) as day,
        cast(null as text) as day_fault,
        coalesce(false, false) as is_day_needed,
        cast(null as text) as ethnic_category,
        false as is_number_wrong
    from {{ source('submissions', 'registry_cycle') }}
    union all
    select
        file,
        position,
        quarter,
        'registry_drug' as source_table,
        cycle_id as identifier,
        cast(null as text) as registry_person_id,
        false as is_person_missing,
        0 as place,
        cast(null as date) as day,
        cast(null as text) as day_fault,
        coalesce(false, false) as is_day_needed,
        cast(null as text) as ethnic_category,
        false as is_number_wrong
    from {{ source('submissions', 'registry_drug') }}
    union all
    select
        file,
        position,
        quarter,
        'registry_outcome' as source_table,
        regimen_id as identifier,
        cast(null as text) as registry_person_id,
        false as is_person_missing,
        position as place,
        cast(null as date) as day,
        cast(null as text) as day_fault,
        coalesce(false, false) as is_day_needed,
        cast(null as text) as ethnic_category,
        false as is_number_wrong
    from {{ source('submissions', 'registry_outcome') }}
    union all
    select
        file,
        position,
        quarter,
        'registry_radiotherapy' as source_table,
        episode_id as identifier,
        registry_person_id as registry_person_id,
        registry_person_id is null as is_person_missing,
        0 as place,
        appointment_date as day,
        appointment_date_fault as day_fault,
        coalesce(true, false) as is_day_needed,
        cast(null as text) as ethnic_category,
        false as is_number_wrong
    from {{ source('submissions', 'registry_radiotherapy') }}
    union all
    select
        file,
        position,
        quarter,
        'registry_prescription' as source_table,
        episode_id as identifier,
        cast(null as text) as registry_person_id,
        false as is_person_missing,
        0 as place,
        cast(null as date) as day,
        cast(null as text) as day_fault,
        coalesce(false, false) as is_day_needed,
        cast(null as text) as ethnic_category,
        false as is_number_wrong
    from {{ source('submissions', 'registry_prescription') }}
    union all
    select
        file,
        position,
        quarter,
        'registry_key' as source_table,
        registry_person_id as identifier,
        registry_person_id as registry_person_id,
        registry_person_id is null as is_person_missing,
        position as place,
        cast(null as date) as day,
        cast(null as text) as day_fault,
        coalesce(false, false) as is_day_needed,
        cast(null as text) as ethnic_category,
        nhs_number_status <> 'valid' as is_number_wrong
    from {{ source('submissions', 'registry_key') }}

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
    case
        when rule is not null then 'quarantined'
        when order_from_last = 1 then 'accepted'
        else 'superseded'
    end as disposition
from ranked
