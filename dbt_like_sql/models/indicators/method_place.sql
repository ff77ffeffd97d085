-- The geographies that each person is counted in by the methods beside `registry` (rulings H27, H28).
-- England and Wales where both nations have hospital data. One row a method, person and geography.
with

cohort as (

    select mbc_cohort.*, held.nations
    from {{ ref('mbc_cohort') }} as mbc_cohort
    cross join (
        select count(*) as nations from {{ ref('hospital_available') }} where is_available
    ) as held
    where mbc_cohort.method <> 'registry'

),

placed as (
{{ placed_people('cohort', also='method', every='cohort.nations = ' ~ (var('nations') | length)) }}

)

select
    placed.method,
    placed.person_id,
    placed.geography_type,
    placed.geography_code,
    placed.geography_name,
    -- A place of nobody of the registry has a number of its own, below 0.
    coalesce(
        place.place_number,
        -cast(dense_rank() over (order by placed.geography_type, placed.geography_code) as integer)
    ) as place_number
from placed
left join (
    select distinct geography_code, geography_type, place_number from {{ ref('cohort_place') }}
) as place
    on placed.geography_code = place.geography_code
    and placed.geography_type = place.geography_type
