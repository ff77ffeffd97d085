-- Death within 30 days of the last cycle start of palliative SACT (method book section 5).
-- One row a person with such a cycle from 31 days before the MBC date on.
with

cycle as (

    select
        person_id,
        coalesce(cycle_start_date, administration_date, regimen_start_date) as start_date
    from {{ ref('indicator_drug') }}
    where intent in {{ setting_list('palliative_sact_intents') }}

),

last_cycle as (

    select cohort.person_id, cohort.death_date, max(cycle.start_date) as cycle_start
    from {{ ref('registry_cohort') }} as cohort
    inner join cycle on cohort.person_id = cycle.person_id
    where
        cycle.start_date
        >= {{ add_days('cohort.mbc_date', '-' ~ var('treatment_lookback_days')) }}
        and (cohort.death_date is null or cycle.start_date <= cohort.death_date)
    group by cohort.person_id, cohort.death_date

)

select
    person_id,
    'mortality_30d_after_sact' as indicator,
    coalesce(
        {{ days_between('cycle_start', 'death_date') }} <= {{ var('sact_mortality_days') }}, false
    ) as in_numerator,
    {{ add_days('cycle_start', var('sact_mortality_days')) }} as known_on
from last_cycle
