-- SACT administrations with comparable codes. One row an administration.
select
    file,
    position,
    quarter,
    coalesce(sent.nhs_person_id, person_link.linked_person_id, sent.local_person_id) as person_id,
    nhs_number_status,
    {{ organisation('provider') }} as provider,
    substr({{ icd('primary_diagnosis') }}, 1, 3) as icd3,
    regimen,
    regimen_start_date,
    regimen_start_date_fault,
    {{ code('cycle_number') }} as cycle_number,
    cycle_start_date,
    drug_name,
    administration_date,
    {{ code('intent') }} as intent
from {{ source('submissions', 'sact_administration') }} as sent
left join {{ source('linkage', 'person_link') }} as person_link
    on sent.local_person_id = person_link.person_id
