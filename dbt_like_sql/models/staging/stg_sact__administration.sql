-- SACT administrations. One row an administration. In scope by primary
-- diagnosis alone (ruling B19).
with

administration as (

    select
        sent.*,
        substr(sent.primary_diagnosis, 1, 3) as icd3
    from {{ source('submissions', 'sact_administration') }} as sent

)

select
    file,
    position,
    quarter,
    nhs_person_id,
    nhs_number_status,
    local_person_id,
    provider,
    icd3,
    coalesce(icd3 not in {{ text_list(var('breast_icd3') + var('metastasis_icd3')) }}, false) as is_out_of_scope,
    regimen,
    regimen_start_date,
    regimen_start_date_fault,
    cycle_number,
    cycle_start_date,
    drug_name,
    administration_date,
    administration_date_fault,
    intent,
    performance_status
from administration
