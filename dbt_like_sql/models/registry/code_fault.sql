-- Codes outside the standard's lists, in records in scope. One row a record, item and rule.
with

-- The registry's own codes are not those of COSD.
record as (
    select * from {{ ref('received_record') }} where not is_out_of_scope and source <> 'registry'
),

-- One row a record, item and code; which items is in the COSD contract.
code as ({{ listed_codes('record') }})

{{ codes_outside_lists('code') }}
