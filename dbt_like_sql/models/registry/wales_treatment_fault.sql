-- Every rule that a Welsh treatment row breaks (ruling B9). One row a row as sent and rule, and item
-- for codes. Severity and wording are in the seed quarantine_rule.
with

treatment as (select * from {{ ref('received_wales_treatment') }}),

judged as (

    select
        file,
        position,
        person_id is null as treatment_without_person,
        {{ date_rules('treatment_date', 'start_date') }}
    from treatment

),

code as ({{ listed_treatment_codes('treatment') }}),

outside as ({{ codes_outside_lists('code') }})

{{ broken_rules('judged', [
    'treatment_without_person', 'treatment_date_missing', 'treatment_date_unreadable',
    'treatment_date_before_1900'
], names_item=true) }}
union all
select file, position, rule, item_code from outside
