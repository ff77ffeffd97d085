-- COSD breast records with the codes of the standard made comparable. One row a record.
with

submission as (select * from {{ source('submissions', 'submission') }}),

record as (select * from {{ source('submissions', 'cosd_record') }}),

normalised as (

    select
        record.file,
        record.position,
        record.quarter,
        'cosd' as source,
        cast(split_part(record.version, '.', 1) as integer) as standard_version,

        -- order of submission (rulings B6, B13)
        submission.created_at,
        submission.period_end,
        submission.extract_date,

        -- person
        record.record_id,
        record.nhs_person_id,
        record.nhs_number_status,
        record.local_person_id,
        record.birth_date,
        record.birth_date_fault,
        case {{ code('record.sex') }}
            when '2' then 'female' when '1' then 'male' else 'unknown'
        end as sex,
        {{ code('record.sex') }} as sex_code,
        {{ code('record.ethnic_category') }} as ethnic_category,

        -- place
        {{ organisation('record.provider') }} as provider,
        {{ organisation('record.diagnosis_site') }} as diagnosis_site,

        -- event
        record.pathway,
        record.pathway is null as is_pathway_wrong,
        record.event_date,
        record.event_date_fault,
        {{ icd('record.icd10') }} as icd10,

        -- tumour
        {{ code('record.laterality') }} as laterality,
        {{ code('record.basis_of_diagnosis') }} as basis_of_diagnosis,
        {{ code('record.performance_status') }} as performance_status,
        coalesce(
            {{ tnm_category('record.t_category_integrated') }},
            {{ tnm_category('record.t_category_pretreatment') }}
        ) as t_category,
        coalesce(
            {{ tnm_category('record.n_category_integrated') }},
            {{ tnm_category('record.n_category_pretreatment') }}
        ) as n_category,
        coalesce(
            {{ tnm_category('record.m_category_integrated') }},
            {{ tnm_category('record.m_category_pretreatment') }}
        ) as m_category,
        coalesce(
            {{ stage_group('record.stage_integrated') }},
            {{ stage_group('record.stage_pretreatment') }}
        ) as stage,

        -- care
        {{ code('record.cns_indication') }} as cns_indication,
        {{ cns_contact('record.cns_indication') }} as cns_contact,
        record.mdt_meetings > 0 or record.mdt_date is not null as is_mdt_discussed,
        record.mdt_date_fault,
        {{ code('record.palliative_specialist_seen') }} as palliative_specialist_seen

    from record
    inner join submission on record.file = submission.file

)

select * from normalised
