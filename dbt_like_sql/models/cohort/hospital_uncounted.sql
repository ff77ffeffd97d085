-- Whom hospital data name without making evidence of it (ruling H30): the first row that does, with the
-- nation of its provider. One row a status and person, or unlinked identifier of a source.
with

known as (

    select person_id, min(primary_date) as primary_date
    from {{ ref('primary_diagnosis') }}
    group by person_id

),

-- Rows that say breast and metastasis at once: else every secondary of every cancer would count.
breast_episode as (

    select distinct strong.file, strong.position
    from {{ ref('hospital_diagnosis') }} as strong
    inner join {{ ref('hospital_diagnosis') }} as breast
        on strong.file = breast.file and strong.position = breast.position
    where strong.strength = 'strong' and breast.is_breast

),

stated as (

    select
        episode.person_id, episode.source_person_id, episode.source, 6 as rule,
        episode.hospital_date as told_date, episode.provider
    from {{ ref('hospital_episode') }} as episode
    inner join breast_episode
        on episode.file = breast_episode.file and episode.position = breast_episode.position

    union all

    select person_id, source_person_id, 'rtds', 7, start_date, provider
    from {{ ref('radiotherapy_course') }}
    where is_metastasis and substr(diagnosis, 1, 3) = 'C50' and start_date is not null

    union all

    select person_id, source_person_id, 'cwt', 9, treatment_date, provider
    from {{ ref('waiting_times_event') }}
    where
        event_type in {{ setting_list('metastatic_event_types') }}
        and substr(icd, 1, 3) = 'C50'
        and treatment_date is not null

),

named as (

    select
        status, person_id, source, rule, evidence_date as told_date, hospital_date as row_date,
        provider, primary_date, person_id as counted_as
    from (
        select *, 6 as rule from {{ ref('hospital_candidate') }}
        where status in ('unattributed', 'unconfirmed')
    ) as candidate

    union all

    select
        case when stated.person_id is null then 'unlinked_people' else 'no_primary_on_file' end,
        stated.person_id, stated.source, stated.rule, stated.told_date, stated.told_date,
        stated.provider, cast(null as date),
        coalesce(stated.person_id, stated.source || stated.source_person_id)
    from stated
    left join known on stated.person_id = known.person_id
    where known.person_id is null

),

first_named as (

    select
        named.*,
        row_number() over (
            partition by status, counted_as
            order by
                told_date, row_date, rule,
                case source
                    when 'hes_apc' then 1 when 'pedw' then 2 when 'rtds' then 3 else 4
                end,
                case when provider is null then 1 else 0 end,
                provider
        ) as preference
    from named

),

placed as (

    select
        first_named.status,
        first_named.person_id,
        first_named.told_date,
        coalesce({{ hospital_organisation('first_named.provider') }}, diagnosis.diagnosis_code) as code
    from first_named
    left join {{ ref('primary_diagnosis') }} as diagnosis
        on first_named.person_id = diagnosis.person_id
        and first_named.primary_date = diagnosis.primary_date
    where first_named.preference = 1

)

select status, person_id, told_date, {{ nation_of_provider('code') }} as nation
from placed
