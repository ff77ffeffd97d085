-- What confirms or attributes a hospital candidate beside other hospital rows (H3 d to f, rulings H20,
-- H23). One row a person, kind and day. kind: sact (a regimen that is neither supportive only nor
-- curative), recurrence, waiting_times, death (breast cancer among the causes), death_of_breast (it is
-- the underlying one).
with

-- Of the rows with this diagnosis one at least says that the intent is not curative, and none that it is.
given as (

    select
        administration.person_id,
        administration.regimen,
        administration.regimen_start_date
    from {{ ref('judged_sact') }} as administration
    inner join {{ source('submissions', 'sact_administration') }} as sent
        on administration.file = sent.file and administration.position = sent.position
    where
        administration.disposition = 'accepted'
        and substr(sent.primary_diagnosis, 1, 3) = 'C50'
    group by
        administration.person_id, administration.regimen, administration.regimen_start_date
    having
        bool_or(administration.intent in {{ setting_list('palliative_sact_intents') }})
        and not coalesce(
            bool_or(administration.intent in {{ setting_list('curative_sact_intents') }}), false
        )

),

sact as (

    select given.person_id, 'sact' as kind, given.regimen_start_date as event_date
    from given
    inner join {{ ref('sact_regimen') }} as regimen
        on given.person_id = regimen.person_id
        and given.regimen_start_date = regimen.start_date
        and coalesce(given.regimen, '') = coalesce(regimen.regimen, '')
    where regimen.modality_group is not null

),

recurrence as (

    select person_id, 'recurrence' as kind, event_date
    from {{ ref('registry_record') }}
    where pathway in ('recurrence', 'progression') and coalesce(icd3, 'C50') = 'C50'

),

-- Progressions noted on a primary record, of any metastatic type (ruling D8).
progression as (

    select record.person_id, 'recurrence' as kind, progression.progression_date as event_date
    from {{ ref('registry_record') }} as record
    inner join {{ ref('stg_progression') }} as progression
        on record.file = progression.file and record.position = progression.position
    where
        record.pathway = 'primary'
        and record.icd3 = 'C50'
        and progression.progression_date >= record.event_date
        and (record.extract_date is null or progression.progression_date <= record.extract_date)

),

waiting_times as (

    select person_id, 'waiting_times' as kind, treatment_date as event_date
    from {{ ref('waiting_times_event') }}
    where
        person_id is not null
        and treatment_date is not null
        and {{ is_metastatic_treatment('event_type', 'icd') }}

),

death as (

    select
        person_id,
        case when underlying_cause like 'C50%' then 'death_of_breast' else 'death' end as kind,
        death_date as event_date
    from {{ ref('death') }}
    where
        disposition = 'accepted'
        and death_date is not null
        and (underlying_cause like 'C50%' or ';' || causes like '%;C50%')

)

select person_id, kind, event_date from sact
union
select person_id, kind, event_date from recurrence
union
select person_id, kind, event_date from progression
union
select person_id, kind, event_date from waiting_times
union
select person_id, kind, event_date from death
