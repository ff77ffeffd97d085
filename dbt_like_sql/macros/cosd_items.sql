{# Written from naome_assets/contract/cosd_items.tsv by `python -m naome_assets.sources.generate_files`. #}

{# Every comparable code that has a list in cosd_code: file, position,
   standard_version, item_code and code. `record` holds the records in scope. #}
{% macro listed_codes(record) -%}
select file, position, standard_version, 'CR3170' as item_code, sex_code as code from {{ record }} where source = 'cosd'
union all
select file, position, standard_version, 'CR0150' as item_code, ethnic_category as code from {{ record }}
union all
select file, position, standard_version, 'CR0380' as item_code, laterality as code from {{ record }}
union all
select file, position, standard_version, 'CR0390' as item_code, basis_of_diagnosis as code from {{ record }}
union all
select file, position, standard_version, 'CR0510' as item_code, performance_status as code from {{ record }}
union all
select file, position, standard_version, 'CR2050' as item_code, cns_indication as code from {{ record }}
union all
select file, position, standard_version, 'CR1550' as item_code, palliative_specialist_seen as code from {{ record }}
union all
select sent.file, sent.position, record.standard_version, 'CR2040', sent.modality
from {{ source('submissions', 'cosd_treatment') }} as sent
inner join {{ record }} as record on sent.file = record.file and sent.position = record.position
union all
select sent.file, sent.position, record.standard_version, 'CR0680', sent.intent
from {{ source('submissions', 'cosd_treatment') }} as sent
inner join {{ record }} as record on sent.file = record.file and sent.position = record.position
union all
select sent.file, sent.position, record.standard_version, 'CR6960', sent.metastatic_type
from {{ source('submissions', 'cosd_metastasis') }} as sent
inner join {{ record }} as record on sent.file = record.file and sent.position = record.position
where sent.part in ('diagnosis', 'progression')
union all
select sent.file, sent.position, record.standard_version, 'CR6970', sent.metastatic_site
from {{ source('submissions', 'cosd_metastasis') }} as sent
inner join {{ record }} as record on sent.file = record.file and sent.position = record.position
where sent.part in ('diagnosis', 'progression')
union all
select sent.file, sent.position, record.standard_version, 'CR6520', sent.metastatic_type
from {{ source('submissions', 'cosd_metastasis') }} as sent
inner join {{ record }} as record on sent.file = record.file and sent.position = record.position
where sent.part in ('non_primary')
union all
select sent.file, sent.position, record.standard_version, 'CR1590', sent.metastatic_site
from {{ source('submissions', 'cosd_metastasis') }} as sent
inner join {{ record }} as record on sent.file = record.file and sent.position = record.position
where sent.part in ('non_primary')
union all
select sent.file, sent.position, record.standard_version, 'CR6960', sent.metastatic_type
from {{ source('submissions', 'wales_tumour') }} as sent
inner join {{ record }} as record on sent.file = record.file and sent.position = record.position
union all
select sent.file, sent.position, record.standard_version, 'CR6970', unnest(string_to_array(sent.metastatic_sites, ';'))
from {{ source('submissions', 'wales_tumour') }} as sent
inner join {{ record }} as record on sent.file = record.file and sent.position = record.position
{%- endmacro %}

{# The same of Welsh treatments, which are rows of their own. #}
{% macro listed_treatment_codes(treatment) -%}
select file, position, {{ var('welsh_standard_version') }} as standard_version, 'CR2040' as item_code, modality as code from {{ treatment }}
union all
select file, position, {{ var('welsh_standard_version') }} as standard_version, 'CR0680' as item_code, intent as code from {{ treatment }}
{%- endmacro %}

{# Items that go on unchanged to registry_record, as columns of `alias`, a table of
   cosd, wales or registry; without a sender, as they are. #}
{% macro carried_items(sender=none, alias='') -%}
{% if sender == 'cosd' -%}
{{ alias }}.palliative_specialist_seen
{% elif sender == 'wales' -%}
{{ alias }}.palliative_specialist_seen as palliative_specialist_seen
{% elif sender == 'registry' -%}
cast(null as text) as palliative_specialist_seen
{% else -%}
palliative_specialist_seen
{% endif -%}
{%- endmacro %}

{# How such an item of a record stands, as record_quality has it. #}
{% macro carried_item_standing(item) -%}
{% if item == 'palliative_specialist_seen' -%}
{{ item_standing("pathway = 'recurrence'", "palliative_specialist_seen not in ('9')", "not palliative_specialist_seen_is_unlisted") }}
{% endif -%}
{%- endmacro %}
