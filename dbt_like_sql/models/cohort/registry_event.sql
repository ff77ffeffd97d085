-- Every date with evidence of metastatic breast cancer. One row a person and date; the first MBC
-- event of a person is in mbc_cohort, all later ones stay here. A diagnosis that a registry extract
-- and a primary record of COSD both tell, days apart, is one event on the earlier day (method book
-- section 2).
with

evidence as (select * from {{ ref('evidence') }}),

dated as (

    select
        evidence.person_id,
        evidence.file,
        evidence.position,
        evidence.rule,
        least(evidence.evidence_date, coalesce(min(other.evidence_date), evidence.evidence_date))
            as evidence_date
    from evidence
    left join evidence as other
        on evidence.person_id = other.person_id
        and (
            (evidence.rule = 1 and other.rule = 5) or (evidence.rule = 5 and other.rule = 1)
        )
        and abs({{ days_between('evidence.evidence_date', 'other.evidence_date') }})
            <= {{ var('event_window_days') }}
    group by
        evidence.person_id, evidence.file, evidence.position, evidence.rule, evidence.evidence_date

)

select
    person_id,
    evidence_date,
    min(rule) as evidence_rule,
    count(*) as evidence_count,
    dense_rank() over (partition by person_id order by evidence_date) as event_number
from dated
group by person_id, evidence_date
