-- The geographies that each person with MBC is counted in (method book section 3, rulings A10, E3,
-- E4, E9). One row a person and geography.
with

cohort as (select * from {{ ref('mbc_cohort') }}),

nation as (select * from {{ ref('nation') }}),

placed as (

    select cohort.person_id, nation.geography_type, nation.code as geography_code, nation.name as geography_name
    from cohort
    cross join nation
    where nation.geography_type = 'england_and_wales'

    union all

    select cohort.person_id, nation.geography_type, nation.code, nation.name
    from cohort
    inner join nation on cohort.nation = nation.name and nation.geography_type = 'nation'

    union all

    select cohort.person_id, 'cancer_alliance', organisation.cancer_alliance_code, organisation.cancer_alliance_name
    from cohort
    inner join {{ ref('organisation') }} as organisation on cohort.provider_code = organisation.code
    where organisation.cancer_alliance_code is not null and cohort.nation = '{{ first_nation() }}'

    union all

    select
        cohort.person_id,
        'provider',
        cohort.provider_code,
        coalesce(organisation.provider_name, cohort.provider_code)
    from cohort
    left join {{ ref('organisation') }} as organisation on cohort.provider_code = organisation.code
    where cohort.provider_code is not null

)

select
    person_id,
    geography_type,
    geography_code,
    geography_name,
    cast(dense_rank() over (order by geography_type, geography_code) as integer) as place_number
from placed
