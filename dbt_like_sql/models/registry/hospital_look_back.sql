-- Since when hospital data look back. One row a nation.
select
    cast(null as text) as nation,
    cast(null as date) as look_back_start,
    cast(null as boolean) as class_regular_present,
    cast(null as integer) as positions
where false
