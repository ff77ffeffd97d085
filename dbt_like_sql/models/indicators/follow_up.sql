-- Follow-up from MBC date to first treatment, death or horizon (method book section 4, rulings A5,
-- F6 to F10). One row a person and horizon.
with

-- One horizon a nation, and one of registry extracts.
follow as (

    select distinct
        cohort.person_id,
        cohort.mbc_date,
        cohort.death_date,
        {{ horizon_of('cohort', 'reporting_quarter') }} as horizon
    from {{ ref('registry_cohort') }} as cohort
    cross join (
        select distinct {{ horizon_columns() }}
        from {{ ref('reporting_quarter') }}
    ) as reporting_quarter

),

-- Earliest treatment; of several on that day the group that comes first in ruling F6.
treated as (

    select
        follow.person_id,
        follow.horizon,
        treatment.start_date,
        treatment.modality_group,
        row_number() over (
            partition by follow.person_id, follow.horizon
            order by
                treatment.start_date,
                case treatment.modality_group
                    when 'surgery' then 1
                    when 'chemotherapy' then 2
                    when 'radiotherapy' then 3
                    when 'other_systemic' then 4
                    when 'endocrine' then 5
                    else 6
                end
        ) as preference
    from follow
    inner join {{ ref('treatment') }} as treatment on follow.person_id = treatment.person_id
    where
        follow.mbc_date <= follow.horizon
        and treatment.start_date
        >= {{ add_days('follow.mbc_date', '-' ~ var('treatment_lookback_days')) }}
        and treatment.start_date <= follow.horizon
        and (follow.death_date is null or treatment.start_date <= follow.death_date)

),

outcome as (

    select
        follow.person_id,
        follow.horizon,
        follow.mbc_date,
        treated.modality_group,
        case
            when treated.person_id is not null then 'treated'
            when follow.death_date <= follow.horizon and follow.mbc_date <= follow.horizon
            then 'died_untreated'
            else 'censored'
        end as outcome,
        case
            when treated.person_id is not null then treated.start_date
            when follow.death_date <= follow.horizon then follow.death_date
            else follow.horizon
        end as end_date
    from follow
    left join treated
        on follow.person_id = treated.person_id
        and follow.horizon = treated.horizon
        and treated.preference = 1

)

select
    person_id,
    horizon,
    outcome,
    modality_group,
    -- Treatment or death before the MBC date is day 0, and so is an MBC date after the horizon.
    cast(greatest({{ days_between('mbc_date', 'end_date') }}, 0) as integer) as days,
    coalesce({{ add_days('mbc_date', var('short_wait_days')) }} <= horizon, false) as is_eligible_31d,
    coalesce({{ add_days('mbc_date', var('long_wait_days')) }} <= horizon, false) as is_eligible_62d
from outcome
