-- Drugs given as SACT to people with MBC, from SACT files and registry extracts, but for regimens of
-- supportive drugs or notes only, which are no anti-cancer treatment (ruling F5). One row a drug given,
-- also a cycle or a regimen that names no drug: it is under the regimen's name (ruling I3).
with

cohort as (select person_id from {{ ref('registry_cohort') }}),

administration as (

    select
        given.person_id,
        'sact' as source,
        coalesce(given.regimen, '') as regimen,
        given.regimen_start_date,
        given.cycle_start_date,
        given.administration_date,
        given.intent,
        coalesce(given.drug_name, given.regimen, '') as drug_name
    from cohort
    inner join {{ ref('judged_sact') }} as given on cohort.person_id = given.person_id
    where given.disposition = 'accepted'

),

accepted as (select * from {{ ref('judged_registry_row') }} where disposition = 'accepted'),

extract_regimen as (

    select
        cohort.person_id,
        kept.identifier as regimen,
        kept.day as regimen_start_date,
        sent.intent,
        coalesce(sent.benchmark_group, sent.regimen, '') as regimen_name
    from accepted as kept
    inner join {{ source('submissions', 'registry_regimen') }} as sent
        on kept.file = sent.file and kept.position = sent.position
    left join {{ ref('stg_registry__link') }} as linked
        on kept.registry_person_id = linked.registry_person_id
    inner join cohort on coalesce(linked.person_id, kept.registry_person_id) = cohort.person_id
    where kept.source_table = 'registry_regimen'

),

extract_cycle as (

    select sent.regimen_id, sent.cycle_id, sent.start_date
    from extract_regimen
    inner join {{ source('submissions', 'registry_cycle') }} as sent
        on extract_regimen.regimen = sent.regimen_id
    inner join accepted as kept on sent.file = kept.file and sent.position = kept.position

),

extract_drug as (

    select sent.cycle_id, sent.administration_date, sent.drug_group
    from extract_cycle
    inner join {{ source('submissions', 'registry_drug') }} as sent
        on extract_cycle.cycle_id = sent.cycle_id
    inner join accepted as kept on sent.file = kept.file and sent.position = kept.position

),

given as (

    select * from administration
    union all
    select
        regimen.person_id,
        'registry' as source,
        regimen.regimen,
        regimen.regimen_start_date,
        cycle.start_date as cycle_start_date,
        drug.administration_date,
        regimen.intent,
        coalesce(drug.drug_group, regimen.regimen_name) as drug_name
    from extract_regimen as regimen
    left join extract_cycle as cycle on regimen.regimen = cycle.regimen_id
    left join extract_drug as drug on cycle.cycle_id = drug.cycle_id

),

-- Judged once for all (ruling F5).
anti_cancer as (

    select person_id, 'sact' as source, coalesce(regimen, '') as regimen, start_date
    from {{ ref('sact_regimen') }}
    where modality_group is not null
    union all
    select
        coalesce(linked.person_id, regimen.registry_person_id),
        'registry' as source,
        regimen.regimen_id,
        regimen.start_date
    from {{ ref('registry_sact_regimen') }} as regimen
    left join {{ ref('stg_registry__link') }} as linked
        on regimen.registry_person_id = linked.registry_person_id
    where regimen.modality_group is not null

)

select given.*
from given
inner join anti_cancer
    on given.person_id = anti_cancer.person_id
    and given.source = anti_cancer.source
    and given.regimen = anti_cancer.regimen
    and given.regimen_start_date = anti_cancer.start_date
