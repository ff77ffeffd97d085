-- Every rule that a Welsh treatment row breaks (ruling B9). One row a row as sent and rule.
-- Severity and wording stand in the seed quarantine_rule.
with

judged as (

    select
        file,
        position,
        person_id is null as treatment_without_person,
        start_date is null and start_date_fault is null as treatment_date_missing,
        start_date is null and start_date_fault is not null as treatment_date_unreadable,
        start_date < cast('{{ var("earliest_date") }}' as date) as treatment_date_before_1900
    from {{ ref('received_wales_treatment') }}

)

{{ broken_rules('judged', [
    'treatment_without_person', 'treatment_date_missing', 'treatment_date_unreadable',
    'treatment_date_before_1900'
]) }}
