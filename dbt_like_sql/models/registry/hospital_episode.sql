-- Finished hospital episodes that count. One row an episode.
select
    cast(null as text) as file,
    cast(null as integer) as position,
    cast(null as text) as quarter,
    cast(null as text) as source,
    cast(null as text) as person_id,
    cast(null as text) as source_person_id,
    cast(null as date) as hospital_date,
    cast(null as date) as admission_date,
    cast(null as date) as episode_start,
    cast(null as text) as spell_id,
    cast(null as text) as provider,
    cast(null as text) as fyear
where false
