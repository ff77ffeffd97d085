-- Who counts in which proportion (method book section 5). One row a person and indicator: everyone
-- here is in the denominator once follow-up has reached known_on (null: at once). People known by
-- death certificate only are left out of the indicators of care (ruling D10).
with

care as (

    select * from {{ ref('indicator_event_care') }}
    union all
    select * from {{ ref('indicator_treatment') }}
    union all
    select * from {{ ref('indicator_sact_mortality') }}
    union all
    select * from {{ ref('indicator_completeness') }}

)

select care.person_id, care.indicator, care.in_numerator, care.known_on
from care
inner join {{ ref('registry_cohort') }} as cohort on care.person_id = cohort.person_id
where not cohort.is_death_certificate_only

union all

select person_id, indicator, in_numerator, known_on from {{ ref('indicator_cohort') }}
