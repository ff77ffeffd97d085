{{ config(materialized="view") }}
-- Who is in which window and geography, for indicators of care (method book section 3, rulings D10,
-- E8, G5). National rows show every period, alliances and providers the rolling ones. One row a
-- person, quarter, period, geography and presentation (their own, and `all`).
with

member as (

    select
        reporting_window.quarter,
        reporting_window.period,
        reporting_window.complete,
        reporting_window.window_number,
        place.place_number,
        place.geography_type,
        place.geography_code,
        place.geography_name,
        cohort.presentation,
        cohort.person_id,
        cohort.cns_contact,
        {{ horizon_of('cohort', 'reporting_window') }} as horizon
    from {{ ref('reporting_window') }} as reporting_window
    inner join {{ ref('registry_cohort') }} as cohort
        on cohort.mbc_date between reporting_window.window_start and reporting_window.window_end
    inner join {{ ref('cohort_place') }} as place on cohort.person_id = place.person_id
    where
        not cohort.is_death_certificate_only
        and {{ is_reported('cohort.nation', 'reporting_window') }}
        and (
            {{ is_national('place') }}
            or reporting_window.period <> 'quarter'
        )

)

select * from member
union all
select
    quarter, period, complete, window_number, place_number,
    geography_type, geography_code, geography_name, 'all' as presentation,
    person_id, cns_contact, horizon
from member
