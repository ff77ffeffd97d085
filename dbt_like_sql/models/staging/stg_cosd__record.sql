-- COSD breast records in the shape of all sources. One row a record.
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
        case record.sex
            when '2' then 'female' when '1' then 'male' else 'unknown'
        end as sex,
        record.sex as sex_code,
        record.ethnic_category,

        -- place
        record.provider,
        record.diagnosis_site,

        -- event
        record.pathway,
        record.pathway is null as is_pathway_wrong,
        record.event_date,
        record.event_date_fault,
        record.icd10,

        -- tumour
        record.laterality,
        record.basis_of_diagnosis,
        record.performance_status,
        coalesce(
            record.t_category_integrated,
            record.t_category_pretreatment
        ) as t_category,
        coalesce(
            record.n_category_integrated,
            record.n_category_pretreatment
        ) as n_category,
        coalesce(
            record.m_category_integrated,
            record.m_category_pretreatment
        ) as m_category,
        coalesce(
            record.stage_integrated,
            record.stage_pretreatment
        ) as stage,

        -- care
        record.cns_indication,
        {{ cns_contact('record.cns_indication') }} as cns_contact,
        record.mdt_meetings > 0 or record.mdt_date is not null as is_mdt_discussed,
        record.mdt_date_fault,
        {{ carried_items('cosd', 'record') }}

    from record
    inner join submission on record.file = submission.file

)

select * from normalised
