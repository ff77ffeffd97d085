{# Comparing providers (method book section 6, ruling F3). #}

{# Only trusts, health boards and alliances are held against limits. #}
{% macro is_compared() -%}
geography_type in {{ setting_list('local_geographies') }}
{%- endmacro %}

{# alarm beyond 99.8 %, alert beyond 95 % [HQIP outlier guidance]; strictly beyond; none under 10.
   The tolerance keeps rounding from calling a provider an outlier: at a target of 100 % the limit
   can come out a hair under 100. Needs the columns is_compared and limit_*. #}
{% macro outlier(value, denominator) -%}
case
    when not is_compared or {{ denominator }} < {{ var('outlier_minimum') }} then null
    when {{ value }} < limit_lower_998 - {{ var('limit_tolerance') }} then 'alarm_low'
    when {{ value }} > limit_upper_998 + {{ var('limit_tolerance') }} then 'alarm_high'
    when {{ value }} < limit_lower_95 - {{ var('limit_tolerance') }} then 'alert_low'
    when {{ value }} > limit_upper_95 + {{ var('limit_tolerance') }} then 'alert_high'
    when limit_lower_95 is not null then 'within'
end
{%- endmacro %}
