{# The conventions by which values as people type them are made comparable, each with its name, and
   how many values of a column break it. One place: the model normalisation names and counts them. #}
{% macro broken_conventions(column, kind) -%}
count({{ column }}) as given,
    sum(case when {{ column }} like '% %' then 1 else 0 end) as blanks,
    sum(case when {{ column }} <> upper({{ column }}) then 1 else 0 end) as lower_case,
    {% if kind == 'icd' -%}
    sum(case when {{ column }} like '%.%' then 1 else 0 end)
    {%- else -%}
    0
    {%- endif %} as dots,
    {% if kind == 'two_digit_code' -%}
    sum(case when length({{ code(column) }}) = 1 then 1 else 0 end)
    {%- else -%}
    0
    {%- endif %} as leading_zero,
    {% if kind == 'category' -%}
    sum(case when upper({{ column }}) like '%STAGE%' then 1 else 0 end)
    {%- else -%}
    0
    {%- endif %} as stage_word
{%- endmacro %}
