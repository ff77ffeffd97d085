-- What case-mix adjustment is fitted on (method book section 6): outcome and terms of each person.
-- One row a person and indicator; known_on as in indicator_person.
with

performance as (

    select event_record.person_id, max(record.performance_status) as performance_status
    from {{ ref('event_record') }} as event_record
    inner join {{ ref('registry_record') }} as record
        on event_record.file = record.file and event_record.position = record.position
    where record.performance_status in {{ setting_list('performance_status_given') }}
    group by event_record.person_id

),

-- Only registry extracts tell deprivation and comorbidity; the worse of several statements.
registered as (

    select
        event_record.person_id,
        min({{ quintile('sent.deprivation_quintile') }}) as deprivation_quintile,
        max({{ charlson_band('sent.charlson_score') }}) as comorbidity
    from {{ ref('event_record') }} as event_record
    inner join {{ source('submissions', 'registry_tumour') }} as sent
        on event_record.file = sent.file and event_record.position = sent.position
    group by event_record.person_id

),

waited as (

    select
        person_id,
        bool_or(outcome = 'treated' and days <= {{ var('short_wait_days') }}) as is_within_31d
    from {{ ref('follow_up') }}
    group by person_id

),

outcome as (

    select
        person_id, 'cns_access' as indicator, cns_contact = 'seen' as in_numerator,
        cast(null as date) as known_on
    from {{ ref('registry_cohort') }}
    where cns_contact in ('seen', 'not_seen')

    union all

    select person_id, indicator, in_numerator, known_on
    from {{ ref('indicator_person') }}
    where indicator in ('mdt_discussed', 'sact_within_6_months')

    union all

    select
        cohort.person_id, 'within_31d', waited.is_within_31d,
        {{ add_days('cohort.mbc_date', var('short_wait_days')) }}
    from {{ ref('registry_cohort') }} as cohort
    inner join waited on cohort.person_id = waited.person_id

    union all

    -- Alive a year after, among those followed for a year.
    select
        person_id, 'survival_1y',
        coalesce(death_date > {{ add_days('mbc_date', var('survival_1y_days')) }}, true),
        {{ add_days('mbc_date', var('survival_1y_days')) }}
    from {{ ref('registry_cohort') }}

)

select
    outcome.person_id,
    outcome.indicator,
    outcome.in_numerator,
    outcome.known_on,
    cohort.nation,
    cohort.source,
    cohort.mbc_date,
    {{ age_band('cohort.age_at_mbc') }} as age_band,
    cohort.sex,
    cohort.presentation,
    performance.performance_status,
    registered.deprivation_quintile,
    registered.comorbidity
from outcome
inner join {{ ref('registry_cohort') }} as cohort on outcome.person_id = cohort.person_id
left join performance on outcome.person_id = performance.person_id
left join registered on outcome.person_id = registered.person_id
where not cohort.is_death_certificate_only
