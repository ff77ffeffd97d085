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

select method, person_id, geography_type, geography_code, geography_name
from placed
