{# Written from naome_assets/sources/cosd/items.tsv by `python -m naome_assets.sources.cosd.documents`. #}

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
select sent.file, sent.position, record.standard_version, 'CR2040', {{ two_digits('sent.modality') }}
from {{ source('submissions', 'cosd_treatment') }} as sent
inner join {{ record }} as record on sent.file = record.file and sent.position = record.position
union all
select sent.file, sent.position, record.standard_version, 'CR0680', {{ two_digits('sent.intent') }}
from {{ source('submissions', 'cosd_treatment') }} as sent
inner join {{ record }} as record on sent.file = record.file and sent.position = record.position
union all
select sent.file, sent.position, record.standard_version, 'CR6960', {{ code('sent.metastatic_type') }}
from {{ source('submissions', 'cosd_metastasis') }} as sent
inner join {{ record }} as record on sent.file = record.file and sent.position = record.position
where sent.part in ('diagnosis', 'progression')
union all
select sent.file, sent.position, record.standard_version, 'CR6970', {{ code('sent.metastatic_site') }}
from {{ source('submissions', 'cosd_metastasis') }} as sent
inner join {{ record }} as record on sent.file = record.file and sent.position = record.position
where sent.part in ('diagnosis', 'progression')
union all
select sent.file, sent.position, record.standard_version, 'CR6520', {{ code('sent.metastatic_type') }}
from {{ source('submissions', 'cosd_metastasis') }} as sent
inner join {{ record }} as record on sent.file = record.file and sent.position = record.position
where sent.part in ('non_primary')
union all
select sent.file, sent.position, record.standard_version, 'CR1590', {{ code('sent.metastatic_site') }}
from {{ source('submissions', 'cosd_metastasis') }} as sent
inner join {{ record }} as record on sent.file = record.file and sent.position = record.position
where sent.part in ('non_primary')
union all
select sent.file, sent.position, record.standard_version, 'CR6960', {{ code('sent.metastatic_type') }}
from {{ source('submissions', 'wales_tumour') }} as sent
inner join {{ record }} as record on sent.file = record.file and sent.position = record.position
union all
select sent.file, sent.position, record.standard_version, 'CR6970', unnest(string_to_array({{ code('sent.metastatic_sites') }}, ';'))
from {{ source('submissions', 'wales_tumour') }} as sent
inner join {{ record }} as record on sent.file = record.file and sent.position = record.position
{%- endmacro %}

{# The same of Welsh treatments, which are rows of their own. #}
{% macro listed_treatment_codes(treatment) -%}
select file, position, {{ var('welsh_standard_version') }} as standard_version, 'CR2040' as item_code, {{ two_digits('modality') }} as code from {{ treatment }}
union all
select file, position, {{ var('welsh_standard_version') }} as standard_version, 'CR0680' as item_code, {{ two_digits('intent') }} as code from {{ treatment }}
{%- endmacro %}

{# How many values were sent, by file and item, and how many of them each convention
   changed. #}
{% macro conventions_broken() -%}
select file, 'CR0030' as item, {{ broken_organisation('provider') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR3170' as item, {{ broken_code('sex') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0150' as item, {{ broken_code('ethnic_category') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0380' as item, {{ broken_code('laterality') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR6230' as item, {{ broken_organisation('diagnosis_site') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0390' as item, {{ broken_code('basis_of_diagnosis') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0510' as item, {{ broken_code('performance_status') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0520' as item, {{ broken_tnm_category('t_category_pretreatment') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0540' as item, {{ broken_tnm_category('n_category_pretreatment') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0560' as item, {{ broken_tnm_category('m_category_pretreatment') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0580' as item, {{ broken_stage_group('stage_pretreatment') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0620' as item, {{ broken_tnm_category('t_category_integrated') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0630' as item, {{ broken_tnm_category('n_category_integrated') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0640' as item, {{ broken_tnm_category('m_category_integrated') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR0610' as item, {{ broken_stage_group('stage_integrated') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR2050' as item, {{ broken_code('cns_indication') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR1550' as item, {{ broken_code('palliative_specialist_seen') }}
from {{ source('submissions', 'cosd_record') }} group by file
union all
select file, 'CR2040' as item, {{ broken_two_digits('modality') }}
from {{ source('submissions', 'cosd_treatment') }} group by file
union all
select file, 'CR0680' as item, {{ broken_two_digits('intent') }}
from {{ source('submissions', 'cosd_treatment') }} group by file
union all
select file, 'CR6960' as item, {{ broken_code('metastatic_type') }}
from {{ source('submissions', 'cosd_metastasis') }} where part in ('diagnosis', 'progression') group by file
union all
select file, 'CR6970' as item, {{ broken_code('metastatic_site') }}
from {{ source('submissions', 'cosd_metastasis') }} where part in ('diagnosis', 'progression') group by file
union all
select file, 'CR6520' as item, {{ broken_code('metastatic_type') }}
from {{ source('submissions', 'cosd_metastasis') }} where part in ('non_primary') group by file
union all
select file, 'CR1590' as item, {{ broken_code('metastatic_site') }}
from {{ source('submissions', 'cosd_metastasis') }} where part in ('non_primary') group by file
union all
select file, 'sex' as item, {{ broken_code('sex') }}
from {{ source('submissions', 'wales_tumour') }} group by file
union all
select file, 'ethnic_category' as item, {{ broken_code('ethnic_category') }}
from {{ source('submissions', 'wales_tumour') }} group by file
union all
select file, 'laterality' as item, {{ broken_code('laterality') }}
from {{ source('submissions', 'wales_tumour') }} group by file
union all
select file, 'basis_of_diagnosis' as item, {{ broken_code('basis_of_diagnosis') }}
from {{ source('submissions', 'wales_tumour') }} group by file
union all
select file, 'performance_status' as item, {{ broken_code('performance_status') }}
from {{ source('submissions', 'wales_tumour') }} group by file
union all
select file, 'metastatic_type' as item, {{ broken_code('metastatic_type') }}
from {{ source('submissions', 'wales_tumour') }} group by file
union all
select file, 'metastatic_sites' as item, {{ broken_code('metastatic_sites') }}
from {{ source('submissions', 'wales_tumour') }} group by file
union all
select file, 'er_status' as item, {{ broken_code('er_status') }}
from {{ source('submissions', 'wales_tumour') }} group by file
union all
select file, 'her2_status' as item, {{ broken_code('her2_status') }}
from {{ source('submissions', 'wales_tumour') }} group by file
union all
select file, 'cns_indication' as item, {{ broken_code('cns_indication') }}
from {{ source('submissions', 'wales_tumour') }} group by file
union all
select file, 'palliative_specialist_seen' as item, {{ broken_code('palliative_specialist_seen') }}
from {{ source('submissions', 'wales_tumour') }} group by file
union all
select file, 'provider' as item, {{ broken_organisation('provider') }}
from {{ source('submissions', 'wales_tumour') }} group by file
union all
select file, 'site_of_diagnosis' as item, {{ broken_organisation('diagnosis_site') }}
from {{ source('submissions', 'wales_tumour') }} group by file
union all
select file, 'pathway' as item, {{ broken_word('pathway') }}
from {{ source('submissions', 'wales_tumour') }} group by file
union all
select file, 't_category' as item, {{ broken_tnm_category('t_category') }}
from {{ source('submissions', 'wales_tumour') }} group by file
union all
select file, 'n_category' as item, {{ broken_tnm_category('n_category') }}
from {{ source('submissions', 'wales_tumour') }} group by file
union all
select file, 'm_category' as item, {{ broken_tnm_category('m_category') }}
from {{ source('submissions', 'wales_tumour') }} group by file
union all
select file, 'tnm_stage_group' as item, {{ broken_stage_group('stage') }}
from {{ source('submissions', 'wales_tumour') }} group by file
union all
select file, 'modality' as item, {{ broken_two_digits('modality') }}
from {{ source('submissions', 'wales_treatment') }} group by file
union all
select file, 'intent' as item, {{ broken_two_digits('intent') }}
from {{ source('submissions', 'wales_treatment') }} group by file
union all
select file, 'Organisation_Identifier_Code_Of_Provider' as item, {{ broken_organisation('provider') }}
from {{ source('submissions', 'sact_administration') }} group by file
union all
select file, 'Cycle_Number' as item, {{ broken_code('cycle_number') }}
from {{ source('submissions', 'sact_administration') }} group by file
union all
select file, 'Performance_Status_At_Start_Of_Regimen_Adult' as item, {{ broken_code('performance_status') }}
from {{ source('submissions', 'sact_administration') }} group by file
union all
select file, 'Intent_Of_Treatment' as item, {{ broken_two_digits('intent') }}
from {{ source('submissions', 'sact_administration') }} group by file
union all
select file, 'OrganisationIdentifierCodeOfProvider' as item, {{ broken_organisation('provider') }}
from {{ source('submissions', 'pathology_report') }} group by file
union all
select file, 'ServiceReportStatus' as item, {{ broken_code('report_status') }}
from {{ source('submissions', 'pathology_report') }} group by file
union all
select file, 'SpecimenNature' as item, {{ broken_code('specimen_nature') }}
from {{ source('submissions', 'pathology_report') }} group by file
union all
select file, 'PathologyInvestigationType' as item, {{ broken_code('investigation_type') }}
from {{ source('submissions', 'pathology_report') }} group by file
union all
select file, 'TumourLateralityPathological' as item, {{ broken_code('laterality') }}
from {{ source('submissions', 'pathology_report') }} group by file
union all
select file, 'GradeOfDifferentiationPathological' as item, {{ broken_code('grade') }}
from {{ source('submissions', 'pathology_report') }} group by file
union all
select file, 'ErStatus' as item, {{ broken_code('er_status') }}
from {{ source('submissions', 'pathology_report') }} group by file
union all
select file, 'ErAllredScore' as item, {{ broken_code('er_allred_score') }}
from {{ source('submissions', 'pathology_report') }} group by file
union all
select file, 'PrStatus' as item, {{ broken_code('pr_status') }}
from {{ source('submissions', 'pathology_report') }} group by file
union all
select file, 'PrAllredScore' as item, {{ broken_code('pr_allred_score') }}
from {{ source('submissions', 'pathology_report') }} group by file
union all
select file, 'Her2Status' as item, {{ broken_code('her2_status') }}
from {{ source('submissions', 'pathology_report') }} group by file
union all
select file, 'Her2IshStatus' as item, {{ broken_code('her2_ish_status') }}
from {{ source('submissions', 'pathology_report') }} group by file
union all
select file, 'ETHNICITY' as item, {{ broken_code('ethnic_category') }}
from {{ source('submissions', 'registry_patient') }} group by file
union all
select file, 'GENDER' as item, {{ broken_code('sex') }}
from {{ source('submissions', 'registry_tumour') }} group by file
union all
select file, 'LATERALITY' as item, {{ broken_code('laterality') }}
from {{ source('submissions', 'registry_tumour') }} group by file
union all
select file, 'PERFORMANCESTATUS' as item, {{ broken_code('performance_status') }}
from {{ source('submissions', 'registry_tumour') }} group by file
union all
select file, 'BASISOFDIAGNOSIS' as item, {{ broken_code('basis_of_diagnosis') }}
from {{ source('submissions', 'registry_tumour') }} group by file
union all
select file, 'DCO' as item, {{ broken_code('death_certificate_only') }}
from {{ source('submissions', 'registry_tumour') }} group by file
union all
select file, 'CNS' as item, {{ broken_code('cns_indication') }}
from {{ source('submissions', 'registry_tumour') }} group by file
union all
select file, 'ER_STATUS' as item, {{ broken_code('er_status') }}
from {{ source('submissions', 'registry_tumour') }} group by file
union all
select file, 'PR_STATUS' as item, {{ broken_code('pr_status') }}
from {{ source('submissions', 'registry_tumour') }} group by file
union all
select file, 'HER2_STATUS' as item, {{ broken_code('her2_status') }}
from {{ source('submissions', 'registry_tumour') }} group by file
union all
select file, 'DIAG_TRUST' as item, {{ broken_organisation('provider') }}
from {{ source('submissions', 'registry_tumour') }} group by file
union all
select file, 'T_BEST' as item, {{ broken_tnm_category('t_best') }}
from {{ source('submissions', 'registry_tumour') }} group by file
union all
select file, 'N_BEST' as item, {{ broken_tnm_category('n_best') }}
from {{ source('submissions', 'registry_tumour') }} group by file
union all
select file, 'M_BEST' as item, {{ broken_tnm_category('m_best') }}
from {{ source('submissions', 'registry_tumour') }} group by file
union all
select file, 'STAGE_BEST' as item, {{ broken_stage_group('stage_best') }}
from {{ source('submissions', 'registry_tumour') }} group by file
{%- endmacro %}
