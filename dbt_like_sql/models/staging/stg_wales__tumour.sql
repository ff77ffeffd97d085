-- Welsh registry events with the same columns and codes as stg_cosd__record. One row an event.
with

submission as (select * from {{ source('submissions', 'submission') }}),

tumour as (select * from {{ source('submissions', 'wales_tumour') }})

select
    tumour.file,
    tumour.position,
    tumour.quarter,
    'wales' as source,
    {{ var('welsh_standard_version') }} as standard_version,

    -- order of submission (rulings B7, B13)
    tumour.created_at,
    submission.period_end,
    coalesce(cast(tumour.created_at as date), submission.period_end) as extract_date,

    -- person
    tumour.record_id,
    tumour.nhs_person_id,
    tumour.nhs_number_status,
    tumour.local_person_id,
    tumour.birth_date,
    tumour.birth_date_fault,
    case tumour.sex
        when 'F' then 'female' when 'M' then 'male' else 'unknown'
    end as sex,
    tumour.sex as sex_code,
    tumour.ethnic_category,

    -- place
    tumour.provider,
    tumour.diagnosis_site,

    -- event
    tumour.pathway,
    coalesce(
        tumour.pathway
        not in ('primary', 'recurrence', 'progression', 'transformation'), true
    ) as is_pathway_wrong,
    tumour.event_date,
    tumour.event_date_fault,
    tumour.icd10,

    -- tumour
    tumour.laterality,
    tumour.basis_of_diagnosis,
    tumour.performance_status,
    tumour.t_category,
    tumour.n_category,
    tumour.m_category,
    tumour.stage,

    -- care
    tumour.cns_indication,
    {{ cns_contact('tumour.cns_indication') }} as cns_contact,
    tumour.mdt_date is not null as is_mdt_discussed,
    tumour.mdt_date_fault,
    {{ carried_items('wales', 'tumour') }}

from tumour
inner join submission on tumour.file = submission.file
