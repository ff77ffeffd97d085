-- NHS numbers that stand for many people: given with so many different birth dates by COSD and Welsh
-- records that are not refused for anything else (ruling C3). Whole dates alone count. One row a number.
{{ config(materialized='table') }}
select nhs_person_id, count(distinct birth_date) as birth_dates
from {{ ref('stg_record') }}
where
    nhs_person_id is not null
    and birth_date_fault is null
    and not is_out_of_scope
    and not is_refused
group by nhs_person_id
having count(distinct birth_date) >= {{ var('shared_number_birth_dates') }}
