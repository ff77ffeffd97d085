-- Names of drugs that the list of drugs does not know, and which therefore count as chemotherapy (ruling
-- F5), with how often each provider gave them. One row a name, source and provider.
with

given as (

    select 'sact' as source, provider, drug_name
    from {{ ref('judged_sact') }}
    where disposition = 'accepted'
    union all
    select 'registry' as source, cast(null as text) as provider, drug.drug_group as drug_name
    from {{ source('submissions', 'registry_drug') }} as drug
    inner join {{ ref('judged_registry_row') }} as kept
        on drug.file = kept.file and drug.position = kept.position
    where kept.disposition = 'accepted'

)

select given.drug_name, given.source, given.provider, count(*) as given
from given
inner join {{ ref('drug') }} as drug on given.drug_name = drug.drug_name
where drug.drug_group = 'unrecognised'
group by given.drug_name, given.source, given.provider
