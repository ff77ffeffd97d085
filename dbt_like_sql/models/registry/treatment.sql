-- Anti-cancer treatments of the people in the registry, from COSD, Wales and SACT (method book
-- section 4, rulings F5, F7, F10). One row a treatment.
with

coded as (

    select
        record.person_id,
        'cosd' as source,
        sent.start_date,
        sent.modality,
        record.extract_date
    from {{ source('submissions', 'cosd_treatment') }} as sent
    inner join {{ ref('registry_record') }} as record
        on sent.file = record.file and sent.position = record.position

    union all

    select person_id, 'wales' as source, start_date, modality, null as extract_date
    from {{ ref('judged_wales_treatment') }}
    where disposition = 'accepted'

),

-- Dates before 1900 or after the file was made are ignored (ruling A6); palliative care,
-- monitoring and declined treatment are no anti-cancer treatment.
grouped as (

    select
        person_id,
        source,
        start_date,
        case
            {%- for group in var('treatment_modalities') %}
            when modality in {{ modalities_of(group) }} then '{{ group }}'
            {%- endfor %}
            else 'other'
        end as modality_group
    from coded
    where
        start_date >= cast('{{ var("earliest_date") }}' as date)
        and (extract_date is null or start_date <= extract_date)
        and coalesce(modality, '') not in {{ setting_list('not_treatment_modalities') }}

)

select person_id, source, start_date, modality_group from grouped
union all
select person_id, 'registry', start_date, modality_group
from {{ ref('registry_treatment') }}
where modality_group is not null
union all
select person_id, 'sact', start_date, modality_group
from {{ ref('sact_regimen') }}
where modality_group is not null
