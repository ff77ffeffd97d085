{# What the codes of both nations mean: the same for COSD and for Wales. #}

{# M category: a given value says M1 (ruling D5). #}
{% macro is_m1(column) -%}
(ltrim({{ column }}, 'CPYRA') like '1%' or ltrim({{ column }}, 'CPYRA') like 'M1%')
{%- endmacro %}

{% macro is_stage_4(column) -%}
({{ column }} like '4%' or {{ column }} like 'IV%')
{%- endmacro %}

{# Contact with a clinical nurse specialist, CR2050 (method book section 4). #}
{% macro cns_contact(column) -%}
case
    when {{ column }} in ('Y1', 'Y2', 'Y3', 'Y4', 'Y5') then 'seen'
    when {{ column }} in ('NI', 'NN') then 'not_seen'
    else 'missing'
end
{%- endmacro %}
