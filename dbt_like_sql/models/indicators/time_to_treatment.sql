-- Days from MBC date to the first anti-cancer treatment (method book section 4, rulings A4, A5, A9,
-- F5 to F9). One row a quarter, period, geography, presentation and modality with at least one
-- patient. Modality `any` holds everyone, the others those whose first treatment it was.
-- Windows and places go by their numbers until the end: by their names, ten years take twice as long.
with

-- One row a window, place, presentation, first treatment and day: what happened on it.
own as (

    select
        window_member.window_number,
        window_member.place_number,
        window_member.presentation,
        follow_up.modality_group,
        follow_up.days,
        count(*) as leaving,
        sum(case when follow_up.outcome = 'treated' then 1 else 0 end) as treated,
        sum(case when follow_up.outcome = 'died_untreated' then 1 else 0 end) as died_untreated,
        sum(case when follow_up.outcome = 'censored' then 1 else 0 end) as censored,
        sum(case when follow_up.is_eligible_31d then 1 else 0 end) as eligible_31d,
        sum(case when follow_up.is_eligible_62d then 1 else 0 end) as eligible_62d
    from {{ ref('window_member') }} as window_member
    inner join {{ ref('follow_up') }} as follow_up
        on window_member.person_id = follow_up.person_id
        and window_member.horizon = follow_up.horizon
    group by 1, 2, 3, 4, 5

),

-- Everyone is in `any`; those who were treated also in the group of their first treatment.
day as (

    select
        window_number, place_number, presentation, 'any' as modality, days,
        sum(leaving) as leaving, sum(treated) as treated, sum(died_untreated) as died_untreated,
        sum(censored) as censored,
        sum(eligible_31d) as eligible_31d, sum(eligible_62d) as eligible_62d,
        sum(case when modality_group is not null then eligible_31d else 0 end) as treated_eligible_31d,
        sum(case when modality_group is not null then eligible_62d else 0 end) as treated_eligible_62d
    from own
    group by 1, 2, 3, 4, 5
    union all
    select
        window_number, place_number, presentation, modality_group, days,
        leaving, treated, died_untreated, censored,
        eligible_31d, eligible_62d,
        eligible_31d as treated_eligible_31d, eligible_62d as treated_eligible_62d
    from own
    where modality_group is not null

),

-- Aalen-Johansen: those censored on a day are still at risk on it (ruling A9).
at_risk as (

    select
        day.*,
        sum(leaving) over (
            partition by window_number, place_number, presentation, modality
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
            partition by window_number, place_number, presentation, modality
            order by days
            rows between unbounded preceding and 1 preceding
        ), 0)) as waiting_before
    from waiting

),

incidence as (

    select
        before.*,
        sum(waiting_before * treated_share) over (
            partition by window_number, place_number, presentation, modality
            order by days
            rows between unbounded preceding and current row
        ) as cumulative_incidence
    from before

),

total as (

    select
        window_number,
        place_number,
        presentation,
        modality,
        cast(sum(leaving) as bigint) as patients,
        cast(sum(treated) as bigint) as treated,
        cast(sum(died_untreated) as bigint) as died_untreated,
        cast(sum(censored) as bigint) as censored,
        cast(sum(eligible_31d) as bigint) as eligible_31d,
        cast(sum(case when days <= {{ var('short_wait_days') }} then treated_eligible_31d else 0 end) as bigint)
            as within_31d,
        cast(sum(eligible_62d) as bigint) as eligible_62d,
        cast(sum(case when days <= {{ var('long_wait_days') }} then treated_eligible_62d else 0 end) as bigint)
            as within_62d,
        min(case when cumulative_incidence >= 0.25 - {{ var('quartile_tolerance') }} then days end) as lower_quartile_days,
        min(case when cumulative_incidence >= 0.5 - {{ var('quartile_tolerance') }} then days end) as median_days,
        min(case when cumulative_incidence >= 0.75 - {{ var('quartile_tolerance') }} then days end) as upper_quartile_days
    from incidence
    group by 1, 2, 3, 4

)

select
    reporting_window.quarter,
    reporting_window.period,
    reporting_window.complete,
    place.geography_type,
    place.geography_code,
    place.geography_name,
    total.presentation,
    total.modality,
    total.patients,
    total.treated,
    total.died_untreated,
    total.censored,
    total.eligible_31d,
    total.within_31d,
    {{ percentage('within_31d', 'eligible_31d') }} as within_31d_pct,
    {{ wilson('within_31d', 'eligible_31d', '-') }} as lower_95_31d,
    {{ wilson('within_31d', 'eligible_31d', '+') }} as upper_95_31d,
    total.eligible_62d,
    total.within_62d,
    {{ percentage('within_62d', 'eligible_62d') }} as within_62d_pct,
    {{ wilson('within_62d', 'eligible_62d', '-') }} as lower_95_62d,
    {{ wilson('within_62d', 'eligible_62d', '+') }} as upper_95_62d,
    total.lower_quartile_days,
    total.median_days,
    total.upper_quartile_days
from total
inner join {{ ref('reporting_window') }} as reporting_window
    on total.window_number = reporting_window.window_number
inner join {{ ref('place') }} as place on total.place_number = place.place_number
