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
    and period = 'rolling_12m'
    and modality = 'any'
    and geography_type in ('england_and_wales', 'nation')
order by geography_type, geography_name, presentation
