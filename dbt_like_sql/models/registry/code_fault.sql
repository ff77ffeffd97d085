-- Codes outside the standard's lists, in records in scope. One row a record, item and rule.
with

-- The registry's own codes are not those of COSD.
record as (
    select * from {{ ref('received_record') }} where not is_out_of_scope and source <> 'registry'
),

-- One row a record, item and code.
code as (

    select file, position, is_version_8, 'CR0380' as item_code, laterality as code from record
    union all
    select file, position, is_version_8, 'CR0390', basis_of_diagnosis from record
    union all
    select file, position, is_version_8, 'CR0510', performance_status from record
    union all
    select file, position, is_version_8, 'CR0150', ethnic_category from record
    union all
    select file, position, is_version_8, 'CR2050', cns_indication from record
    union all
    select file, position, is_version_8, 'CR1550', palliative_specialist_seen from record
    union all
    -- Wales has its own codes of sex.
    select file, position, is_version_8, 'CR3170', sex_code from record where source = 'cosd'
    union all
    select m.file, m.position, record.is_version_8, 'CR6970', {{ code('m.metastatic_site') }}
    from {{ source('submissions', 'cosd_metastasis') }} as m
    inner join record on m.file = record.file and m.position = record.position
    union all
    select m.file, m.position, record.is_version_8, 'CR6960', {{ code('m.metastatic_type') }}
    from {{ source('submissions', 'cosd_metastasis') }} as m
    inner join record on m.file = record.file and m.position = record.position
    union all
    select t.file, t.position, record.is_version_8, 'CR2040', {{ two_digits('t.modality') }}
    from {{ source('submissions', 'cosd_treatment') }} as t
    inner join record on t.file = record.file and t.position = record.position

)

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
