{# How one item of one record stands: null where it does not apply, else missing, valid or invalid.
   The three conditions are SQL; one that is null counts as false. #}
{% macro item_standing(applies, given, valid) -%}
case
    when not coalesce({{ applies }}, false) then null
    when not coalesce({{ given }}, false) then 'missing'
    when coalesce({{ valid }}, false) then 'valid'
    else 'invalid'
end
{%- endmacro %}

{# A date as its reader left it: something stood there, readable or not. #}
{% macro date_given(day, fault) -%}
({{ day }} is not null or {{ fault }} = 'unreadable')
{%- endmacro %}

{# T, N or M category without prefix letters and what is in brackets: ypT1c(m) is 1C. #}
{% macro tnm_value(category) -%}
split_part(ltrim({{ category }}, 'CPYRATNM'), '(', 1)
{%- endmacro %}
