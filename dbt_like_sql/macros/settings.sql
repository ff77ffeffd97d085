{# A list of strings from the project's settings, for `in`. #}
{% macro setting_list(name) -%}
({% for value in var(name) %}'{{ value }}'{% if not loop.last %}, {% endif %}{% endfor %})
{%- endmacro %}
