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
    case {{ code('tumour.sex') }}
        when 'F' then 'female' when 'M' then 'male' else 'unknown'
    end as sex,
    {{ code('tumour.sex') }} as sex_code,
    {{ code('tumour.ethnic_category') }} as ethnic_category,

    -- place
    {{ organisation('tumour.provider') }} as provider,
    {{ organisation('tumour.diagnosis_site') }} as diagnosis_site,

    -- event
    {{ word('tumour.pathway') }} as pathway,
    coalesce(
        {{ word('tumour.pathway') }}
        not in ('primary', 'recurrence', 'progression', 'transformation'), true
    ) as is_pathway_wrong,
    tumour.event_date,
    tumour.event_date_fault,
    {{ icd('tumour.icd10') }} as icd10,

    -- tumour
    {{ code('tumour.laterality') }} as laterality,
    {{ code('tumour.basis_of_diagnosis') }} as basis_of_diagnosis,
    {{ code('tumour.performance_status') }} as performance_status,
    {{ tnm_category('tumour.t_category') }} as t_category,
    {{ tnm_category('tumour.n_category') }} as n_category,
    {{ tnm_category('tumour.m_category') }} as m_category,
    {{ stage_group('tumour.stage') }} as stage,

    -- care
    {{ code('tumour.cns_indication') }} as cns_indication,
    {{ cns_contact('tumour.cns_indication') }} as cns_contact,
    tumour.mdt_date is not null as is_mdt_discussed,
    tumour.mdt_date_fault,
    {{ code('tumour.palliative_specialist_seen') }} as palliative_specialist_seen

from tumour
inner join submission on tumour.file = submission.file
