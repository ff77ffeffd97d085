-- Evidence by rules 6 to 9, for each method that takes it (section 9, rulings H15, H16, H22 to H25).
-- One row a method, rule, row of a file and date.
with

-- Courses and treatment events on their own day.
told as (

    select
        7 as rule,
        'rtds' as source,
        person_id,
        file,
        position,
        provider,
        start_date as told_date,
        diagnosis as icd
    from {{ ref('radiotherapy_course') }}
    where
        is_metastasis
        and person_id is not null
        and start_date is not null
        and (diagnosis is null or substr(diagnosis, 1, 3) = 'C50')

    union all

    select
        9, 'cwt', person_id, file, position, provider, treatment_date, icd
    from {{ ref('waiting_times_event') }}
    where
        person_id is not null
        and treatment_date is not null
        and {{ is_metastatic_treatment('event_type', 'icd') }}

),

-- With the primary that rule 6 would take, and its date where that is later.
dated as (

    select
        told.rule, told.source, told.person_id, told.file, told.position, told.provider,
        told.told_date, told.icd,
        greatest(told.told_date, max(diagnosis.primary_date)) as evidence_date
    from told
    inner join {{ ref('primary_diagnosis') }} as diagnosis
        on told.person_id = diagnosis.person_id
        and diagnosis.primary_date
        <= {{ add_days('told.told_date', var('hospital_before_primary_days')) }}
    group by
        told.rule, told.source, told.person_id, told.file, told.position, told.provider,
        told.told_date, told.icd

),

-- Where the row does not say breast, no other cancer may explain it, from whenever.
by_itself as (

    select
        dated.rule, dated.source, dated.person_id, dated.file, dated.position, dated.provider,
        dated.told_date, dated.evidence_date
    from dated
    left join {{ ref('other_primary') }} as other_primary
        on dated.person_id = other_primary.person_id
        and other_primary.other_date
        <= {{ add_days('dated.evidence_date', var('other_primary_days_after')) }}
        and coalesce(substr(dated.icd, 1, 3), '') <> 'C50'
    where other_primary.person_id is null

),

found as (

    select
        'registry_hospital' as method, 6 as rule, source, person_id, file, position, provider,
        hospital_date as told_date, evidence_date, confirmed_by
    from {{ ref('hospital_candidate') }}
    where status = 'evidence'

    union all

    -- Ruling H25: without the tests of H2 to H4.
    select
        'registry_hospital_broad', 6, source, person_id, file, position, provider,
        hospital_date, evidence_date, confirmed_by
    from {{ ref('hospital_candidate') }}
    where primary_date is not null

    union all

    select
        method.method, by_itself.rule, by_itself.source, by_itself.person_id, by_itself.file,
        by_itself.position, by_itself.provider, by_itself.told_date, by_itself.evidence_date,
        cast(null as text)
    from by_itself
    cross join ({{ added_methods() }}) as method

),

-- Rule 8 (ruling H24): a death that names breast cancer and a metastasis, and nothing else.
died as (

    select
        'registry_hospital' as method, 8 as rule, 'deaths' as source, death.person_id, death.file,
        death.position, cast(null as text) as provider, death.death_date as told_date,
        death.death_date as evidence_date, cast(null as text) as confirmed_by
    from {{ ref('death') }} as death
    inner join (
        select person_id, min(primary_date) as primary_date
        from {{ ref('primary_diagnosis') }}
        group by person_id
    ) as diagnosis
        on death.person_id = diagnosis.person_id and diagnosis.primary_date <= death.death_date
    left join {{ ref('mbc_date') }} as registry on death.person_id = registry.person_id
    left join (
        select distinct person_id from found where method = 'registry_hospital'
    ) as otherwise
        on death.person_id = otherwise.person_id
    where
        death.disposition = 'accepted'
        and death.underlying_cause like 'C50%'
        and (';' || death.causes like '%;C78%' or ';' || death.causes like '%;C79%')
        and registry.person_id is null
        and otherwise.person_id is null

)

select
    method, rule, source, person_id, file, position, provider, told_date, evidence_date,
    confirmed_by
from found
union all
select
    method, rule, source, person_id, file, position, provider, told_date, evidence_date,
    confirmed_by
from died
