-- The record that says where each person's MBC was diagnosed (ruling E2). One row a person.
with

candidate as (

    -- De novo: primary C50 records on the MBC date. Their evidence counts whenever it is: a
    -- diagnosis that follows other evidence can lie outside the days of the event.
    select mbc.person_id, event_record.file, event_record.position, min(evidence.rule) as rule
    from {{ ref('mbc_date') }} as mbc
    inner join {{ ref('event_record') }} as event_record on mbc.person_id = event_record.person_id
    left join {{ ref('evidence') }} as evidence
        on event_record.file = evidence.file and event_record.position = evidence.position
    where mbc.presentation = 'de_novo' and event_record.is_primary_on_mbc_date
    group by mbc.person_id, event_record.file, event_record.position

    union all

    -- Recurrent: evidence on the first evidence date.
    select mbc.person_id, evidence.file, evidence.position, min(evidence.rule) as rule
    from {{ ref('mbc_date') }} as mbc
    inner join {{ ref('evidence') }} as evidence
        on mbc.person_id = evidence.person_id and mbc.mbc_date = evidence.evidence_date
    where mbc.presentation = 'recurrent'
    group by mbc.person_id, evidence.file, evidence.position

),

ranked as (

    select
        candidate.person_id,
        candidate.file,
        candidate.position,
        record.source,
        record.provider,
        record.diagnosis_site,
        record.basis_of_diagnosis,
        row_number() over (
            partition by candidate.person_id
            order by
                -- Many an extract names no trust.
                case when record.provider is null then 1 else 0 end,
                coalesce(candidate.rule, 9),
                record.provider,
                record.pathway,
                coalesce(record.icd3, ''),
                record.submission_order desc
        ) as preference
    from candidate
    inner join {{ ref('registry_record') }} as record
        on candidate.file = record.file and candidate.position = record.position

)

select person_id, file, position, source, provider, diagnosis_site, basis_of_diagnosis
from ranked
where preference = 1
