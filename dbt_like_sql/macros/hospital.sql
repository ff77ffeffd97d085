{# Hospital data: whose a row is (ruling H8), which date counts (H9), what a code says (section 9). #}

{# The joins that hospital_person needs. #}
{% macro hospital_person_joins(sent, source) -%}
left join {{ ref('shared_number') }} as shared_number
        on {{ sent }}.nhs_person_id = shared_number.nhs_person_id
    left join {{ ref('hospital_link') }} as hospital_link
        on {{ sent }}.source_person_id = hospital_link.source_person_id
        and hospital_link.source = '{{ source }}'
{%- endmacro %}

{# The same of a source whose number of a person can be that of a registry extract, which comes before
   a key file. #}
{% macro registry_person_joins(sent) -%}
left join (
        select registry_person_id from {{ source('submissions', 'registry_tumour') }}
        union
        select registry_person_id from {{ source('submissions', 'registry_patient') }}
    ) as of_extract on {{ sent }}.registry_person_id = of_extract.registry_person_id
    left join {{ ref('stg_registry__link') }} as registry_link
        on of_extract.registry_person_id = registry_link.registry_person_id
{%- endmacro %}

{% macro hospital_person(sent, by_registry=true) -%}
coalesce(
        case when shared_number.nhs_person_id is null then {{ sent }}.nhs_person_id end,
        {% if by_registry -%}
        registry_link.person_id,
        of_extract.registry_person_id,
        {% endif -%}
        hospital_link.person_id
    )
{%- endmacro %}

{# The date of an episode that counts. #}
{% macro hospital_date(admission, episode) -%}
coalesce(
        {%- if var('hospital_date') == 'episode' %}{{ episode }}, {{ admission }}
        {%- else %}{{ admission }}, {{ episode }}{% endif -%}
    )
{%- endmacro %}

{# Whether a code of a distant metastasis can make evidence. #}
{% macro metastasis_strength(icd) -%}
case
        when {{ icd }} in {{ setting_list('strong_metastasis_codes') }} then 'strong'
        when {{ icd }} in {{ setting_list('weak_metastasis_codes') }} then 'weak'
    end
{%- endmacro %}
