-- Whether hospital data of a nation can be linked (ruling H28). One row a nation.
select
    cast(null as text) as nation,
    cast(null as boolean) as is_available
where false
