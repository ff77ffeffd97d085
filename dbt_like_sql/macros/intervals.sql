{# Statistical limits as plain arithmetic, so that every engine gives the same figures.
   Each is compared with statsmodels or scipy in the tests. Proportions are percentages, 0-100,
   null when the denominator is 0. Everything is cast to double first: literals with a point
   are decimals in SQL, and decimals round. #}

{% macro real(number) -%}
cast({{ number }} as double precision)
{%- endmacro %}

{# A percentage; null of nothing (ruling F11). #}
{% macro percentage(numerator, denominator) -%}
case when {{ denominator }} > 0 then 100 * {{ real(numerator) }} / {{ denominator }} end
{%- endmacro %}

{# Nothing outside 0-100 is a percentage: at 0 and at 100 % the arithmetic can end a hair beyond.
   Null stays null (greatest and least of most engines pass over it). #}
{% macro within_percentages(value, given) -%}
case when {{ given }} is not null then
    greatest({{ real(0) }}, least({{ real(100) }}, {{ value }}))
end
{%- endmacro %}

{# Both the Wilson interval and the control limits are this curve around a proportion p. #}
{% macro wilson_limit(proportion, denominator, sign, z) -%}
{{ within_percentages(wilson_curve(proportion, denominator, sign, z), proportion) }}
{%- endmacro %}

{% macro wilson_curve(proportion, denominator, sign, z) -%}
100 * (
    2 * {{ real(denominator) }} * {{ proportion }} + {{ real(var(z)) }} * {{ real(var(z)) }}
    {{ sign }} {{ real(var(z)) }} * sqrt(
        {{ real(var(z)) }} * {{ real(var(z)) }}
        + 4 * {{ real(denominator) }} * {{ proportion }} * (1 - {{ proportion }})
    )
) / (2 * ({{ real(denominator) }} + {{ real(var(z)) }} * {{ real(var(z)) }}))
{%- endmacro %}

{# Wilson score interval (Wilson 1927), 95 %. sign '-' gives the lower limit, '+' the upper. #}
{% macro wilson(numerator, denominator, sign) -%}
case when {{ denominator }} > 0 then
    {{ wilson_limit('(' ~ real(numerator) ~ ' / ' ~ denominator ~ ')', denominator, sign, 'z_95') }}
end
{%- endmacro %}

{# Control limit around a target percentage for a denominator (method book section 6). #}
{% macro control_limit(target_pct, denominator, sign, z) -%}
case when {{ denominator }} > 0 then
    {{ wilson_limit('(' ~ target_pct ~ ' / 100)', denominator, sign, z) }}
end
{%- endmacro %}

{# Byar's 95 % limits of a Poisson count (ruling F2). #}
{% macro byar_lower(count) -%}
case
    when {{ count }} = 0 then {{ real(0) }}
    else {{ real(count) }} * power(
        1 - 1 / (9 * {{ real(count) }}) - {{ real(var('z_95')) }} / (3 * sqrt({{ real(count) }})), 3
    )
end
{%- endmacro %}

{% macro byar_upper(count) -%}
({{ real(count) }} + 1) * power(
    1 - 1 / (9 * ({{ real(count) }} + 1))
    + {{ real(var('z_95')) }} / (3 * sqrt({{ real(count) }} + 1)), 3
)
{%- endmacro %}
