{# Terms of case-mix models that registry extracts give as text. One macro a rule. #}

{# Deprivation: 1 (most deprived) to 5; null for anything else. #}
{% macro quintile(column) -%}
case when {{ column }} in ('1', '2', '3', '4', '5') then {{ column }} end
{%- endmacro %}

{# Comorbidity: Charlson score 0, 1, 2 or 3+; null without one. #}
{% macro charlson_band(column) -%}
case
    when {{ column }} in ('0', '1', '2') then {{ column }}
    when {{ column }} is not null then '3+'
end
{%- endmacro %}
