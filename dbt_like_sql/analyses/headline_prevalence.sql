-- National prevalence of a quarter (the parameter), as the headline prints it.
select
    geography_name as "area",
    people,
    rate_per_100k as "per 100,000",
    rate_lower_95 as "lower 95 %",
    rate_upper_95 as "upper 95 %"
from published_prevalence
where
    quarter = {{ parameter | default('null') }}
    and {{ is_national('published_prevalence') }}
    and method = 'registry'
    and sex = 'all'
    and age_band = 'all'
    and presentation = 'all'
    and years_since_mbc = 'all'
order by geography_type, geography_name
