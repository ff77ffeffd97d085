-- What became of the rows of a registry extract other than tumours: a later extract's row of the
-- same identifier replaces the earlier one; a row without its identifier is refused. Prescriptions,
-- drugs and attendances repeat within a file, so that only a later file replaces them. One row a row
-- as sent.
with

sent as (

    select
        file, position, quarter, 'registry_patient' as source_table, registry_person_id as identifier,
        position as place
    from {{ source('submissions', 'registry_patient') }}
    union all
    select
        file, position, quarter, 'registry_regimen' as source_table, regimen_id as identifier,
        position as place
    from {{ source('submissions', 'registry_regimen') }}
    union all
    select
        file, position, quarter, 'registry_cycle' as source_table, cycle_id as identifier,
        position as place
    from {{ source('submissions', 'registry_cycle') }}
    union all
    select
        file, position, quarter, 'registry_drug' as source_table, cycle_id as identifier,
        0 as place
    from {{ source('submissions', 'registry_drug') }}
    union all
    select
        file, position, quarter, 'registry_outcome' as source_table, regimen_id as identifier,
        position as place
    from {{ source('submissions', 'registry_outcome') }}
    union all
    select
        file, position, quarter, 'registry_radiotherapy' as source_table, episode_id as identifier,
        0 as place
    from {{ source('submissions', 'registry_radiotherapy') }}
    union all
    select
        file, position, quarter, 'registry_prescription' as source_table, episode_id as identifier,
        0 as place
    from {{ source('submissions', 'registry_prescription') }}
    union all
    select
        file, position, quarter, 'registry_key' as source_table, registry_person_id as identifier,
        position as place
    from {{ source('submissions', 'registry_key') }}

),

ranked as (

    select
        sent.*,
        dense_rank() over (
            partition by sent.source_table, sent.identifier
            order by submission.extract_date desc, sent.file desc, sent.place desc
        ) as order_from_last
    from sent
    inner join {{ source('submissions', 'submission') }} as submission on sent.file = submission.file

)

select
    file,
    position,
    quarter,
    case when identifier is null then 'registry_identifier_missing' end as rule,
    case
        when identifier is null then 'quarantined'
        when order_from_last = 1 then 'accepted'
        else 'superseded'
    end as disposition
from ranked
