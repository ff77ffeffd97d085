-- Breast tumours of registry extracts with the same columns and codes as stg_cosd__record. One row
-- a tumour as sent. Receptors, deprivation and comorbidity, which COSD records do not have, are read
-- from the source table where they are used (receptor_evidence, case_mix_person).
with

submission as (select * from {{ source('submissions', 'submission') }}),

tumour as (select * from {{ source('submissions', 'registry_tumour') }}),

dated as (

    select
        tumour.*,
        cast(tumour.age as integer) as years,
        {{ add_days('tumour.diagnosis_date', '-183') }} as half_a_year_before
    from tumour

)

select
    dated.file,
    dated.position,
    dated.quarter,
    'registry' as source,
    cast(null as integer) as standard_version,

    -- order of submission: the date of the extract
    submission.created_at,
    submission.period_end,
    submission.extract_date,

    -- person
    dated.tumour_id as record_id,
    linked.person_id as nhs_person_id,
    case when linked.person_id is not null then 'valid' else 'missing' end as nhs_number_status,
    dated.registry_person_id as local_person_id,
    -- Only the age is sent: a birth date in the middle of the year that gives that age at diagnosis.
    make_date(
        cast(extract(year from dated.half_a_year_before) as integer) - dated.years,
        cast(extract(month from dated.half_a_year_before) as integer),
        1
    ) as birth_date,
    cast(null as text) as birth_date_fault,
    case dated.sex
        when '2' then 'female' when 'F' then 'female'
        when '1' then 'male' when 'M' then 'male'
        else 'unknown'
    end as sex,
    dated.sex as sex_code,
    patient.ethnic_category,

    -- place
    dated.provider,
    cast(null as text) as diagnosis_site,

    -- event
    'primary' as pathway,
    false as is_pathway_wrong,
    dated.diagnosis_date as event_date,
    dated.diagnosis_date_fault as event_date_fault,
    dated.icd10,

    -- tumour
    dated.laterality,
    case
        when dated.death_certificate_only in ('Y', '1') then '0'
        else dated.basis_of_diagnosis
    end as basis_of_diagnosis,
    dated.performance_status,
    dated.t_best as t_category,
    dated.n_best as n_category,
    dated.m_best as m_category,
    dated.stage_best as stage,

    -- care
    dated.cns_indication,
    -- A file without the column says nothing of nurses; an empty cell is missing.
    case
        when not dated.is_cns_sent then 'not_collected'
        else {{ cns_contact('dated.cns_indication') }}
    end as cns_contact,
    false as is_mdt_discussed,
    cast(null as text) as mdt_date_fault,
    {{ carried_items('registry', 'dated') }}

from dated
inner join submission on dated.file = submission.file
left join {{ ref('stg_registry__link') }} as linked on dated.registry_person_id = linked.registry_person_id
left join {{ ref('judged_registry_row') }} as patient
    on patient.source_table = 'registry_patient'
    and patient.identifier = dated.registry_person_id
    and patient.disposition = 'accepted'
