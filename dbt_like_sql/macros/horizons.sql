{# The day on which follow-up of a person ends: that of their nation (ruling A5), or of the extract
   that names them (ruling F13). `horizons` has the columns england_horizon, wales_horizon and
   registry_horizon. #}
{% macro horizon_of(person, horizons) -%}
case
    when {{ person }}.source = 'registry' then {{ horizons }}.registry_horizon
    when {{ person }}.nation = 'Wales' then {{ horizons }}.wales_horizon
    else {{ horizons }}.england_horizon
end
{%- endmacro %}
