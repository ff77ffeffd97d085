-- MBC date and presentation of each person with evidence (method book section 2, ruling A1).
-- One row a person.
with

evidence as (select * from {{ ref('evidence') }}),

first_evidence as (

    select person_id, min(evidence_date) as first_evidence_date
    from evidence
    group by person_id

),

-- Ruling A2: the latest primary C50 on or before the first evidence.
primary_diagnosis as (

    select first_evidence.person_id, max(record.event_date) as primary_date
    from first_evidence
    inner join {{ ref('registry_record') }} as record on first_evidence.person_id = record.person_id
    where
        record.pathway = 'primary'
        and record.icd3 = 'C50'
        and record.event_date <= first_evidence.first_evidence_date
    group by first_evidence.person_id

),

-- Evidence at a diagnosis soon after other evidence also makes the presentation de novo.
diagnosed_after as (

    select first_evidence.person_id, min(evidence.evidence_date) as diagnosis_date
    from first_evidence
    inner join evidence on first_evidence.person_id = evidence.person_id
    where
        evidence.rule in (1, 5)
        and {{ days_between('first_evidence.first_evidence_date', 'evidence.evidence_date') }}
            <= {{ var('de_novo_window_days') }}
    group by first_evidence.person_id

),

dated as (

    select
        first_evidence.person_id,
        first_evidence.first_evidence_date,
        case
            when
                {{ days_between('primary_diagnosis.primary_date', 'first_evidence.first_evidence_date') }}
                <= {{ var('de_novo_window_days') }}
            then primary_diagnosis.primary_date
            else diagnosed_after.diagnosis_date
        end as de_novo_date
    from first_evidence
    left join primary_diagnosis on first_evidence.person_id = primary_diagnosis.person_id
    left join diagnosed_after on first_evidence.person_id = diagnosed_after.person_id

)

select
    person_id,
    first_evidence_date,
    coalesce(de_novo_date, first_evidence_date) as mbc_date,
    case when de_novo_date is not null then 'de_novo' else 'recurrent' end as presentation
from dated
