-- Hospital episodes with a strong code of distant metastasis, and the primary breast cancer that each
-- follows (rulings H14 to H16). One row an episode of a linked person.
with

sent as (

    select distinct
        episode.file,
        episode.position,
        episode.source,
        episode.person_id,
        episode.hospital_date,
        episode.spell_id,
        episode.provider
    from {{ ref('hospital_episode') }} as episode
    inner join {{ ref('hospital_diagnosis') }} as diagnosis
        on episode.file = diagnosis.file and episode.position = diagnosis.position
    where diagnosis.strength = 'strong' and episode.person_id is not null

),

-- Ruling H16: the latest primary on or before 31 days after; where it is later, it takes its place.
latest as (

    select sent.file, sent.position, max(diagnosis.primary_date) as primary_date
    from sent
    inner join {{ ref('primary_diagnosis') }} as diagnosis
        on sent.person_id = diagnosis.person_id
        and diagnosis.primary_date
        <= {{ add_days('sent.hospital_date', var('hospital_before_primary_days')) }}
    group by sent.file, sent.position

),

known as (

    select distinct person_id from {{ ref('primary_diagnosis') }}

)

select
    sent.*,
    latest.primary_date,
    case
        when latest.primary_date is null then null
        else greatest(sent.hospital_date, latest.primary_date)
    end as evidence_date,
    known.person_id is not null as has_primary,
    coalesce(
        diagnosis.is_early_stage
        and {{ days_between('latest.primary_date', 'sent.hospital_date') }}
        <= {{ var('early_window_days') }},
        false
    ) as is_early
from sent
left join latest on sent.file = latest.file and sent.position = latest.position
left join known on sent.person_id = known.person_id
left join {{ ref('primary_diagnosis') }} as diagnosis
    on sent.person_id = diagnosis.person_id and latest.primary_date = diagnosis.primary_date
