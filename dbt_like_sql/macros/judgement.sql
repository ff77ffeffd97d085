{# How a received row ends (ruling A7): out_of_scope, quarantined, superseded or accepted. #}

{# What became of the rows of every source, a line a source: the ledger adds them up. #}
{% macro judged_rows() -%}
select file, disposition from {{ ref('judged_record') }}
union all select file, disposition from {{ ref('judged_wales_treatment') }}
union all select file, disposition from {{ ref('judged_sact') }}
union all select file, disposition from {{ ref('judged_pathology') }}
union all select file, disposition from {{ ref('death') }}
union all select file, disposition from {{ ref('judged_registry_row') }}
union all select file, disposition from {{ ref('judged_hes_apc') }}
union all select file, disposition from {{ ref('judged_pedw') }}
union all select file, disposition from {{ ref('judged_rtds') }}
union all select file, disposition from {{ ref('judged_waiting_times') }}
union all select file, disposition from {{ ref('judged_source_key') }}
{%- endmacro %}

{# What is wrong with them, a line a source: quarantine lists it. #}
{% macro faults_of_rows() -%}
select file, position, rule, item_code from {{ ref('record_fault') }}
union all select file, position, rule, item_code from {{ ref('wales_treatment_fault') }}
union all select file, position, rule, null from {{ ref('sact_fault') }}
union all select file, position, rule, item_code from {{ ref('pathology_fault') }}
union all select file, position, rule, null from {{ ref('death_fault') }}
union all select file, position, rule, null from {{ ref('registry_row_fault') }}
union all select file, position, rule, null from {{ ref('hes_apc_fault') }}
union all select file, position, rule, null from {{ ref('pedw_fault') }}
union all select file, position, rule, null from {{ ref('rtds_fault') }}
union all select file, position, rule, null from {{ ref('waiting_times_fault') }}
union all select file, position, rule, null from {{ ref('source_key_fault') }}
{%- endmacro %}

{# What can be wrong with a date that must be there, as columns of the rules' names. #}
{% macro date_rules(name, day) -%}
{{ day }} is null and {{ day }}_fault is null as {{ name }}_missing,
        {{ day }} is null and {{ day }}_fault is not null as {{ name }}_unreadable,
        {{ day }} < cast('{{ var("earliest_date") }}' as date) as {{ name }}_before_1900
{%- endmacro %}

{# A row for each rule that a row breaks, from columns that say whether it does. `names_item`: with
   the column item_code, null here, of models whose rules on codes name the item. #}
{% macro broken_rules(judged, rules, names_item=false) -%}
{% for rule in rules -%}
select file, position, '{{ rule }}' as rule{{ ', cast(null as text) as item_code' if names_item }}
from {{ judged }} where {{ rule }}
{%- if not loop.last %}
union all
{% endif %}
{%- endfor %}
{%- endmacro %}

{# Codes that are not in the list that their item has in the version of their record: one row a
   row, item and rule. `sent` holds file, position, standard_version, item_code and code. #}
{% macro codes_outside_lists(sent) -%}
select distinct
    sent.file,
    sent.position,
    sent.item_code,
    case
        when listed.last_version < sent.standard_version then 'retired_code' else 'unknown_code'
    end as rule
from {{ sent }} as sent
left join {{ ref('cosd_code') }} as listed
    on sent.item_code = listed.item_code and sent.code = listed.code
where
    sent.code <> ''
    and (
        listed.code is null
        or sent.standard_version < listed.first_version
        or sent.standard_version > listed.last_version
    )
{%- endmacro %}

{# The rows that break a rule of severity error, from a model of faults. #}
{% macro refused_by(faults) -%}
select distinct fault.file, fault.position
    from {{ faults }} as fault
    inner join {{ ref('quarantine_rule') }} as quarantine_rule on fault.rule = quarantine_rule.rule
    where quarantine_rule.severity = 'error'
{%- endmacro %}

{# Out of scope comes before quarantined; only candidates supersede one another. #}
{% macro judgement(is_out_of_scope, refused) -%}
case
            when {{ is_out_of_scope }} then 'out_of_scope'
            when {{ refused }}.file is not null then 'quarantined'
            else 'candidate'
        end
{%- endmacro %}

{% macro disposition_of_judged(judgement, order_from_last) -%}
case
        when {{ judgement }} <> 'candidate' then {{ judgement }}
        when {{ order_from_last }} = 1 then 'accepted'
        else 'superseded'
    end
{%- endmacro %}
