{# The nation of a provider (ruling E1): those of Wales are listed, all others are England's. #}
{% macro nation_of_provider(provider) -%}
case when {{ provider }} in {{ setting_list('welsh_providers') }} then 'Wales' else 'England' end
{%- endmacro %}
