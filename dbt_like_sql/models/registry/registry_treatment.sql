-- Treatments of registry extracts: first surgery, SACT regimens by their drugs (ruling F5), first
-- appointment of each radiotherapy episode. One row a treatment; the group is null for regimens of
-- supportive drugs or notes only.
with

accepted as (select * from {{ ref('judged_registry_row') }} where disposition = 'accepted'),

treatment as (

    select registry_person_id, start_date, modality_group from {{ ref('registry_sact_regimen') }}

    union all

    select registry_person_id, min(day), 'radiotherapy'
    from accepted
    where source_table = 'registry_radiotherapy'
    group by registry_person_id, identifier

    union all

    select tumour.registry_person_id, tumour.first_surgery_date, 'surgery'
    from {{ source('submissions', 'registry_tumour') }} as tumour
    inner join {{ ref('registry_record') }} as record
        on tumour.file = record.file and tumour.position = record.position
    where
        tumour.first_surgery_date >= cast('{{ var("earliest_date") }}' as date)
        and tumour.first_surgery_date <= record.extract_date

)

select
    coalesce(linked.person_id, treatment.registry_person_id) as person_id,
    treatment.start_date,
    treatment.modality_group
from treatment
left join {{ ref('stg_registry__link') }} as linked
    on treatment.registry_person_id = linked.registry_person_id
