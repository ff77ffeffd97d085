-- Every rule that a Welsh treatment row breaks (ruling B9). One row a row as sent and rule.
-- Severity and wording stand in the seed quarantine_rule.
with

judged as (

    select
        file,
        position,
        person_id is null as treatment_without_person,
        {{ date_rules('treatment_date', 'start_date') }}
    from {{ ref('received_wales_treatment') }}

)

{{ broken_rules('judged', [
    'treatment_without_person', 'treatment_date_missing', 'treatment_date_unreadable',
    'treatment_date_before_1900'
]) }}
