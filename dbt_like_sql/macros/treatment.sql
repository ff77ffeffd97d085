{# The group of a regimen over all its drugs (ruling F5): an aggregate over rows of drug groups;
   null when every drug is supportive. #}
{% macro regimen_group(drug_group) -%}
case
    when bool_or({{ drug_group }} in ('chemotherapy', 'unrecognised')) then 'chemotherapy'
    when bool_or(
        {{ drug_group }} in ('cdk4_6', 'her2', 'immunotherapy', 'parp', 'other_targeted')
    ) then 'other_systemic'
    when bool_or({{ drug_group }} = 'endocrine') then 'endocrine'
end
{%- endmacro %}
