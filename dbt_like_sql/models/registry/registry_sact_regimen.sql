-- SACT regimens of registry extracts with their group, over all drugs of their cycles (rulings F5, I3).
-- One row a regimen; the group is null for regimens of supportive drugs or notes only.
with

accepted as (select * from {{ ref('judged_registry_row') }} where disposition = 'accepted'),

given as (

    select cycle.regimen_id, drug.drug_group
    from {{ source('submissions', 'registry_cycle') }} as cycle
    inner join accepted as kept_cycle
        on cycle.file = kept_cycle.file and cycle.position = kept_cycle.position
    inner join {{ source('submissions', 'registry_drug') }} as drug
        on cycle.cycle_id = drug.cycle_id
    inner join accepted as kept_drug
        on drug.file = kept_drug.file and drug.position = kept_drug.position

),

regimen as (

    select
        kept.identifier as regimen_id,
        kept.registry_person_id,
        kept.day as start_date,
        coalesce(given.drug_group, '') as drug_name,
        coalesce(sent.benchmark_group, sent.regimen, '') as regimen_name
    from accepted as kept
    inner join {{ source('submissions', 'registry_regimen') }} as sent
        on kept.file = sent.file and kept.position = sent.position
    left join given on kept.identifier = given.regimen_id
    where kept.source_table = 'registry_regimen'

)

select
    regimen.regimen_id,
    regimen.registry_person_id,
    regimen.start_date,
    {{ regimen_group('drug.drug_group', 'named.drug_group') }} as modality_group
from regimen
inner join {{ ref('drug') }} as drug on regimen.drug_name = drug.drug_name
inner join {{ ref('drug') }} as named on regimen.regimen_name = named.drug_name
group by regimen.regimen_id, regimen.registry_person_id, regimen.start_date
