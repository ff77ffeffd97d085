-- Evidence of metastatic breast cancer (method book section 2, rulings D1 to D8).
-- One row a record, rule and date.
with

record as (select * from {{ ref('registry_record') }}),

distant as (

    select file, position, part, progression_number
    from {{ ref('stg_cosd__distant_metastasis') }}
    where is_distant
    union all
    select file, position, part, progression_number
    from {{ ref('stg_wales__distant_metastasis') }}
    where is_distant

),

told_twice as (

    select file, position, min(diagnosis_date) as diagnosis_date
    from {{ ref('same_diagnosis') }}
    group by file, position

),

-- Rule 1: M1, stage 4 or a distant metastasis at the diagnosis of a primary C50.
at_diagnosis as (

    select record.person_id, record.file, record.position,
        -- Rule 5 is rule 1 in a registry extract.
        case when record.source = 'registry' then 5 else 1 end as rule,
        coalesce(told_twice.diagnosis_date, record.event_date) as evidence_date
    from record
    left join told_twice
        on record.file = told_twice.file and record.position = told_twice.position
    left join (select distinct file, position from distant where part = 'diagnosis') as metastasis
        on record.file = metastasis.file and record.position = metastasis.position
    where
        record.pathway = 'primary'
        and record.icd3 = 'C50'
        and (
            {{ is_m1('record.m_category') }}
            or {{ is_stage_4('record.stage') }}
            or metastasis.file is not null
        )

),

-- Rule 2: each distant progression of a primary C50, on its own date (ruling D8).
progressed as (

    select record.person_id, record.file, record.position, 2 as rule, progression.progression_date as evidence_date
    from record
    inner join {{ ref('stg_progression') }} as progression
        on record.file = progression.file and record.position = progression.position
    inner join distant
        on progression.file = distant.file
        and progression.position = distant.position
        and progression.progression_number = distant.progression_number
        and distant.part = 'progression'
    where
        record.pathway = 'primary'
        and record.icd3 = 'C50'
        and progression.progression_date >= record.event_date
        and (record.extract_date is null or progression.progression_date <= record.extract_date)

),

-- Rule 3: a distant recurrence or progression of a C50, or where the ICD code is missing.
non_primary as (

    select record.person_id, record.file, record.position, 3 as rule, record.event_date as evidence_date
    from record
    inner join (select distinct file, position from distant where part = 'non_primary') as metastasis
        on record.file = metastasis.file and record.position = metastasis.position
    where
        record.pathway in ('recurrence', 'progression')
        and coalesce(record.icd3, 'C50') = 'C50'

)

select * from at_diagnosis
union
select * from progressed
union
select * from non_primary
