{# Date arithmetic in one place, because engines differ in it. #}

{# Of two dates PostgreSQL subtracts to days; to Spark, which DuckDB's SQL is translated for, a
   difference is an interval. #}
{% macro days_between(earlier, later) -%}
{% if target.type == 'postgres' -%}
({{ later }} - {{ earlier }})
{%- else -%}
date_diff('day', {{ earlier }}, {{ later }})
{%- endif %}
{%- endmacro %}

{% macro add_days(day, days) -%}
({{ day }} + {{ days }})
{%- endmacro %}

{# Completed years; a birthday on 29 February falls on 1 March in common years (ruling C5). #}
{% macro completed_years(since, day) -%}
cast(
    extract(year from {{ day }}) - extract(year from {{ since }})
    - case
        when extract(month from {{ day }}) * 100 + extract(day from {{ day }})
            < extract(month from {{ since }}) * 100 + extract(day from {{ since }})
        then 1
        else 0
    end as integer
)
{%- endmacro %}

{# Age bands of the method book, section 2. #}
{% macro age_band(age) -%}
case
    when {{ age }} is null then 'unknown'
    when {{ age }} < 40 then '0-39'
    when {{ age }} < 50 then '40-49'
    when {{ age }} < 60 then '50-59'
    when {{ age }} < 70 then '60-69'
    when {{ age }} < 80 then '70-79'
    else '80+'
end
{%- endmacro %}
