{# Quarters are written 2024-Q1 in every table. #}

{% macro quarter_first_day(quarter) -%}
make_date(
    cast(substr({{ quarter }}, 1, 4) as integer), cast(substr({{ quarter }}, 7, 1) as integer) * 3 - 2, 1
)
{%- endmacro %}

{% macro quarter_last_day(quarter) -%}
make_date(
    cast(substr({{ quarter }}, 1, 4) as integer),
    cast(substr({{ quarter }}, 7, 1) as integer) * 3,
    case when substr({{ quarter }}, 7, 1) in ('1', '4') then 31 else 30 end
)
{%- endmacro %}

{# Quarters counted from year 0, so that windows are plain differences. #}
{% macro quarter_number(quarter) -%}
(cast(substr({{ quarter }}, 1, 4) as integer) * 4 + cast(substr({{ quarter }}, 7, 1) as integer) - 1)
{%- endmacro %}

{# How many quarters a window has. #}
{% macro quarters_of(period) -%}
case {{ period }}
    {%- for name, quarters in var('periods').items() %} when '{{ name }}' then {{ quarters }}{% endfor %} end
{%- endmacro %}

{% macro quarter_of(day) -%}
(cast(extract(year from {{ day }}) as text) || '-Q' || cast(extract(quarter from {{ day }}) as text))
{%- endmacro %}
