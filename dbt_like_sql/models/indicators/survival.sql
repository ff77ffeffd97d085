-- Survival from the MBC date after one and three years (method book section 5): Kaplan-Meier, with
-- log-log 95 % limits from Greenwood's variance. One row a window, geography, method, presentation and
-- indicator. Methods beside `registry` have rows of nations alone. Deaths after the horizon are ignored; who dies on the day of censoring dies first.
with

cohort as (

    select distinct
        cohort.method,
        cohort.person_id,
        cohort.mbc_date,
        cohort.death_date,
        cohort.presentation,
        cohort.nation,
        cohort.source,
        {{ horizon_of('cohort', 'reporting_quarter') }} as horizon
    from {{ ref('mbc_cohort') }} as cohort
    cross join (
        select distinct {{ horizon_columns() }}
        from {{ ref('reporting_quarter') }}
    ) as reporting_quarter
    where not cohort.is_death_certificate_only

),

follow as (

    select
        *,
        cast(greatest(
            case
                when death_date <= horizon then {{ days_between('mbc_date', 'death_date') }}
                else {{ days_between('mbc_date', 'horizon') }}
            end, 0
        ) as integer) as days,
        coalesce(death_date <= horizon, false) as has_died
    from cohort

),

place_of_person as (

    select 'registry' as method, person_id, geography_type, place_number
    from {{ ref('cohort_place') }}
    union all
    select method, person_id, geography_type, place_number
    from {{ ref('method_place') }}
    where geography_type in ('england_and_wales', 'nation')

),

counted as (

    select
        follow.method,
        follow.nation,
        follow.source,
        follow.horizon,
        {{ quarter_number(quarter_of('follow.mbc_date')) }} as mbc_quarter,
        place.place_number,
        {{ is_national('place') }} as is_national,
        follow.presentation,
        follow.days,
        count(*) as people,
        sum(case when follow.has_died then 1 else 0 end) as deaths
    from follow
    inner join place_of_person as place
        on follow.person_id = place.person_id and follow.method = place.method
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9

),

windowed as (

    select
        counted.method,
        reporting_window.window_number,
        counted.place_number,
        counted.presentation,
        counted.days,
        sum(counted.people) as people,
        sum(counted.deaths) as deaths
    from {{ ref('reporting_window') }} as reporting_window
    inner join counted
        on counted.mbc_quarter
        between {{ quarter_number(quarter_of('reporting_window.window_start')) }}
        and {{ quarter_number(quarter_of('reporting_window.window_end')) }}
        and counted.horizon = {{ horizon_of('counted', 'reporting_window') }}
    where
        (counted.is_national or reporting_window.period <> 'quarter')
        and {{ is_reported('counted.nation', 'reporting_window') }}
    group by 1, 2, 3, 4, 5

),

either as (

    select * from windowed
    union all
    select method, window_number, place_number, 'all', days, sum(people), sum(deaths)
    from windowed
    group by 1, 2, 3, 5

),

-- At risk on a day: everyone whose follow-up ends on it or later.
day as (

    select
        either.*,
        {{ real('sum(people) over (partition by method, window_number, place_number, presentation order by days desc)') }}
            as at_risk
    from either

),

asked as (

    select 'survival_1y' as indicator, {{ var('survival_1y_days') }} as asked_days
    union all
    select 'survival_3y', {{ var('survival_3y_days') }}

),

summed as (

    select
        day.method,
        day.window_number,
        day.place_number,
        asked.indicator,
        day.presentation,
        cast(sum(day.people) as bigint) as denominator,
        cast(sum(case when day.days >= asked.asked_days then day.people else 0 end) as bigint)
            as at_risk,
        cast(sum(case when day.days <= asked.asked_days then day.deaths else 0 end) as bigint)
            as deaths,
        -- The product of the steps, as a sum of logarithms; a step to nobody makes it 0.
        bool_or(day.days <= asked.asked_days and day.deaths > 0 and day.deaths = day.at_risk)
            as is_nobody_left,
        coalesce(sum(
            case
                when day.days <= asked.asked_days and day.deaths > 0 and day.deaths < day.at_risk
                then ln(1 - day.deaths / day.at_risk)
            end
        ), 0) as log_survival,
        coalesce(sum(
            case
                when day.days <= asked.asked_days and day.deaths > 0 and day.deaths < day.at_risk
                then day.deaths / (day.at_risk * (day.at_risk - day.deaths))
            end
        ), 0) as greenwood
    from day
    cross join asked
    group by 1, 2, 3, 4, 5

)

select
    reporting_window.quarter,
    reporting_window.period,
    reporting_window.complete,
    summed.indicator,
    place.geography_type,
    place.geography_code,
    place.geography_name,
    summed.method,
    summed.presentation,
    summed.deaths,
    summed.denominator,
    summed.at_risk,
    case when is_nobody_left then {{ real(0) }} when at_risk > 0 then 100 * exp(log_survival) end as value,
    case
        when is_nobody_left or at_risk = 0 or log_survival = 0 then null
        else 100 * exp(log_survival * exp({{ real(var('z_95')) }} * sqrt(greenwood) / -log_survival))
    end as lower_95,
    case
        when is_nobody_left or at_risk = 0 or log_survival = 0 then null
        else 100 * exp(log_survival * exp(-{{ real(var('z_95')) }} * sqrt(greenwood) / -log_survival))
    end as upper_95
from summed
inner join {{ ref('reporting_window') }} as reporting_window
    on summed.window_number = reporting_window.window_number
inner join {{ ref('place') }} as place on summed.place_number = place.place_number
