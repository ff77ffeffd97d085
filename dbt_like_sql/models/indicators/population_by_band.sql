-- Mid-year populations by nation, sex and age band, with `all` (ruling F1). England and Wales is
-- their sum where all are held. One row a year, geography, sex and age band.
with

nation as (

    select
        year,
        nation_code as geography_code,
        case when lower(sex) in ('female', 'f') then 'female' else 'male' end as sex,
        {{ age_band('age') }} as age_band,
        population
    from {{ ref('population') }}

),

every_nation as (

    select year
    from nation
    group by year
    having count(distinct geography_code) = {{ var('nations') | length }}

),

place as (

    select * from nation
    union all
    select nation.year, england_and_wales.code, nation.sex, nation.age_band, nation.population
    from nation
    inner join every_nation on nation.year = every_nation.year
    inner join {{ ref('nation') }} as england_and_wales
        on england_and_wales.geography_type = 'england_and_wales'

)

select
    year,
    geography_code,
    coalesce(sex, 'all') as sex,
    coalesce(age_band, 'all') as age_band,
    cast(sum(population) as bigint) as population
from place
group by year, geography_code, cube (sex, age_band)
