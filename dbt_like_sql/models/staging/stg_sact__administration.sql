-- SACT administrations with comparable codes. One row an administration. In scope by primary
-- diagnosis alone (ruling B19).
with

administration as (

    select
        *,
        substr({{ icd('primary_diagnosis') }}, 1, 3) as icd3
    from {{ source('submissions', 'sact_administration') }}

)

select
    file,
    position,
    quarter,
    coalesce(nhs_person_id, local_person_id) as person_id,
    nhs_number_status,
    {{ organisation('provider') }} as provider,
    icd3,
    coalesce(icd3 not in ('C50', 'D05', 'C77', 'C78', 'C79'), false) as is_out_of_scope,
    regimen,
    regimen_start_date,
    regimen_start_date_fault,
    {{ code('cycle_number') }} as cycle_number,
    cycle_start_date,
    drug_name,
    administration_date,
    administration_date_fault,
    {{ code('intent') }} as intent,
    {{ code('performance_status') }} as performance_status
from administration
