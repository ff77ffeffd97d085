-- How each key item of each SACT row stands, as record_quality says it of breast records. One row a SACT
-- row in scope that stands, accepted or refused; superseded ones do not.
{% set earliest = "cast('" ~ var('earliest_date') ~ "' as date)" %}
{% set intent = two_digits('intent') %}
{% set standing = {
    'sact_row': ["disposition = 'accepted'", "not has_fault"],
    'sact_nhs_number': ["nhs_number_status <> 'missing'", "not is_number_invalid"],
    'sact_regimen_start': [
        date_given('regimen_start_date', 'regimen_start_date_fault'), "not is_start_impossible"
    ],
    'sact_administration_date': [
        date_given('administration_date', 'administration_date_fault'),
        "administration_date >= " ~ earliest
    ],
    'sact_drug': [
        "drug_name is not null",
        "drug_name in (select drug_name from drug "
        "where drug_group not in ('unrecognised', 'note', 'not_given'))"
    ],
    'sact_intent': [
        "intent <> '99'",
        intent ~ " in " ~ setting_list('sact_intents') ~ " or intent in " ~ setting_list('sact_intents')
    ],
    'sact_performance_status': [
        "performance_status <> '9'",
        "performance_status in (select code from cosd_code where item_code = 'CR0510')"
    ],
} %}
with

cosd_code as (select item_code, code from {{ ref('cosd_code') }}),

drug as (select drug_name, drug_group from {{ ref('drug') }}),

fault as (

    select
        file,
        position,
        bool_or(rule like 'regimen_start_%') as is_start_impossible
    from {{ ref('sact_fault') }}
    group by file, position

),

administration as (

    select
        sact.*,
        judged.disposition,
        fault.file is not null as has_fault,
        coalesce(fault.is_start_impossible, false) as is_start_impossible
    from {{ ref('received_sact') }} as sact
    inner join {{ ref('judged_sact') }} as judged
        on sact.file = judged.file and sact.position = judged.position
    left join fault on sact.file = fault.file and sact.position = fault.position
    where judged.disposition in ('accepted', 'quarantined')

)

select
    file,
    position,
    quarter,
    'sact' as source,
    provider
    {%- for item in var('quality_sact_items') %},
    {{ item_standing("true", standing[item][0], standing[item][1]) }} as {{ item }}
    {%- endfor %}
from administration
