{# What rules 6 to 9 ask of codes, stages and providers, and the methods that take them. #}

{# Another invasive cancer: C00 to C97, but skin, breast, and secondary or unknown sites (ruling H32). #}
{% macro is_other_primary(icd3) -%}
({{ icd3 }} between 'C00' and 'C97' and {{ icd3 }} not in {{ setting_list('not_other_primary_icd3') }})
{%- endmacro %}

{# A stage that is known and not 4 (ruling H17). #}
{% macro is_early_stage(column) -%}
(
            substr({{ column }}, 1, 1) in ('0', '1', '2', '3')
            or ({{ column }} like 'I%' and not {{ is_stage_4(column) }})
        )
{%- endmacro %}

{# A treatment of distant disease of a breast cancer, by cancer waiting times (ruling H23). #}
{% macro is_metastatic_treatment(event_type, icd) -%}
({{ event_type }} in {{ setting_list('metastatic_event_types') }}
        and (
            {{ icd }} is null
            or substr({{ icd }}, 1, 3) = 'C50'
            or substr({{ icd }}, 1, 3) in {{ setting_list('metastasis_icd3') }}
        ))
{%- endmacro %}

{# Organisation of a provider code as hospital data write it (ruling H27). #}
{% macro hospital_organisation(provider) -%}
case
        when {{ provider }} in {{ setting_list('independent_providers') }} then {{ provider }}
        else substr({{ provider }}, 1, 3)
    end
{%- endmacro %}

{# The methods beside `registry`, narrower first. #}
{% macro added_methods() -%}
select 'registry_hospital' as method
    union all
    select 'registry_hospital_broad'
{%- endmacro %}
