-- Shares of the cohort itself (method book section 5, ruling D10): recurrent among new MBC, and
-- people known by death certificate only. One row a person and indicator.
select
    person_id, 'recurrent_share' as indicator, presentation = 'recurrent' as in_numerator,
    cast(null as date) as known_on
from {{ ref('registry_cohort') }}
union all
select person_id, 'death_certificate_only', is_death_certificate_only, cast(null as date)
from {{ ref('registry_cohort') }}
