-- Numerator and denominator of every proportion in every window, geography and presentation
-- (method book section 3, ruling E8). Windows and horizons are whole quarters, so people are first
-- counted by the quarter of their MBC date and the quarter in which their outcome is known.
with

counted as (

    select
        member.indicator,
        cohort.nation,
        {{ quarter_number(quarter_of('cohort.mbc_date')) }} as mbc_quarter,
        {{ quarter_number(quarter_of('coalesce(member.known_on, cohort.mbc_date)')) }} as known_quarter,
        member.known_on is null as is_known_at_once,
        place.geography_type,
        place.geography_code,
        place.geography_name,
        cohort.presentation,
        count(*) as denominator,
        sum(case when member.in_numerator then 1 else 0 end) as numerator
    from {{ ref('indicator_person') }} as member
    inner join {{ ref('mbc_cohort') }} as cohort on member.person_id = cohort.person_id
    inner join {{ ref('cohort_place') }} as place on member.person_id = place.person_id
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9

),

windowed as (

    select
        reporting_window.quarter,
        reporting_window.period,
        reporting_window.complete,
        counted.indicator,
        counted.geography_type,
        counted.geography_code,
        counted.geography_name,
        counted.presentation,
        counted.numerator,
        counted.denominator
    from {{ ref('reporting_window') }} as reporting_window
    inner join counted
        on counted.mbc_quarter
        between {{ quarter_number(quarter_of('reporting_window.window_start')) }}
        and {{ quarter_number(quarter_of('reporting_window.window_end')) }}
    where
        (
            counted.geography_type in ('england_and_wales', 'nation')
            or reporting_window.period <> 'quarter'
        )
        and (
            counted.is_known_at_once
            -- A horizon is the last day of a quarter.
            or counted.known_quarter <= case
                when counted.nation = 'Wales'
                then {{ quarter_number(quarter_of('reporting_window.wales_horizon')) }}
                else {{ quarter_number(quarter_of('reporting_window.england_horizon')) }}
            end
        )

)

select
    quarter,
    period,
    complete,
    indicator,
    geography_type,
    geography_code,
    geography_name,
    presentation,
    cast(sum(numerator) as bigint) as numerator,
    cast(sum(denominator) as bigint) as denominator
from windowed
group by 1, 2, 3, 4, 5, 6, 7, 8

union all

select
    quarter,
    period,
    complete,
    indicator,
    geography_type,
    geography_code,
    geography_name,
    'all',
    cast(sum(numerator) as bigint),
    cast(sum(denominator) as bigint)
from windowed
group by 1, 2, 3, 4, 5, 6, 7
