-- Treatment events of cancer waiting times. One row an event.
select
    cast(null as text) as file,
    cast(null as integer) as position,
    cast(null as text) as quarter,
    cast(null as text) as person_id,
    cast(null as text) as source_person_id,
    cast(null as text) as provider,
    cast(null as text) as event_type,
    cast(null as text) as icd,
    cast(null as date) as treatment_date
where false
