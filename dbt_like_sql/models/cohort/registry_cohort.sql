-- People with metastatic breast cancer, since when and where (method book section 2, ruling F12).
-- One row a person: the first MBC event.
with

placed as (

    select
        index_record.person_id,
        -- Provider of diagnosis: the site's where it is a known organisation (ruling E3).
        coalesce(site.code, index_record.provider) as diagnosis_code,
        coalesce(site.provider_code, listed.provider_code, index_record.provider) as provider_code,
        index_record.basis_of_diagnosis,
        index_record.source
    from {{ ref('index_record') }} as index_record
    left join {{ ref('organisation') }} as site on index_record.diagnosis_site = site.code
    left join {{ ref('organisation') }} as listed on index_record.provider = listed.code

),

-- What the records of the event say together. Nurse contact: seen beats not seen beats missing
-- (ruling A3). Death certificate only: a record says so and none says otherwise (ruling D10).
event as (

    select
        event_record.person_id,
        case
            when bool_or(record.cns_contact = 'seen') then 'seen'
            when bool_or(record.cns_contact = 'not_seen') then 'not_seen'
            when bool_and(record.cns_contact = 'not_collected') then 'not_collected'
            else 'missing'
        end as cns_contact,
        bool_or(record.basis_of_diagnosis = '0')
        and not bool_or(record.basis_of_diagnosis <> '0') as is_death_certificate_only,
        min(record.basis_of_diagnosis) as any_basis
    from {{ ref('event_record') }} as event_record
    inner join {{ ref('registry_record') }} as record
        on event_record.file = record.file and event_record.position = record.position
    group by event_record.person_id

),

first_event as (select * from {{ ref('registry_event') }} where event_number = 1)

select
    mbc.person_id,
    {{ nation_of_provider('placed.diagnosis_code') }} as nation,
    placed.provider_code,
    placed.diagnosis_code,
    mbc.mbc_date,
    mbc.presentation,
    person.sex,
    {{ completed_years('person.birth_date', 'mbc.mbc_date') }} as age_at_mbc,
    mbc.first_evidence_date,
    first_event.evidence_rule,
    coalesce(placed.basis_of_diagnosis, event.any_basis) as basis_of_diagnosis,
    person.death_date,
    person.birth_date,
    event.cns_contact,
    coalesce(event.is_death_certificate_only, false) as is_death_certificate_only,
    placed.source
from {{ ref('mbc_date') }} as mbc
inner join placed on mbc.person_id = placed.person_id
inner join {{ ref('person') }} as person on mbc.person_id = person.person_id
inner join first_event on mbc.person_id = first_event.person_id
inner join event on mbc.person_id = event.person_id
