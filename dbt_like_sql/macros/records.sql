{# What breast records of every source are judged by before anything is known of their person. #}

{# The rows of a staging model with their scope and errors. Ruling B2: on a progression the ICD code can
   name the metastasis: the primary is then not given. Each column after is_out_of_scope is a rule of
   severity error (rulings A6, B21); is_refused says that one of them is broken. #}
{% macro scope_and_errors(relation) -%}
select
    judged.*,
    coalesce(
        no_provider or pathway_missing or pathway_unknown or event_date_missing
        or event_date_unreadable or event_date_before_1900 or event_date_after_extract
        or birth_after_event, false
    ) as is_refused
from (
    select
        known.*,
        coalesce(icd3 not in {{ setting_list('breast_icd3') }}, false) as is_out_of_scope,
        -- The public extract names no trust.
        provider is null and source <> 'registry' as no_provider,
        is_pathway_wrong and source = 'cosd' as pathway_missing,
        is_pathway_wrong and source = 'wales' as pathway_unknown,
        event_date is null and event_date_fault is null
            and not (is_pathway_wrong and source = 'cosd') as event_date_missing,
        event_date is null and event_date_fault is not null as event_date_unreadable,
        event_date < cast('{{ var("earliest_date") }}' as date) as event_date_before_1900,
        event_date > extract_date as event_date_after_extract,
        birth_date > event_date as birth_after_event
    from (
        select
            sent.*,
            case
                when substr(icd10, 1, 3) in {{ setting_list('metastasis_icd3') }}
                    and (pathway = 'progression' or (source = 'wales' and pathway = 'recurrence'))
                then null
                else substr(icd10, 1, 3)
            end as icd3
        from {{ relation }} as sent
    ) as known
) as judged
{%- endmacro %}

{# The side of a tumour: L, R, or null for anything else (ruling B4). #}
{% macro side(laterality) -%}
case when substr({{ laterality }}, 1, 1) in ('L', 'R') then substr({{ laterality }}, 1, 1) end
{%- endmacro %}
