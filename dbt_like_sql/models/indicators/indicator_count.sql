-- Numerator and denominator of every proportion in every window, geography and presentation
-- (method book section 3, ruling E8). Windows and horizons are whole quarters, so people are first
-- counted by the quarter of their MBC date and the last day of the quarter in which their outcome is
-- known; those of a registry extract, whose horizon is any day (ruling F13), by the day itself.
with

counted as (

    select
        member.indicator,
        cohort.nation,
        cohort.source,
        {{ quarter_number(quarter_of('cohort.mbc_date')) }} as mbc_quarter,
        case
            when cohort.source = 'registry' then member.known_on
            else {{ quarter_last_day(quarter_of('member.known_on')) }}
        end as known_by,
        place.place_number,
        {{ is_national('place') }} as is_national,
        cohort.presentation,
        count(*) as denominator,
        sum(case when member.in_numerator then 1 else 0 end) as numerator
    from {{ ref('indicator_person') }} as member
    inner join {{ ref('registry_cohort') }} as cohort on member.person_id = cohort.person_id
    inner join {{ ref('cohort_place') }} as place on member.person_id = place.person_id
    group by 1, 2, 3, 4, 5, 6, 7, 8

),

windowed as (

    select
        reporting_window.window_number,
        counted.place_number,
        counted.indicator,
        counted.presentation,
        sum(counted.numerator) as numerator,
        sum(counted.denominator) as denominator
    from {{ ref('reporting_window') }} as reporting_window
    inner join counted
        on counted.mbc_quarter
        between {{ quarter_number(quarter_of('reporting_window.window_start')) }}
        and {{ quarter_number(quarter_of('reporting_window.window_end')) }}
    where
        (counted.is_national or reporting_window.period <> 'quarter')
        and {{ is_reported('counted.nation', 'reporting_window') }}
        and (
            counted.known_by is null
            or counted.known_by <= {{ horizon_of('counted', 'reporting_window') }}
        )
    group by 1, 2, 3, 4

),

either as (

    select * from windowed
    union all
    select window_number, place_number, indicator, 'all', sum(numerator), sum(denominator)
    from windowed
    group by 1, 2, 3

)

select
    reporting_window.quarter,
    reporting_window.period,
    reporting_window.complete,
    either.indicator,
    place.geography_type,
    place.geography_code,
    place.geography_name,
    either.presentation,
    cast(either.numerator as bigint) as numerator,
    cast(either.denominator as bigint) as denominator
from either
inner join {{ ref('reporting_window') }} as reporting_window
    on either.window_number = reporting_window.window_number
inner join {{ ref('place') }} as place on either.place_number = place.place_number
