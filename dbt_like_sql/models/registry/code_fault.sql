-- Codes outside the standard's lists, in records in scope. One row a record, item and rule.
with

-- The registry's own codes are not those of COSD.
record as (
    select * from {{ ref('received_record') }} where not is_out_of_scope and source <> 'registry'
),

-- One row a record, item and code; which items is in the COSD contract.
code as ({{ listed_codes('record') }})

select distinct
    code.file,
    code.position,
    code.item_code,
    case when listed.code is null then 'unknown_code' else 'retired_code' end as rule
from code
left join {{ ref('cosd_code') }} as listed
    on code.item_code = listed.item_code and code.code = listed.code
where
    code.code is not null
    and (listed.code is null or (listed.status = 'retired' and not code.is_version_8))
