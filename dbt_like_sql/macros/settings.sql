{# A list of strings from the project's settings, for `in`. #}
{% macro setting_list(name) -%}
{{ text_list(var(name)) }}
{%- endmacro %}

{# Modalities (CR2040) of a group of treatment, for `in`. #}
{% macro modalities_of(group) -%}
{{ text_list(var('treatment_modalities')[group]) }}
{%- endmacro %}

{% macro text_list(values) -%}
({% for value in values %}'{{ value }}'{% if not loop.last %}, {% endif %}{% endfor %})
{%- endmacro %}
