-- Every rule that a registration of death breaks (rulings B11, B12). One row a row as sent and rule.
-- Severity and wording stand in the seed quarantine_rule.
with

judged as (

    select
        file,
        position,
        nhs_person_id is null as nhs_number_missing_or_invalid,
        {{ date_rules('death_date', 'death_date') }},
        -- The day of a partial date is set by rule: it can come out after the registration.
        death_date > registration_date and coalesce(death_date_fault, '') <> 'partial'
            as death_after_registration
    from {{ source('submissions', 'death_registration') }}

)

{{ broken_rules('judged', [
    'nhs_number_missing_or_invalid', 'death_date_missing', 'death_date_unreadable',
    'death_date_before_1900', 'death_after_registration'
]) }}
