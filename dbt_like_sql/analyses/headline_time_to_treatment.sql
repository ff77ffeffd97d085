-- National time to first treatment in the year to a quarter (the parameter).
select
    geography_name as "area",
    presentation,
    patients,
    treated,
    within_31d_pct as "in 31 days %",
    within_62d_pct as "in 62 days %",
    median_days as "median days"
from published_time_to_treatment
where
    quarter = {{ parameter | default('null') }}
    and period = '{{ var('followed_period') }}'
    and modality = 'any'
    and {{ is_national('published_time_to_treatment') }}
order by geography_type, geography_name, presentation
