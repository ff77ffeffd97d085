-- New people by the methods beside `registry`, of nations, in every window: how many are recurrent, and
-- known by death certificate only (method book sections 3 and 5). One row a window, geography, method,
-- indicator and presentation, as in indicator_count.
with

member as (

    select
        reporting_window.window_number,
        place.place_number,
        cohort.method,
        cohort.presentation,
        cohort.is_death_certificate_only
    from {{ ref('reporting_window') }} as reporting_window
    inner join {{ ref('mbc_cohort') }} as cohort
        on cohort.mbc_date between reporting_window.window_start and reporting_window.window_end
        and {{ is_reported('cohort.nation', 'reporting_window') }}
    inner join {{ ref('method_place') }} as place
        on cohort.person_id = place.person_id and cohort.method = place.method
    where place.geography_type in ('england_and_wales', 'nation')

),

either as (

    select * from member
    union all
    select window_number, place_number, method, 'all', is_death_certificate_only from member

),

asked as (

    select 'recurrent_share' as indicator
    union all
    select 'death_certificate_only'

),

counted as (

    select
        either.window_number,
        either.place_number,
        either.method,
        either.presentation,
        count(*) as people,
        sum(case when either.presentation = 'recurrent' then 1 else 0 end) as recurrent,
        sum(case when either.is_death_certificate_only then 1 else 0 end) as certificates
    from either
    group by 1, 2, 3, 4

),

-- Of all together, who is recurrent is in the row of the recurrent.
shared as (

    select
        counted.*,
        max(counted.recurrent) over (
            partition by counted.window_number, counted.place_number, counted.method
        ) as all_recurrent
    from counted

)

select
    reporting_window.quarter,
    reporting_window.period,
    reporting_window.complete,
    asked.indicator,
    place.geography_type,
    place.geography_code,
    place.geography_name,
    shared.method,
    shared.presentation,
    cast(
        case
            when asked.indicator = 'death_certificate_only' then shared.certificates
            when shared.presentation = 'all' then shared.all_recurrent
            else shared.recurrent
        end as bigint
    ) as numerator,
    cast(shared.people as bigint) as denominator
from shared
cross join asked
inner join {{ ref('reporting_window') }} as reporting_window
    on shared.window_number = reporting_window.window_number
inner join {{ ref('place') }} as place on shared.place_number = place.place_number
