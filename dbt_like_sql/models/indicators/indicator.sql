-- The indicators of method book section 5, in one table. One row a quarter, period, indicator,
-- geography, method and presentation. Proportions are held against control limits (section 6, ruling
-- F3). Methods beside `registry` have incidence, recurrent share and survival, of nations alone.
with

counted_by_method as (

    select
        quarter, period, complete, indicator, geography_type, geography_code, geography_name,
        'registry' as method, presentation, numerator, denominator
    from {{ ref('indicator_count') }}
    union all
    select
        quarter, period, complete, indicator, geography_type, geography_code, geography_name,
        method, presentation, numerator, denominator
    from {{ ref('method_count') }}

),

proportion as (

    select
        counted.*,
        cast(null as bigint) as at_risk,
        'percent' as unit,
        {{ percentage('numerator', 'denominator') }} as value,
        {{ wilson('numerator', 'denominator', '-') }} as lower_95,
        {{ wilson('numerator', 'denominator', '+') }} as upper_95
    from counted_by_method as counted
    -- Within one presentation the recurrent share says nothing.
    where
        (counted.indicator <> 'recurrent_share' or counted.presentation = 'all')
        and (counted.method = 'registry' or counted.indicator = 'recurrent_share')

),

new_mbc as (

    select *
    from counted_by_method
    where indicator = 'death_certificate_only'

),

incidence as (

    select
        quarter, period, complete, 'incidence' as indicator, geography_type, geography_code,
        geography_name, method, presentation, denominator as numerator, cast(null as bigint) as denominator,
        cast(null as bigint) as at_risk, 'people' as unit,
        {{ real('denominator') }} as value,
        {{ byar_lower('denominator') }} as lower_95,
        {{ byar_upper('denominator') }} as upper_95
    from new_mbc

),

-- The population of the year in which the window ends, or the nearest (ruling F1).
year_to_hand as (

    select quarter, geography_code, population
    from (
        select
            reporting_quarter.quarter,
            held.geography_code,
            held.population,
            row_number() over (
                partition by reporting_quarter.quarter, held.geography_code
                order by abs(held.year - extract(year from reporting_quarter.index_date)), held.year
            ) as preference
        from {{ ref('reporting_quarter') }} as reporting_quarter
        cross join {{ ref('population_by_band') }} as held
        inner join {{ ref('nation') }} as nation on held.geography_code = nation.code
        where
            held.sex = 'all' and held.age_band = 'all'
            -- A rate of both nations needs the people of both (ruling G5).
            and (
                nation.geography_type <> 'england_and_wales'
                or {{ is_every_reported('reporting_quarter') }}
            )
    ) as ranked
    where preference = 1

),

-- Rates are a year: a window of so many quarters has so many quarters of person-time.
person_time as (

    select
        incidence.*,
        year_to_hand.population,
        {{ real('year_to_hand.population') }} * {{ quarters_of('incidence.period') }} / 4 as person_years
    from incidence
    inner join year_to_hand
        on incidence.quarter = year_to_hand.quarter
        and incidence.geography_code = year_to_hand.geography_code

),

rate as (

    select
        quarter, period, complete, 'incidence_rate' as indicator, geography_type, geography_code,
        geography_name, method, presentation, numerator, population as denominator,
        cast(null as bigint) as at_risk, 'per_100k_person_years' as unit,
        100000 * value / person_years as value,
        100000 * lower_95 / person_years as lower_95,
        100000 * upper_95 / person_years as upper_95
    from person_time

),

living as (

    select
        prevalence.quarter,
        prevalence.geography_type,
        prevalence.geography_code,
        prevalence.geography_name,
        prevalence.method,
        cast(sum(case when presentation = 'recurrent' then people else 0 end) as bigint) as numerator,
        cast(sum(case when presentation = 'all' then people else 0 end) as bigint) as denominator
    from {{ ref('prevalence') }} as prevalence
    where
        sex = 'all' and age_band = 'all' and years_since_mbc = 'all'
        and (method = 'registry' or geography_type in ('england_and_wales', 'nation'))
    group by 1, 2, 3, 4, 5

),

-- On the last day of the window, so the same for every period.
living_share as (

    select
        living.quarter, reporting_window.period, reporting_window.complete,
        'recurrent_share_of_living' as indicator, living.geography_type, living.geography_code,
        living.geography_name, living.method, 'all' as presentation, living.numerator, living.denominator,
        cast(null as bigint) as at_risk, 'percent' as unit,
        {{ percentage('numerator', 'denominator') }} as value,
        {{ wilson('numerator', 'denominator', '-') }} as lower_95,
        {{ wilson('numerator', 'denominator', '+') }} as upper_95
    from living
    inner join {{ ref('reporting_window') }} as reporting_window
        on living.quarter = reporting_window.quarter
    where
        {{ is_national('living') }}
        or reporting_window.period <> 'quarter'

),

survived as (

    select
        quarter, period, complete, indicator, geography_type, geography_code, geography_name,
        method, presentation, deaths as numerator, denominator, at_risk, 'percent' as unit, value,
        lower_95, upper_95
    from {{ ref('survival') }}

),

every_indicator as (

    select
        quarter, period, complete, indicator, geography_type, geography_code, geography_name,
        method, presentation, numerator, denominator, at_risk, unit, value, lower_95, upper_95
    from proportion
    union all
    select * from living_share
    union all
    select * from survived
    union all
    select * from incidence
    union all
    select * from rate

),

target as (

    select quarter, period, indicator, method, presentation, value as target_pct
    from every_indicator
    where geography_type = 'england_and_wales' and unit = 'percent'

),

-- Counts and Kaplan-Meier estimates have no binomial limits.
limited as (

    select
        every_indicator.*,
        target.target_pct,
        {{ is_compared() }} and every_indicator.unit = 'percent' and every_indicator.at_risk is null
            as is_compared,
        {{ control_limit('target_pct', 'denominator', '-', 'z_95') }} as limit_lower_95,
        {{ control_limit('target_pct', 'denominator', '+', 'z_95') }} as limit_upper_95,
        {{ control_limit('target_pct', 'denominator', '-', 'z_998') }} as limit_lower_998,
        {{ control_limit('target_pct', 'denominator', '+', 'z_998') }} as limit_upper_998
    from every_indicator
    left join target
        on every_indicator.quarter = target.quarter
        and every_indicator.period = target.period
        and every_indicator.indicator = target.indicator
        and every_indicator.method = target.method
        and every_indicator.presentation = target.presentation

)

select
    quarter,
    period,
    complete,
    indicator,
    geography_type,
    geography_code,
    geography_name,
    method,
    presentation,
    unit,
    numerator,
    denominator,
    at_risk,
    value,
    lower_95,
    upper_95,
    target_pct,
    case when is_compared then limit_lower_95 end as limit_lower_95,
    case when is_compared then limit_upper_95 end as limit_upper_95,
    case when is_compared then limit_lower_998 end as limit_lower_998,
    case when is_compared then limit_upper_998 end as limit_upper_998,
    {{ outlier('value', 'denominator') }} as outlier
from limited
