{# Written from naome_assets/sources/cosd/items.tsv by `python -m naome_assets.sources.cosd.documents`. #}

{# Every comparable code that has a list in cosd_code: file, position, is_version_8,
   item_code and code. `record` holds the records in scope. #}
{% macro listed_codes(record) -%}
select file, position, is_version_8, 'CR3170' as item_code, sex_code as code from {{ record }} where source = 'cosd'
union all
select file, position, is_version_8, 'CR0150' as item_code, ethnic_category as code from {{ record }}
union all
select file, position, is_version_8, 'CR0380' as item_code, laterality as code from {{ record }}
union all
select file, position, is_version_8, 'CR0390' as item_code, basis_of_diagnosis as code from {{ record }}
union all
select file, position, is_version_8, 'CR0510' as item_code, performance_status as code from {{ record }}
union all
select file, position, is_version_8, 'CR2050' as item_code, cns_indication as code from {{ record }}
union all
select file, position, is_version_8, 'CR1550' as item_code, palliative_specialist_seen as code from {{ record }}
union all
select sent.file, sent.position, record.is_version_8, 'CR2040', {{ two_digits('sent.modality') }}
from {{ source('submissions', 'cosd_treatment') }} as sent
inner join {{ record }} as record on sent.file = record.file and sent.position = record.position
union all
select sent.file, sent.position, record.is_version_8, 'CR6960', {{ code('sent.metastatic_type') }}
from {{ source('submissions', 'cosd_metastasis') }} as sent
inner join {{ record }} as record on sent.file = record.file and sent.position = record.position
union all
select sent.file, sent.position, record.is_version_8, 'CR6970', {{ code('sent.metastatic_site') }}
from {{ source('submissions', 'cosd_metastasis') }} as sent
inner join {{ record }} as record on sent.file = record.file and sent.position = record.position
{%- endmacro %}

{# How many values were sent, by file and item, and how many of them broke each
   convention. #}
{% macro conventions_broken() -%}
select file, 'CR0030' as item_code, {{ broken_conventions('provider', 'organisation') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR3170' as item_code, {{ broken_conventions('sex', 'code') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0150' as item_code, {{ broken_conventions('ethnic_category', 'code') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0370' as item_code, {{ broken_conventions('icd10', 'icd') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0380' as item_code, {{ broken_conventions('laterality', 'code') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR6230' as item_code, {{ broken_conventions('diagnosis_site', 'organisation') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0390' as item_code, {{ broken_conventions('basis_of_diagnosis', 'code') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0510' as item_code, {{ broken_conventions('performance_status', 'code') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0520' as item_code, {{ broken_conventions('t_category_pretreatment', 'category') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0540' as item_code, {{ broken_conventions('n_category_pretreatment', 'category') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0560' as item_code, {{ broken_conventions('m_category_pretreatment', 'category') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0580' as item_code, {{ broken_conventions('stage_pretreatment', 'category') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0620' as item_code, {{ broken_conventions('t_category_integrated', 'category') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0630' as item_code, {{ broken_conventions('n_category_integrated', 'category') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0640' as item_code, {{ broken_conventions('m_category_integrated', 'category') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0610' as item_code, {{ broken_conventions('stage_integrated', 'category') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR2050' as item_code, {{ broken_conventions('cns_indication', 'code') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR1550' as item_code, {{ broken_conventions('palliative_specialist_seen', 'code') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR2040' as item_code, {{ broken_conventions('modality', 'two_digit_code') }}
from {{ source('submissions', 'cosd_treatment') }} group by file
union all
select file, 'CR0680' as item_code, {{ broken_conventions('intent', 'two_digit_code') }}
from {{ source('submissions', 'cosd_treatment') }} group by file
union all
select file, 'CR6960' as item_code, {{ broken_conventions('metastatic_type', 'code') }}
from {{ source('submissions', 'cosd_metastasis') }} group by file
union all
select file, 'CR6970' as item_code, {{ broken_conventions('metastatic_site', 'code') }}
from {{ source('submissions', 'cosd_metastasis') }} group by file
{%- endmacro %}
