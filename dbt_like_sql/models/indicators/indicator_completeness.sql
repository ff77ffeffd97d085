-- Whether each key item is on a record of the person's MBC event (method book section 5, ruling
-- A3). A code for "not known" is not an answer. Items that registry extracts do not hold are not
-- asked of people whom nothing else tells of, as in record_quality. One row a person and item.
{% set items = {
    "nhs_number": "record.nhs_number_status = 'valid'",
    "ethnicity": "record.ethnic_category not in " ~ setting_list('ethnic_category_not_given'),
    "performance_status": "record.performance_status in " ~ setting_list('performance_status_given'),
    "t_category": "record.t_category is not null",
    "n_category": "record.n_category is not null",
    "m_category": "record.m_category is not null",
    "stage": "record.stage is not null",
    "cns": "record.cns_contact in ('seen', 'not_seen')",
    "mdt": "record.is_mdt_discussed",
    "basis_of_diagnosis": "record.basis_of_diagnosis <> '9'",
    "metastatic_type": "metastasis.has_type",
    "metastatic_site": "metastasis.has_site"
} %}
{% set asked = {
    "nhs_number": "is_submitted",
    "cns": "is_cns_collected",
    "mdt": "is_submitted",
    "metastatic_type": "is_submitted",
    "metastatic_site": "is_submitted"
} %}
with

metastasis as (

    select
        file,
        position,
        bool_or(metastatic_type in {{ setting_list('metastatic_types') }}) as has_type,
        bool_or(metastatic_site <> '99') as has_site
    from {{ source('submissions', 'cosd_metastasis') }}
    group by file, position
    union all
    select
        file,
        position,
        metastatic_type in {{ setting_list('metastatic_types') }},
        metastatic_sites <> '99'
    from {{ source('submissions', 'wales_tumour') }}

),

event as (

    select
        event_record.person_id,
        bool_or(record.source <> 'registry') as is_submitted,
        bool_or(record.cns_contact <> 'not_collected') as is_cns_collected
        {%- for item, given in items.items() %},
        coalesce(bool_or({{ given }}), false) as {{ item }}
        {%- endfor %}
    from {{ ref('event_record') }} as event_record
    inner join {{ ref('registry_record') }} as record
        on event_record.file = record.file and event_record.position = record.position
    left join metastasis on record.file = metastasis.file and record.position = metastasis.position
    group by event_record.person_id

),

-- A recurrence has its date on the person's own recurrence record: a progression noted on a
-- primary record says that it came back, not when it was found to have recurred.
recurrence as (

    select
        cohort.person_id,
        coalesce(bool_or(evidence.rule = 3), false) as has_recurrence_date
    from {{ ref('registry_cohort') }} as cohort
    left join {{ ref('event_record') }} as evidence on cohort.person_id = evidence.person_id
    where cohort.presentation = 'recurrent'
    group by cohort.person_id

),

treated as (

    select cohort.person_id, count(treatment.person_id) > 0 as has_treatment
    from {{ ref('registry_cohort') }} as cohort
    left join {{ ref('treatment') }} as treatment
        on cohort.person_id = treatment.person_id
        and treatment.start_date
        >= {{ add_days('cohort.mbc_date', '-' ~ var('treatment_lookback_days')) }}
    group by cohort.person_id

)

{% for item in items -%}
select person_id, 'completeness_{{ item }}' as indicator, {{ item }} as in_numerator, cast(null as date) as known_on
from event
{% if item in asked -%}
where {{ asked[item] }}
{% endif -%}
union all
{% endfor -%}
select person_id, 'completeness_recurrence_date', has_recurrence_date, cast(null as date) from recurrence
union all
select person_id, 'completeness_treatment', has_treatment, cast(null as date) from treated
