-- National prevalence of a quarter (the parameter) by method, as the headline prints it; no row where no
-- other method than `registry` has figures.
with

living as (

    select geography_type, geography_name, method, people
    from published_prevalence
    where
        quarter = {{ parameter | default('null') }}
        and geography_type in ('england_and_wales', 'nation')
        and sex = 'all'
        and age_band = 'all'
        and presentation = 'all'
        and years_since_mbc = 'all'

)

select
    geography_name as "area",
    cast(sum(case when method = 'registry' then people end) as bigint) as "records alone",
    cast(sum(case when method = 'registry_hospital' then people end) as bigint) as "and hospital data",
    cast(sum(case when method = 'registry_hospital_broad' then people end) as bigint) as "broad"
from living
group by geography_type, geography_name
having count(case when method <> 'registry' then 1 end) > 0
order by geography_type, geography_name
