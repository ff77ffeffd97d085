{# How values that people type are made comparable. One macro a rule. #}

{# Code as in the standard's list: no blanks, upper case; null when nothing is left. #}
{% macro code(column) -%}
nullif(upper(replace({{ column }}, ' ', '')), '')
{%- endmacro %}

{# ICD-10 as in ruling B1: no blanks, no dots, upper case. #}
{% macro icd(column) -%}
nullif(upper(replace(replace({{ column }}, ' ', ''), '.', '')), '')
{%- endmacro %}

{# Organisation: the first three characters, upper case (ruling B5). #}
{% macro organisation(column) -%}
nullif(substr(upper(trim({{ column }})), 1, 3), '')
{%- endmacro %}

{# Two-digit code of which people leave out the leading zero (ruling F7). #}
{% macro two_digits(column) -%}
case when length({{ code(column) }}) = 1 then '0' || {{ code(column) }} else {{ code(column) }} end
{%- endmacro %}

{# A list of strings from the project's settings, for `in`. #}
{% macro setting_list(name) -%}
({% for value in var(name) %}'{{ value }}'{% if not loop.last %}, {% endif %}{% endfor %})
{%- endmacro %}
