-- Finished hospital episodes that count, of both nations. One row an episode.
with

hes_apc as (

    select * from {{ ref('judged_hes_apc') }} where disposition = 'accepted'

),

pedw as (

    select * from {{ ref('judged_pedw') }} where disposition = 'accepted'

),

-- Of a spell the person and the day of admission.
spell as (

    select * from pedw where part = 'spell'

)

select
    file,
    position,
    quarter,
    'hes_apc' as source,
    person_id,
    source_person_id,
    hospital_date,
    admission_date,
    episode_start,
    'hes_apc#' || coalesce(person_id, source_person_id) || '#' || coalesce(provider, '') || '#'
        || cast(coalesce(admission_date, episode_start) as text) as spell_id,
    provider,
    fyear
from hes_apc
union all
select
    pedw.file,
    pedw.position,
    pedw.quarter,
    'pedw' as source,
    coalesce(pedw.person_id, spell.person_id) as person_id,
    coalesce(pedw.source_person_id, spell.source_person_id) as source_person_id,
    pedw.hospital_date,
    pedw.admission_date,
    pedw.episode_start,
    'pedw#' || pedw.spell_key as spell_id,
    pedw.provider,
    null as fyear
from pedw
left join spell on pedw.folder = spell.folder and pedw.spell_key = spell.spell_key
where pedw.part = 'wide' or (pedw.part = 'episode' and spell.file is not null)
