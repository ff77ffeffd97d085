{# Whose a row is (method book section 1, rulings C1 to C3): its valid NHS number, unless many people
   share it, else provider and local identifier, or whom linkage takes that for. #}

{# The joins that person_of and is_number_shared need. #}
{% macro person_joins(sent) -%}
left join {{ ref('shared_number') }} as shared_number
        on {{ sent }}.nhs_person_id = shared_number.nhs_person_id
    left join {{ source('linkage', 'person_link') }} as person_link
        on {{ sent }}.local_person_id = person_link.person_id
{%- endmacro %}

{% macro is_number_shared() -%}
(shared_number.nhs_person_id is not null)
{%- endmacro %}

{# `does_not_count`: the number is set aside when this holds. #}
{% macro person_of(sent, does_not_count=none) -%}
coalesce(
        case when not ({{ does_not_count or is_number_shared() }}) then {{ sent }}.nhs_person_id end,
        person_link.linked_person_id,
        {{ sent }}.local_person_id
    )
{%- endmacro %}
