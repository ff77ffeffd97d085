-- MBC date and presentation of each person by each method beside `registry`: ruling A1 over all the
-- evidence of the method, and never later than by the narrower one (rulings H24 to H26). One row a
-- method and person.
with

-- Nothing where no nation has hospital data that can be linked (ruling H28).
method as (

    select distinct added.method
    from ({{ added_methods() }}) as added
    cross join {{ ref('hospital_available') }} as held
    where held.is_available

),

piece as (

    select method.method, evidence.person_id, evidence.evidence_date, evidence.rule
    from {{ ref('evidence') }} as evidence
    cross join method
    union all
    select method.method, added.person_id, added.evidence_date, added.rule
    from {{ ref('method_evidence') }} as added
    inner join method on added.method = method.method

),

first_evidence as (

    select method, person_id, min(evidence_date) as first_evidence_date
    from piece
    group by method, person_id

),

ruled as (

    select
        first_evidence.method,
        first_evidence.person_id,
        first_evidence.first_evidence_date,
        min(piece.rule) as evidence_rule
    from first_evidence
    inner join piece
        on first_evidence.method = piece.method
        and first_evidence.person_id = piece.person_id
        and first_evidence.first_evidence_date = piece.evidence_date
    group by
        first_evidence.method, first_evidence.person_id, first_evidence.first_evidence_date

),

primary_before as (

    select ruled.method, ruled.person_id, max(diagnosis.primary_date) as primary_date
    from ruled
    inner join {{ ref('primary_diagnosis') }} as diagnosis
        on ruled.person_id = diagnosis.person_id
        and diagnosis.primary_date <= ruled.first_evidence_date
    group by ruled.method, ruled.person_id

),

diagnosed_after as (

    select ruled.method, ruled.person_id, min(evidence.evidence_date) as diagnosis_date
    from ruled
    inner join {{ ref('evidence') }} as evidence on ruled.person_id = evidence.person_id
    where
        evidence.rule in (1, 5)
        and {{ days_between('ruled.first_evidence_date', 'evidence.evidence_date') }}
        <= {{ var('de_novo_window_days') }}
    group by ruled.method, ruled.person_id

),

dated as (

    select
        ruled.method,
        ruled.person_id,
        ruled.first_evidence_date,
        ruled.evidence_rule,
        case
            when
                {{ days_between('primary_before.primary_date', 'ruled.first_evidence_date') }}
                <= {{ var('de_novo_window_days') }}
            then primary_before.primary_date
            else diagnosed_after.diagnosis_date
        end as de_novo_date
    from ruled
    left join primary_before
        on ruled.method = primary_before.method and ruled.person_id = primary_before.person_id
    left join diagnosed_after
        on ruled.method = diagnosed_after.method and ruled.person_id = diagnosed_after.person_id

),

-- By rule 8 the MBC date is the day of death, also of the de novo (ruling H24).
presented as (

    select
        method,
        person_id,
        first_evidence_date,
        evidence_rule,
        case
            when evidence_rule = 8 then first_evidence_date
            else coalesce(de_novo_date, first_evidence_date)
        end as mbc_date,
        case when de_novo_date is not null then 'de_novo' else 'recurrent' end as presentation
    from dated

),

registry_hospital as (

    select
        presented.method,
        presented.person_id,
        presented.first_evidence_date,
        presented.evidence_rule,
        least(presented.mbc_date, coalesce(registry.mbc_date, presented.mbc_date)) as mbc_date,
        case
            when registry.mbc_date < presented.mbc_date then registry.presentation
            else presented.presentation
        end as presentation
    from presented
    left join {{ ref('mbc_date') }} as registry on presented.person_id = registry.person_id
    where presented.method = 'registry_hospital'

)

select method, person_id, first_evidence_date, evidence_rule, mbc_date, presentation
from registry_hospital
union all
select
    presented.method,
    presented.person_id,
    presented.first_evidence_date,
    presented.evidence_rule,
    least(presented.mbc_date, coalesce(narrower.mbc_date, presented.mbc_date)) as mbc_date,
    case
        when narrower.mbc_date < presented.mbc_date then narrower.presentation
        else presented.presentation
    end as presentation
from presented
left join registry_hospital as narrower
    on presented.person_id = narrower.person_id and narrower.evidence_rule <> 8
where presented.method = 'registry_hospital_broad'
