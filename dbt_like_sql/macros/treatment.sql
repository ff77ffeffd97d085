{# The group of a regimen (rulings F5, I3): an aggregate over rows of the groups of the drugs given
   (`given`) and of the regimen's name (`named`), as the model drug has them. The drugs decide; where
   none is an anti-cancer drug, rows without any drug leave it to the regimen's name, and a regimen that
   names neither is `other`. Null for supportive drugs, notes of the protocol, or both alone. #}
{% macro regimen_group(given, named) -%}
{%- set targeted = "('cdk4_6', 'her2', 'immunotherapy', 'parp', 'other_targeted')" -%}
case
    when bool_or({{ given }} in ('chemotherapy', 'unrecognised')) then 'chemotherapy'
    when bool_or({{ given }} in {{ targeted }}) then 'other_systemic'
    when bool_or({{ given }} = 'endocrine') then 'endocrine'
    when bool_or({{ given }} = 'not_given' and {{ named }} in ('not_given', 'note')) then 'other'
    when bool_or({{ given }} = 'supportive') and not bool_or({{ given }} = 'not_given') then null
    when bool_or({{ named }} = 'chemotherapy') then 'chemotherapy'
    when bool_or({{ given }} = 'not_given' and {{ named }} = 'unrecognised') then 'chemotherapy'
    when bool_or({{ named }} in {{ targeted }}) then 'other_systemic'
    when bool_or({{ named }} = 'endocrine') then 'endocrine'
end
{%- endmacro %}
