-- Who of the dead had recurrent MBC by which source, for capture-recapture: experimental, beyond
-- the audit. England only. One row a person that at least one of three sources names: recurrent in
-- the cohort (COSD), SACT for advanced disease, or a death certificate with C50 and C77 to C79.
with

-- Sources other than the cohort do not tell de novo from recurrent: they name people whose disease
-- is later than the de novo window after their last primary C50, as the cohort does (ruling A1).
english as (

    select
        person_id,
        max(case when pathway = 'primary' and icd3 = 'C50' then event_date end) as primary_date
    from {{ ref('registry_record') }}
    group by person_id
    having bool_or(provider is not null and {{ nation_of_provider('provider') }} = '{{ first_nation() }}')

),

given as (

    select *
    from {{ ref('judged_sact') }}
    where disposition = 'accepted' and regimen_start_date is not null

),

-- A person of no record but SACT is English, because Wales sends none.
known as (

    select person_id, primary_date from english
    union all
    select distinct given.person_id, cast(null as date)
    from given
    left join {{ ref('person') }} as person on given.person_id = person.person_id
    where person.person_id is null

),

dead as (

    select
        known.person_id,
        known.primary_date,
        death.death_date,
        ';' || coalesce(death.underlying_cause, '') || ';' || coalesce(death.causes, '') as causes
    from known
    inner join {{ ref('death') }} as death
        on known.person_id = death.person_id and death.disposition = 'accepted'
    left join {{ ref('registry_cohort') }} as cohort on known.person_id = cohort.person_id
    where cohort.person_id is null or (cohort.presentation = 'recurrent' and cohort.nation = '{{ first_nation() }}')

),

treated as (

    select distinct dead.person_id
    from dead
    inner join given on dead.person_id = given.person_id
    where
        given.regimen_start_date <= dead.death_date
        and (
            dead.primary_date is null
            or given.regimen_start_date > {{ add_days('dead.primary_date', var('de_novo_window_days')) }}
        )
        and given.intent in {{ setting_list('palliative_sact_intents') }}

),

found as (

    select
        dead.person_id,
        dead.death_date,
        cohort.person_id is not null as in_cosd,
        treated.person_id is not null as in_sact,
        coalesce(
            dead.causes like '%;C50%'
            and (dead.causes like '%;C77%' or dead.causes like '%;C78%' or dead.causes like '%;C79%')
            and (
                dead.primary_date is null
                or dead.death_date > {{ add_days('dead.primary_date', var('de_novo_window_days')) }}
            ),
            false
        ) as on_certificate
    from dead
    left join {{ ref('registry_cohort') }} as cohort
        on dead.person_id = cohort.person_id and cohort.mbc_date <= dead.death_date
    left join treated on dead.person_id = treated.person_id

)

select person_id, death_date, in_cosd, in_sact, on_certificate
from found
where in_cosd or in_sact or on_certificate
