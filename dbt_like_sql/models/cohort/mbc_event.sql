-- Every date with evidence of metastatic breast cancer. One row a person and date; the first MBC
-- event of a person is in mbc_cohort, all later ones stay here.
select
    person_id,
    evidence_date,
    min(rule) as evidence_rule,
    count(*) as evidence_count,
    dense_rank() over (partition by person_id order by evidence_date) as event_number
from {{ ref('evidence') }}
group by person_id, evidence_date
