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

{# The day to which a loaded tumour file follows its people: the last of its quarter, an extract's own
   (ruling F13). Needs the columns of `submission`. #}
{% macro followed_to() -%}
case when source = 'registry_tumour' then period_end else {{ quarter_last_day('quarter') }} end
{%- endmacro %}

{# Whether a quarter is reported for a nation (ruling G5): its own people alone stand in the
   quarter's rows. `quarter` has the columns is_england_reported and is_wales_reported. #}
{% macro is_reported(nation, quarter) -%}
case when {{ nation }} = 'Wales' then {{ quarter }}.is_wales_reported else {{ quarter }}.is_england_reported end
{%- endmacro %}
