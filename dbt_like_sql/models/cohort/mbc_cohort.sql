-- People with metastatic breast cancer by each method (section 9). One row a method and person. Of the
-- method `registry` the rows of registry_cohort. Of the others: a person of the registry keeps its
-- provider and nation; another has those of the first evidence (ruling H27). People of a nation without
-- hospital data that can be linked are in `registry` alone (ruling H28).
with

available as (

    select nation from {{ ref('hospital_available') }} where is_available

),

-- The first evidence of the method, and where it comes from.
first_told as (

    select method, person_id, source, provider
    from (
        select
            method,
            person_id,
            source,
            {{ hospital_organisation('provider') }} as provider,
            row_number() over (
                partition by method, person_id
                order by
                    evidence_date,
                    told_date,
                    rule,
                    case source
                        when 'hes_apc' then 1 when 'pedw' then 2 when 'rtds' then 3
                        when 'cwt' then 4 else 5
                    end,
                    case when provider is null then 1 else 0 end,
                    provider
            ) as preference
        from {{ ref('method_evidence') }}
    ) as ranked
    where preference = 1

),

-- Where the primary was diagnosed that the evidence follows: the latest up to it.
diagnosed as (

    select method, person_id, diagnosis_code
    from (
        select
            dated.method,
            dated.person_id,
            diagnosis.diagnosis_code,
            row_number() over (
                partition by dated.method, dated.person_id order by diagnosis.primary_date desc
            ) as preference
        from {{ ref('method_date') }} as dated
        inner join {{ ref('primary_diagnosis') }} as diagnosis
            on dated.person_id = diagnosis.person_id
            and diagnosis.primary_date <= dated.first_evidence_date
    ) as ranked
    where preference = 1

),

placed as (

    select
        dated.method,
        dated.person_id,
        dated.mbc_date,
        dated.presentation,
        dated.first_evidence_date,
        dated.evidence_rule,
        registry.person_id is not null as is_in_registry,
        case
            when registry.person_id is not null then registry.diagnosis_code
            else coalesce(first_told.provider, diagnosed.diagnosis_code)
        end as diagnosis_code,
        registry.provider_code,
        registry.basis_of_diagnosis,
        registry.cns_contact,
        coalesce(registry.is_death_certificate_only, dated.evidence_rule = 8)
            as is_death_certificate_only,
        case
            when registry.person_id is not null then registry.source else first_told.source
        end as source
    from {{ ref('method_date') }} as dated
    left join {{ ref('registry_cohort') }} as registry on dated.person_id = registry.person_id
    left join first_told
        on dated.method = first_told.method and dated.person_id = first_told.person_id
    left join diagnosed
        on dated.method = diagnosed.method and dated.person_id = diagnosed.person_id

),

resolved as (

    select
        placed.*,
        {{ nation_of_provider('placed.diagnosis_code') }} as nation,
        case
            when placed.is_in_registry then placed.provider_code
            else coalesce(organisation.provider_code, placed.diagnosis_code)
        end as place_code
    from placed
    left join {{ ref('organisation') }} as organisation
        on placed.diagnosis_code = organisation.code

)

select
    'registry' as method,
    person_id,
    nation,
    provider_code,
    diagnosis_code,
    mbc_date,
    presentation,
    sex,
    age_at_mbc,
    first_evidence_date,
    evidence_rule,
    basis_of_diagnosis,
    death_date,
    birth_date,
    cns_contact,
    is_death_certificate_only,
    source
from {{ ref('registry_cohort') }}

union all

select
    resolved.method,
    resolved.person_id,
    resolved.nation,
    resolved.place_code,
    resolved.diagnosis_code,
    resolved.mbc_date,
    resolved.presentation,
    person.sex,
    {{ completed_years('person.birth_date', 'resolved.mbc_date') }},
    resolved.first_evidence_date,
    resolved.evidence_rule,
    resolved.basis_of_diagnosis,
    person.death_date,
    person.birth_date,
    resolved.cns_contact,
    resolved.is_death_certificate_only,
    resolved.source
from resolved
inner join available on resolved.nation = available.nation
inner join {{ ref('person') }} as person on resolved.person_id = person.person_id
