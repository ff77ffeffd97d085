-- The geographies that each person with MBC is counted in (method book section 3, rulings A10, E3,
-- E4, E9). One row a person and geography.
with

placed as (
{{ placed_people(ref('registry_cohort')) }}

)

select
    person_id,
    geography_type,
    geography_code,
    geography_name,
    cast(dense_rank() over (order by geography_type, geography_code) as integer) as place_number
from placed
