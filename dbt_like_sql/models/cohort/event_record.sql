-- The records of each person's MBC event (ruling A3): evidence close to the first, and for de novo
-- every primary C50 record dated on the MBC date, or of COSD for a diagnosis that a registry extract
-- dates otherwise. One row a record, with its best evidence.
with

mbc as (select * from {{ ref('mbc_date') }}),

evidence_record as (

    select evidence.person_id, evidence.file, evidence.position,
        min(evidence.rule) as rule,
        min(evidence.evidence_date) as evidence_date
    from {{ ref('evidence') }} as evidence
    inner join mbc on evidence.person_id = mbc.person_id
    where
        {{ days_between('mbc.first_evidence_date', 'evidence.evidence_date') }}
        <= {{ var('event_window_days') }}
    group by evidence.person_id, evidence.file, evidence.position

),

primary_record as (

    select record.person_id, record.file, record.position
    from {{ ref('registry_record') }} as record
    inner join mbc on record.person_id = mbc.person_id and record.event_date = mbc.mbc_date
    where mbc.presentation = 'de_novo' and record.pathway = 'primary' and record.icd3 = 'C50'
    union
    select same_diagnosis.person_id, same_diagnosis.cosd_file, same_diagnosis.cosd_position
    from {{ ref('same_diagnosis') }} as same_diagnosis
    inner join evidence_record
        on same_diagnosis.file = evidence_record.file
        and same_diagnosis.position = evidence_record.position
    inner join mbc on same_diagnosis.person_id = mbc.person_id
    where mbc.presentation = 'de_novo' and same_diagnosis.diagnosis_date = mbc.mbc_date

)

select
    coalesce(evidence_record.person_id, primary_record.person_id) as person_id,
    coalesce(evidence_record.file, primary_record.file) as file,
    coalesce(evidence_record.position, primary_record.position) as position,
    evidence_record.rule,
    evidence_record.evidence_date,
    primary_record.file is not null as is_primary_on_mbc_date
from evidence_record
full outer join primary_record
    on evidence_record.file = primary_record.file
    and evidence_record.position = primary_record.position
