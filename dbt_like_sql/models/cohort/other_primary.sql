-- Other invasive cancers of each person (O of rule H4, ruling H32): of registry records in scope or not,
-- of other tumour groups of COSD, and of hospital episodes, two of which name it without breast cancer.
-- One row a person, day and code.
with

record as (

    select person_id, event_date as other_date, icd3
    from {{ ref('judged_record') }}
    where
        disposition <> 'quarantined'
        and pathway = 'primary'
        and person_id is not null
        -- Scope is judged before faults: what is out of it may lack a sound date.
        and event_date >= cast('{{ var("earliest_date") }}' as date)
        and (extract_date is null or event_date <= extract_date)

),

-- Primary cancers of other tumour groups of COSD: no other model sees their records.
other_group as (

    select
        {{ person_of('sent') }} as person_id,
        sent.diagnosis_date as other_date,
        sent.icd3
    from {{ source('submissions', 'cosd_other_primary') }} as sent
    inner join {{ source('submissions', 'submission') }} as submission on sent.file = submission.file
    {{ person_joins('sent') }}
    where
        sent.diagnosis_date >= cast('{{ var("earliest_date") }}' as date)
        and (submission.extract_date is null or sent.diagnosis_date <= submission.extract_date)

),

with_breast as (

    select distinct file, position from {{ ref('hospital_diagnosis') }} where icd3 = 'C50'

),

-- English and Welsh rows of one day can be one stay.
named as (

    select
        episode.person_id,
        episode.source,
        episode.hospital_date,
        diagnosis.icd3,
        count(distinct episode.file || '#' || cast(episode.position as text)) as episodes
    from {{ ref('hospital_episode') }} as episode
    inner join {{ ref('hospital_diagnosis') }} as diagnosis
        on episode.file = diagnosis.file and episode.position = diagnosis.position
    left join with_breast
        on episode.file = with_breast.file and episode.position = with_breast.position
    where
        episode.person_id is not null
        and with_breast.file is null
        and {{ is_other_primary('diagnosis.icd3') }}
    group by episode.person_id, episode.source, episode.hospital_date, diagnosis.icd3

),

by_day as (

    select person_id, hospital_date, icd3, max(episodes) as episodes
    from named
    group by person_id, hospital_date, icd3

),

hospital as (

    select person_id, min(hospital_date) as other_date, icd3
    from by_day
    group by person_id, icd3
    having sum(episodes) >= {{ var('other_primary_episodes') }}

)

select person_id, other_date, icd3
from record
where {{ is_other_primary('icd3') }}
union
select person_id, other_date, icd3
from other_group
where person_id is not null and {{ is_other_primary('icd3') }}
union
select person_id, other_date, icd3 from hospital
