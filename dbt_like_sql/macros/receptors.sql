{# What codes of receptors mean: COSD Pathology v4.1.1 and the Welsh registry. One macro a rule. #}

{# ER and PR: the status, else the Allred score. Not performed (X) says nothing. #}
{% macro hormone_receptor(status, allred) -%}
case
    when {{ status }} = 'P' then 'positive'
    when {{ status }} = 'N' then 'negative'
    when {{ allred }} in ('0', '1', '2', '3', '4', '5', '6', '7', '8')
    then case
        when {{ allred }} >= '{{ var("allred_positive_from") }}' then 'positive' else 'negative'
    end
end
{%- endmacro %}

{# HER2 by immunohistochemistry (N1 is 0, N2 is 1+); borderline (2+) or none by in-situ
   hybridisation, of which borderline and not performed say nothing. #}
{% macro her2(status, ish) -%}
case
    when {{ status }} = 'P' then 'positive'
    when {{ status }} in ('N', 'N1', 'N2') then 'negative'
    when {{ ish }} = 'P' then 'positive'
    when {{ ish }} = 'N' then 'negative'
end
{%- endmacro %}
