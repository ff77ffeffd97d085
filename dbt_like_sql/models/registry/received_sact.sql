-- SACT administrations and whose they are; a shared NHS number is as good as an invalid one (ruling C3).
-- One row as sent.
{{ config(materialized='view') }}
select
    sent.*,
    {{ person_of('sent') }} as person_id,
    sent.nhs_number_status = 'invalid' or {{ is_number_shared() }} as is_number_invalid
from {{ ref('stg_sact__administration') }} as sent
    {{ person_joins('sent') }}
