{# Written from naome_assets/sources/conventions.py by `python -m naome_assets.sources.cosd.documents`: how values that
   people type are made comparable. Values are stored without blanks at their ends. #}

{# blanks at the ends dropped; lower case. #}
{% macro word(column) -%}
nullif(lower({{ column }}), '')
{%- endmacro %}

{# blanks at the ends dropped; upper case; the first three characters (B5). #}
{% macro organisation(column) -%}
nullif(substr(upper({{ column }}), 1, 3), '')
{%- endmacro %}

{# blanks at the ends dropped; blanks dropped; upper case; dots dropped. #}
{% macro icd(column) -%}
nullif(replace(upper(replace({{ column }}, ' ', '')), '.', ''), '')
{%- endmacro %}

{# blanks at the ends dropped; blanks dropped; upper case. #}
{% macro code(column) -%}
nullif(upper(replace({{ column }}, ' ', '')), '')
{%- endmacro %}

{# blanks at the ends dropped; blanks dropped; upper case; a single digit gets its leading zero (F7). #}
{% macro two_digits(column) -%}
nullif(case when length(upper(replace({{ column }}, ' ', ''))) = 1 then '0' || upper(replace({{ column }}, ' ', '')) else upper(replace({{ column }}, ' ', '')) end, '')
{%- endmacro %}

{# blanks at the ends dropped; blanks dropped; upper case: TNM itself has small letters (1a, 1mi); X, with any prefix, is not given (D4). #}
{% macro tnm_category(column) -%}
nullif(case when ltrim(upper(replace({{ column }}, ' ', '')), 'CPYRATNM') in ('', 'X') then null else upper(replace({{ column }}, ' ', '')) end, '')
{%- endmacro %}

{# blanks at the ends dropped; blanks dropped; upper case; the word STAGE dropped (D6); X, U and ? are not given (D6). #}
{% macro stage_group(column) -%}
nullif(case when replace(upper(replace({{ column }}, ' ', '')), 'STAGE', '') in ('X', 'U', '?') then null else replace(upper(replace({{ column }}, ' ', '')), 'STAGE', '') end, '')
{%- endmacro %}

{# How many values of a column each convention changed. #}
{% macro broken_word(column) -%}
count({{ column }}) as given,
0 as blanks,
0 as lower_case,
sum(case when lower({{ column }}) <> {{ column }} then 1 else 0 end) as capitals,
0 as leading_zero,
0 as stage_word
{%- endmacro %}

{% macro broken_organisation(column) -%}
count({{ column }}) as given,
0 as blanks,
sum(case when upper({{ column }}) <> {{ column }} then 1 else 0 end) as lower_case,
0 as capitals,
0 as leading_zero,
0 as stage_word
{%- endmacro %}

{% macro broken_code(column) -%}
count({{ column }}) as given,
sum(case when replace({{ column }}, ' ', '') <> {{ column }} then 1 else 0 end) as blanks,
sum(case when upper(replace({{ column }}, ' ', '')) <> replace({{ column }}, ' ', '') then 1 else 0 end) as lower_case,
0 as capitals,
0 as leading_zero,
0 as stage_word
{%- endmacro %}

{% macro broken_two_digits(column) -%}
count({{ column }}) as given,
sum(case when replace({{ column }}, ' ', '') <> {{ column }} then 1 else 0 end) as blanks,
sum(case when upper(replace({{ column }}, ' ', '')) <> replace({{ column }}, ' ', '') then 1 else 0 end) as lower_case,
0 as capitals,
sum(case when case when length(upper(replace({{ column }}, ' ', ''))) = 1 then '0' || upper(replace({{ column }}, ' ', '')) else upper(replace({{ column }}, ' ', '')) end <> upper(replace({{ column }}, ' ', '')) then 1 else 0 end) as leading_zero,
0 as stage_word
{%- endmacro %}

{% macro broken_tnm_category(column) -%}
count({{ column }}) as given,
sum(case when replace({{ column }}, ' ', '') <> {{ column }} then 1 else 0 end) as blanks,
0 as lower_case,
0 as capitals,
0 as leading_zero,
0 as stage_word
{%- endmacro %}

{% macro broken_stage_group(column) -%}
count({{ column }}) as given,
sum(case when replace({{ column }}, ' ', '') <> {{ column }} then 1 else 0 end) as blanks,
sum(case when upper(replace({{ column }}, ' ', '')) <> replace({{ column }}, ' ', '') then 1 else 0 end) as lower_case,
0 as capitals,
0 as leading_zero,
sum(case when replace(upper(replace({{ column }}, ' ', '')), 'STAGE', '') <> upper(replace({{ column }}, ' ', '')) then 1 else 0 end) as stage_word
{%- endmacro %}

{# The conventions counted by these macros, and the count of one of them. #}
{% macro every_convention() -%}
select 'blanks' as convention
union all
select 'lower_case' as convention
union all
select 'capitals' as convention
union all
select 'leading_zero' as convention
union all
select 'stage_word' as convention
{%- endmacro %}

{% macro changed_by(convention) -%}
case {{ convention }}
    when 'blanks' then blanks
    when 'lower_case' then lower_case
    when 'capitals' then capitals
    when 'leading_zero' then leading_zero
    when 'stage_word' then stage_word
end
{%- endmacro %}
