{# Nations are those of the setting `nations`. A table that says something of each has a column for
   each, named by it: england_horizon, is_england_reported. #}
{% macro first_nation() -%}
{{ var('nations') | list | first }}
{%- endmacro %}

{% macro named_by(nation) -%}
{{ nation | lower | replace(' ', '_') }}
{%- endmacro %}

{# The nation of a provider (ruling E1): that which lists it, else the first. #}
{% macro nation_of_provider(provider) -%}
case
    {%- for nation, own in var('nations').items() if own['providers'] %}
    when {{ provider }} in {{ text_list(own['providers']) }} then '{{ nation }}'
    {%- endfor %}
    else '{{ first_nation() }}'
end
{%- endmacro %}

{# Sources whose files report tumours, for `in`: of each nation its own, and registry extracts. #}
{% macro tumour_sources() -%}
{{ text_list((var('nations').values() | map(attribute='tumours') | list) + ['registry_tumour']) }}
{%- endmacro %}

{# Whether a quarter is reported for each nation, and for any or all of them (ruling G5). #}
{% macro reported_columns(alias='') -%}
{% for nation in var('nations') -%}
{{ alias ~ '.' if alias }}is_{{ named_by(nation) }}_reported{{ ', ' if not loop.last }}
{%- endfor %}
{%- endmacro %}

{% macro is_any_reported(alias='') -%}
({{ reported_columns(alias) | replace(', ', ' or ') }})
{%- endmacro %}

{% macro is_every_reported(alias='') -%}
({{ reported_columns(alias) | replace(', ', ' and ') }})
{%- endmacro %}

{# The nation for which a quarter is not reported, where one is not (ruling I4). #}
{% macro missing_nation() -%}
case
    {%- for nation in var('nations') %}
    when not is_{{ named_by(nation) }}_reported then '{{ nation }}'
    {%- endfor %}
end
{%- endmacro %}

{# Geographies that are published unchanged: all nations together, and each. #}
{% macro is_national(alias) -%}
{{ alias }}.geography_type in {{ setting_list('national_geographies') }}
{%- endmacro %}

{# The horizon of each nation, and that of registry extracts. #}
{% macro horizon_columns(alias='') -%}
{% for nation in var('nations') -%}
{{ alias ~ '.' if alias }}{{ named_by(nation) }}_horizon,{{ ' ' }}
{%- endfor -%}
{{ alias ~ '.' if alias }}registry_horizon
{%- endmacro %}
