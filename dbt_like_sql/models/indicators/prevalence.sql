-- People living with metastatic breast cancer on each quarter's last day (method book section 4,
-- rulings A11, A12, E9, F1, F2, G5), by each method of finding them (section 9). One row a quarter,
-- geography, method, sex, age band, presentation and years since MBC; `all` marks a dimension summed
-- over. Of the methods beside `registry` places below the nations have their total alone.
with

living as (

    select
        reporting_quarter.quarter,
        reporting_quarter.index_date,
        cohort.method,
        cohort.person_id,
        cohort.sex,
        {{ age_band(completed_years('cohort.birth_date', 'reporting_quarter.index_date')) }} as age_band,
        cohort.presentation,
        {{ completed_years('cohort.mbc_date', 'reporting_quarter.index_date') }} as years
    from {{ ref('reporting_quarter') }} as reporting_quarter
    inner join {{ ref('mbc_cohort') }} as cohort
        on
            cohort.mbc_date <= reporting_quarter.index_date
            and (cohort.death_date is null or cohort.death_date > reporting_quarter.index_date)
            and {{ is_reported('cohort.nation', 'reporting_quarter') }}

),

placed as (

    select
        living.*,
        place.geography_type,
        place.geography_code,
        place.geography_name,
        true as is_crossed
    from living
    inner join {{ ref('cohort_place') }} as place on living.person_id = place.person_id
    where living.method = 'registry'

    union all

    select
        living.*,
        place.geography_type,
        place.geography_code,
        place.geography_name,
        place.geography_type in ('england_and_wales', 'nation')
    from living
    inner join {{ ref('method_place') }} as place
        on living.person_id = place.person_id and living.method = place.method

),

-- Counted once before the cube, which then only adds.
cell as (

    select
        living.quarter,
        living.index_date,
        living.geography_type,
        living.geography_code,
        living.geography_name,
        living.method,
        living.is_crossed,
        living.sex,
        living.age_band,
        living.presentation,
        case
            when living.years < 1 then '<1'
            when living.years < 3 then '1-<3'
            when living.years < 5 then '3-<5'
            else '5+'
        end as years_since_mbc,
        count(*) as people
    from placed as living
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11

),

cube as (

    select
        quarter,
        index_date,
        geography_type,
        geography_code,
        geography_name,
        method,
        coalesce(sex, 'all') as sex,
        coalesce(age_band, 'all') as age_band,
        coalesce(presentation, 'all') as presentation,
        coalesce(years_since_mbc, 'all') as years_since_mbc,
        cast(sum(people) as bigint) as people
    from cell
    where is_crossed
    group by
        quarter, index_date, geography_type, geography_code, geography_name, method,
        cube (sex, age_band, presentation, years_since_mbc)

    union all

    select
        quarter, index_date, geography_type, geography_code, geography_name, method,
        'all', 'all', 'all', 'all', cast(sum(people) as bigint)
    from cell
    where not is_crossed
    group by 1, 2, 3, 4, 5, 6

),

population as (

    select * from {{ ref('population_by_band') }}

),

-- The nearest year to hand; of two equally near, the earlier (ruling F1).
nearest_year as (

    select index_date, year
    from (
        select
            asked.index_date,
            held.year,
            row_number() over (
                partition by asked.index_date
                order by abs(held.year - extract(year from asked.index_date)), held.year
            ) as preference
        from (select distinct index_date from {{ ref('reporting_quarter') }}) as asked
        cross join (select distinct year from population) as held
    ) as ranked
    where preference = 1

),

first_reported as (

    select min(first_day) as day from {{ ref('reporting_quarter') }}

),

-- Ruling I4: which nation is missing, where one is.
missing as (

    select
        quarter,
        {{ missing_nation() }} as nation
    from {{ ref('reporting_quarter') }}
    where not {{ is_every_reported() }}

)

select
    cube.quarter,
    cube.index_date,
    cube.geography_type,
    cube.geography_code,
    cube.geography_name,
    cube.method,
    cube.sex,
    cube.age_band,
    cube.presentation,
    cube.years_since_mbc,
    cube.people,
    population.population,
    100000 * {{ real('cube.people') }} / population.population as rate_per_100k,
    case when population.population is not null then
        100000 * {{ byar_lower('cube.people') }} / population.population
    end as rate_lower_95,
    case when population.population is not null then
        100000 * {{ byar_upper('cube.people') }} / population.population
    end as rate_upper_95,
    'Data from ' || cast(first_reported.day as text)
    || case
        when missing.nation is null or cube.geography_type <> 'england_and_wales' then ''
        else '; ' || missing.nation || ' is not reported in this quarter: not counted here'
    end
    || case
        when population.population is null then ''
        else '; population of mid-' || cast(population.year as text)
    end as notes
from cube
cross join first_reported
inner join nearest_year on cube.index_date = nearest_year.index_date
left join missing on cube.quarter = missing.quarter
left join population
    on nearest_year.year = population.year
    and cube.geography_code = population.geography_code
    and cube.sex = population.sex
    and cube.age_band = population.age_band
    -- A rate of both nations needs the people of both.
    and (cube.geography_type <> 'england_and_wales' or missing.nation is null)
