-- Rows of PEDW of every table with the spell and the folder in which they are joined, and whether they
-- are in scope: a spell or episode is when it has a cancer code (rulings H7, H13). One row as sent.
with

submission as (

    select file, folder, extract_date from {{ source('submissions', 'submission') }}

),

sent as (

    select
        file, position, quarter, part, source_person_id, nhs_person_id, is_link_good, spell_key,
        episode_number, provider, admission_date, episode_start, episode_end, discharge_date,
        has_wanted_code, cast(null as text) as icd, cast(null as integer) as number
    from {{ source('submissions', 'pedw_row') }}
    union all
    select
        file, position, quarter, 'diagnosis', null, null, null, spell_key,
        episode_number, provider, null, null, null, null,
        true, icd, number
    from {{ source('submissions', 'pedw_diagnosis') }}

),

placed as (

    select sent.*, submission.folder, submission.extract_date
    from sent
    inner join submission on sent.file = submission.file

),

coded as (

    select distinct folder, spell_key, episode_number from placed where has_wanted_code

),

coded_spell as (select distinct folder, spell_key from coded),

-- A later folder that holds a spell replaces it whole.
newest as (

    select spell_key, folder
    from (
        select
            spell_key,
            folder,
            row_number() over (
                partition by spell_key order by extract_date desc, folder desc
            ) as order_from_last
        from placed
        where part in ('spell', 'wide') and spell_key is not null
    ) as ranked
    where order_from_last = 1

),

spell as (

    select
        folder,
        spell_key,
        min(admission_date) as admission_date
    from placed
    where part = 'spell' and spell_key is not null
    group by folder, spell_key

),

episode as (

    select distinct placed.folder, placed.spell_key, placed.episode_number
    from placed
    inner join spell on placed.folder = spell.folder and placed.spell_key = spell.spell_key
    where placed.part = 'episode'

),

episode_of_spell as (select distinct folder, spell_key from episode)

select
    placed.file,
    placed.position,
    placed.quarter,
    placed.part,
    placed.folder,
    placed.extract_date,
    placed.spell_key,
    placed.episode_number,
    case when placed.is_link_good then {{ hospital_person('placed', by_registry=false) }} end
        as person_id,
    placed.source_person_id,
    {{ hospital_date('coalesce(placed.admission_date, spell.admission_date)', 'placed.episode_start') }}
        as hospital_date,
    coalesce(placed.admission_date, spell.admission_date) as spell_admission_date,
    placed.admission_date,
    placed.episode_start,
    placed.episode_end,
    placed.discharge_date,
    placed.provider,
    placed.icd,
    placed.number,
    case
        when placed.part = 'diagnosis' then false
        when placed.part = 'wide' then not placed.has_wanted_code
        when placed.part = 'spell' then coded_spell.spell_key is null
        else not placed.has_wanted_code and coded.spell_key is null
    end as is_out_of_scope,
    case placed.part
        when 'spell' then episode_of_spell.spell_key is null
        when 'episode' then spell.spell_key is null
        when 'diagnosis' then episode.spell_key is null
        else false
    end as is_without_partner,
    newest.folder is not null and newest.folder <> placed.folder as is_replaced
from placed
left join coded_spell on placed.folder = coded_spell.folder and placed.spell_key = coded_spell.spell_key
left join coded
    on placed.folder = coded.folder
    and placed.spell_key = coded.spell_key
    and placed.episode_number = coded.episode_number
left join newest on placed.spell_key = newest.spell_key
left join spell on placed.folder = spell.folder and placed.spell_key = spell.spell_key
left join episode_of_spell
    on placed.folder = episode_of_spell.folder and placed.spell_key = episode_of_spell.spell_key
left join episode
    on placed.folder = episode.folder
    and placed.spell_key = episode.spell_key
    and placed.episode_number = episode.episode_number
    {{ hospital_person_joins('placed', 'pedw') }}
