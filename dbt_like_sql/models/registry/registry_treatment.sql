-- Treatments of registry extracts: first surgery, SACT regimens by their drugs (ruling F5), first
-- appointment of each radiotherapy episode. One row a treatment; the group is null for regimens of
-- supportive drugs only.
with

accepted as (select * from {{ ref('judged_registry_row') }} where disposition = 'accepted'),

-- The drugs given; where no cycle names one, the groups that name the regimen's drugs.
regimen_drug as (

    select
        regimen.identifier as regimen_id,
        coalesce(given.drug_group, sent.benchmark_group, sent.regimen, '') as drug_name
    from accepted as regimen
    inner join {{ source('submissions', 'registry_regimen') }} as sent
        on regimen.file = sent.file and regimen.position = sent.position
    left join (
        select cycle.regimen_id, drug.drug_group
        from {{ source('submissions', 'registry_cycle') }} as cycle
        inner join accepted as kept_cycle
            on cycle.file = kept_cycle.file and cycle.position = kept_cycle.position
        inner join {{ source('submissions', 'registry_drug') }} as drug
            on cycle.cycle_id = drug.cycle_id
        inner join accepted as kept_drug
            on drug.file = kept_drug.file and drug.position = kept_drug.position
        where drug.drug_group is not null
    ) as given on regimen.identifier = given.regimen_id
    where regimen.source_table = 'registry_regimen'

),

regimen as (

    select
        regimen_drug.regimen_id,
        {{ regimen_group('drug.drug_group') }} as modality_group
    from regimen_drug
    inner join {{ ref('drug') }} as drug on regimen_drug.drug_name = drug.drug_name
    group by regimen_drug.regimen_id

),

treatment as (

    select kept.registry_person_id, kept.day as start_date, regimen.modality_group
    from accepted as kept
    inner join regimen on kept.identifier = regimen.regimen_id
    where kept.source_table = 'registry_regimen'

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
