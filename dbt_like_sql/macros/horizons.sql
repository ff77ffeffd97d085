{# The day on which follow-up of a person ends: that of their nation (ruling A5), or of the extract
   that names them (ruling F13). `horizons` has the columns of horizon_columns(). #}
{% macro horizon_of(person, horizons) -%}
case
    when {{ person }}.source = 'registry' then {{ horizons }}.registry_horizon
    {%- for nation in (var('nations') | list)[1:] %}
    when {{ person }}.nation = '{{ nation }}' then {{ horizons }}.{{ named_by(nation) }}_horizon
    {%- endfor %}
    else {{ horizons }}.{{ named_by(first_nation()) }}_horizon
end
{%- endmacro %}

{# The day to which a loaded tumour file follows its people: the last of its quarter, an extract's own
   (ruling F13). Needs the columns of `submission`. #}
{% macro followed_to() -%}
case when source = 'registry_tumour' then period_end else {{ quarter_last_day('quarter') }} end
{%- endmacro %}

{# Whether a quarter is reported for a nation (ruling G5): its own people alone are in the
   quarter's rows. `quarter` has the columns of reported_columns(). #}
{% macro is_reported(nation, quarter) -%}
case
    {%- for other in (var('nations') | list)[1:] %}
    when {{ nation }} = '{{ other }}' then {{ quarter }}.is_{{ named_by(other) }}_reported
    {%- endfor %}
    else {{ quarter }}.is_{{ named_by(first_nation()) }}_reported
end
{%- endmacro %}
