-- National contact with nurse specialists in the year to a quarter (the parameter).
select
    geography_name as "area",
    presentation,
    patients,
    completeness_pct as "recorded %",
    seen_pct_of_recorded as "seen %",
    lower_95 as "lower 95 %",
    upper_95 as "upper 95 %"
from published_cns_access
where
    quarter = {{ parameter | default('null') }}
    and period = '{{ var('followed_period') }}'
    and {{ is_national('published_cns_access') }}
order by geography_type, geography_name, presentation
