-- Days from MBC date to the first anti-cancer treatment (method book section 4, rulings A4, A5, A9,
-- F5 to F9). One row a quarter, period, geography, presentation and modality with at least one
-- patient. Modality `any` holds everyone, the others those whose first treatment it was.
with

member as (

    select window_member.*, follow_up.outcome, follow_up.modality_group, follow_up.days,
        follow_up.is_eligible_31d, follow_up.is_eligible_62d
    from {{ ref('window_member') }} as window_member
    inner join {{ ref('follow_up') }} as follow_up
        on window_member.person_id = follow_up.person_id
        and window_member.horizon = follow_up.horizon

),

by_modality as (

    select *, 'any' as modality from member
    union all
    select *, modality_group as modality from member where outcome = 'treated'

),

-- One row a group and day: what happened on it.
day as (

    select
        quarter,
        period,
        complete,
        geography_type,
        geography_code,
        geography_name,
        presentation,
        modality,
        days,
        count(*) as leaving,
        sum(case when outcome = 'treated' then 1 else 0 end) as treated,
        sum(case when outcome = 'died_untreated' then 1 else 0 end) as died_untreated,
        sum(case when outcome = 'censored' then 1 else 0 end) as censored,
        sum(case when is_eligible_31d then 1 else 0 end) as eligible_31d,
        sum(case when is_eligible_31d and outcome = 'treated' and days <= {{ var('short_wait_days') }} then 1 else 0 end)
            as within_31d,
        sum(case when is_eligible_62d then 1 else 0 end) as eligible_62d,
        sum(case when is_eligible_62d and outcome = 'treated' and days <= {{ var('long_wait_days') }} then 1 else 0 end)
            as within_62d
    from by_modality
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9

),

-- Aalen-Johansen: those censored on a day are still at risk on it (ruling A9).
at_risk as (

    select
        day.*,
        sum(leaving) over (
            partition by quarter, period, geography_type, geography_code, presentation, modality
            order by days desc
            rows between unbounded preceding and current row
        ) as at_risk
    from day

),

-- Chance of still waiting after a day is the product of the chances of passing each day.
waiting as (

    select
        at_risk.*,
        case
            when treated + died_untreated = at_risk then 0
            else ln(1 - {{ real('(treated + died_untreated)') }} / at_risk)
        end as log_passing,
        {{ real('treated') }} / at_risk as treated_share
    from at_risk

),

before as (

    select
        waiting.*,
        exp(coalesce(sum(log_passing) over (
            partition by quarter, period, geography_type, geography_code, presentation, modality
            order by days
            rows between unbounded preceding and 1 preceding
        ), 0)) as waiting_before
    from waiting

),

incidence as (

    select
        before.*,
        sum(waiting_before * treated_share) over (
            partition by quarter, period, geography_type, geography_code, presentation, modality
            order by days
            rows between unbounded preceding and current row
        ) as cumulative_incidence
    from before

),

total as (

    select
        quarter,
        period,
        complete,
        geography_type,
        geography_code,
        geography_name,
        presentation,
        modality,
        cast(sum(leaving) as bigint) as patients,
        cast(sum(treated) as bigint) as treated,
        cast(sum(died_untreated) as bigint) as died_untreated,
        cast(sum(censored) as bigint) as censored,
        cast(sum(eligible_31d) as bigint) as eligible_31d,
        cast(sum(within_31d) as bigint) as within_31d,
        cast(sum(eligible_62d) as bigint) as eligible_62d,
        cast(sum(within_62d) as bigint) as within_62d,
        min(case when cumulative_incidence >= 0.25 - {{ var('quartile_tolerance') }} then days end) as lower_quartile_days,
        min(case when cumulative_incidence >= 0.5 - {{ var('quartile_tolerance') }} then days end) as median_days,
        min(case when cumulative_incidence >= 0.75 - {{ var('quartile_tolerance') }} then days end) as upper_quartile_days
    from incidence
    group by 1, 2, 3, 4, 5, 6, 7, 8

)

select
    quarter,
    period,
    complete,
    geography_type,
    geography_code,
    geography_name,
    presentation,
    modality,
    patients,
    treated,
    died_untreated,
    censored,
    eligible_31d,
    within_31d,
    {{ percentage('within_31d', 'eligible_31d') }} as within_31d_pct,
    {{ wilson('within_31d', 'eligible_31d', '-') }} as lower_95_31d,
    {{ wilson('within_31d', 'eligible_31d', '+') }} as upper_95_31d,
    eligible_62d,
    within_62d,
    {{ percentage('within_62d', 'eligible_62d') }} as within_62d_pct,
    {{ wilson('within_62d', 'eligible_62d', '-') }} as lower_95_62d,
    {{ wilson('within_62d', 'eligible_62d', '+') }} as upper_95_62d,
    lower_quartile_days,
    median_days,
    upper_quartile_days
from total
