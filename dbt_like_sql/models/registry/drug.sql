-- The groups of every drug name that SACT files and registry extracts used (ruling F5). One row a name and group.
-- A name is looked up whole, else by the listed drugs it contains as words; a name that holds
-- none is `unrecognised`, which counts as chemotherapy.
with

named as (

    select distinct coalesce(drug_name, '') as drug_name
    from {{ source('submissions', 'sact_administration') }}
    union
    select coalesce(drug_group, '') from {{ source('submissions', 'registry_drug') }}
    union
    select coalesce(benchmark_group, regimen, '') from {{ source('submissions', 'registry_regimen') }}

),

whole as (

    select named.drug_name, listed.drug_group
    from named
    inner join {{ ref('drug_group') }} as listed on named.drug_name = listed.drug

),

-- Whatever is no letter or digit stands between words.
in_words as (

    select drug_name, ' ' || regexp_replace(drug_name, '[^A-Z0-9]+', ' ', 'g') || ' ' as words
    from named
    where drug_name not in (select drug_name from whole)

),

part as (

    select distinct in_words.drug_name, listed.drug_group
    from in_words
    inner join {{ ref('drug_group') }} as listed
        on in_words.words like '% ' || listed.drug || ' %'

)

select drug_name, drug_group from whole
union all
select drug_name, drug_group from part
union all
select drug_name, 'unrecognised'
from named
where drug_name not in (select drug_name from whole) and drug_name not in (select drug_name from part)
