-- Every rule that a registration of death breaks (rulings B11, B12). One row a row as sent and rule.
-- Severity and wording are in the seed quarantine_rule.
with

judged as (

    select
        sent.file,
        sent.position,
        -- A number that many people share says of none of them that they died (ruling C3).
        sent.nhs_person_id is null or shared_number.nhs_person_id is not null
            as nhs_number_missing_or_invalid,
        {{ date_rules('death_date', 'death_date') }},
        -- The day of a partial date is set by rule: it can come out after the registration.
        death_date > registration_date and coalesce(death_date_fault, '') <> 'partial'
            as death_after_registration
    from {{ source('submissions', 'death_registration') }} as sent
    left join {{ ref('shared_number') }} as shared_number
        on sent.nhs_person_id = shared_number.nhs_person_id

)

{{ broken_rules('judged', [
    'nhs_number_missing_or_invalid', 'death_date_missing', 'death_date_unreadable',
    'death_date_before_1900', 'death_after_registration'
]) }}
