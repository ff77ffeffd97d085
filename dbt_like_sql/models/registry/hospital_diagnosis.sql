-- Codes of hospital episodes that count. One row an episode and code.
select
    cast(null as text) as file,
    cast(null as integer) as position,
    cast(null as text) as icd,
    cast(null as text) as icd3,
    cast(null as text) as strength,
    cast(null as boolean) as is_breast
where false
