-- Contact with a clinical nurse specialist (method book sections 4 and 6, rulings A3, F3, F4).
-- One row a quarter, period, geography and presentation with at least one patient.
with

counted as (

    select
        quarter,
        period,
        complete,
        geography_type,
        geography_code,
        geography_name,
        presentation,
        count(*) as patients,
        cast(sum(case when cns_contact <> 'missing' then 1 else 0 end) as bigint) as recorded,
        cast(sum(case when cns_contact = 'seen' then 1 else 0 end) as bigint) as seen
    from {{ ref('window_member') }}
    -- A registry extract without the item says nothing of nurses.
    where cns_contact <> 'not_collected'
    group by 1, 2, 3, 4, 5, 6, 7

),

-- The target line: England and Wales in the same window.
target as (

    select quarter, period, presentation, {{ percentage('seen', 'recorded') }} as target_pct
    from counted
    where geography_type = 'england_and_wales'

),

figures as (

    select
        counted.*,
        {{ percentage('recorded', 'patients') }} as completeness_pct,
        {{ percentage('seen', 'recorded') }} as seen_pct_of_recorded,
        {{ wilson('seen', 'recorded', '-') }} as lower_95,
        {{ wilson('seen', 'recorded', '+') }} as upper_95,
        {{ percentage('seen', 'patients') }} as seen_pct_of_patients,
        target.target_pct
    from counted
    left join target
        on counted.quarter = target.quarter
        and counted.period = target.period
        and counted.presentation = target.presentation

),

limited as (

    select
        figures.*,
        {{ is_compared() }} as is_compared,
        {{ control_limit('target_pct', 'recorded', '-', 'z_95') }} as limit_lower_95,
        {{ control_limit('target_pct', 'recorded', '+', 'z_95') }} as limit_upper_95,
        {{ control_limit('target_pct', 'recorded', '-', 'z_998') }} as limit_lower_998,
        {{ control_limit('target_pct', 'recorded', '+', 'z_998') }} as limit_upper_998
    from figures

)

select
    quarter,
    period,
    complete,
    geography_type,
    geography_code,
    geography_name,
    presentation,
    patients,
    recorded,
    seen,
    completeness_pct,
    seen_pct_of_recorded,
    lower_95,
    upper_95,
    seen_pct_of_patients,
    target_pct,
    case when is_compared then limit_lower_95 end as limit_lower_95,
    case when is_compared then limit_upper_95 end as limit_upper_95,
    case when is_compared then limit_lower_998 end as limit_lower_998,
    case when is_compared then limit_upper_998 end as limit_upper_998,
    {{ outlier('seen_pct_of_recorded', 'recorded') }} as outlier
from limited
