-- How far back the hospital data of a nation reach, and what they can show (ruling H31). One row a
-- nation with such data.
with

pedw as (

    select min(period_start) as look_back_start
    from {{ source('submissions', 'submission') }}
    where source = 'pedw' and status = 'loaded'

)

select
    '{{ var('hospital_sources') | list | first }}' as nation,
    make_date(min(first_year), 4, 1) as look_back_start,
    coalesce(bool_or(has_regular_attenders), false) as class_regular_present,
    max(positions) as positions
from {{ ref('hes_apc_year') }}
having count(*) > 0
union all
select
    '{{ var('hospital_sources') | list | last }}' as nation,
    look_back_start,
    false as class_regular_present,
    (select max(number) from {{ source('submissions', 'pedw_diagnosis') }}) as positions
from pedw
where look_back_start is not null
