{# What the codes of both nations mean: the same for COSD and for Wales. #}

{# M category: a given value says M1 (ruling D5). #}
{% macro is_m1(column) -%}
(ltrim({{ column }}, 'CPYRA') like '1%' or ltrim({{ column }}, 'CPYRA') like 'M1%')
{%- endmacro %}

{# T, N, M categories: X counts as not given (ruling D4), with any prefix letter. #}
{% macro tnm_category(column) -%}
case
    when ltrim({{ code(column) }}, 'CPYRATNM') in ('', 'X') then null
    else {{ code(column) }}
end
{%- endmacro %}

{# Stage group without the word STAGE; X, U and ? count as not given (ruling D6). #}
{% macro stage_group(column) -%}
case
    when replace({{ code(column) }}, 'STAGE', '') in ('', 'X', 'U', '?') then null
    else replace({{ code(column) }}, 'STAGE', '')
end
{%- endmacro %}

{% macro is_stage_4(column) -%}
({{ column }} like '4%' or {{ column }} like 'IV%')
{%- endmacro %}

{# Contact with a clinical nurse specialist, CR2050 (method book section 4). #}
{% macro cns_contact(column) -%}
case
    when {{ code(column) }} in ('Y1', 'Y2', 'Y3', 'Y4', 'Y5') then 'seen'
    when {{ code(column) }} in ('NI', 'NN') then 'not_seen'
    else 'missing'
end
{%- endmacro %}
