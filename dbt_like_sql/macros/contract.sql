{# The contract of the sources: which of them sends which item at all (ruling G3). #}

{# Whether the records of a source hold an item, for people of a nation. #}
{% macro sends(nation, source, item) -%}
{{ nation }} || ' ' || {{ source }} in {{ text_list(var('items_sent')[item]) }}
{%- endmacro %}
