-- Every rule that a row of a registry extract other than tumours breaks (ruling A6). One row a row as
-- sent and rule. Severity and wording are in the seed quarantine_rule.
with

sent as (

{{ every_registry_row() }}

),

judged as (

    select
        sent.file,
        sent.position,
        sent.identifier is null or sent.is_person_missing as registry_identifier_missing,
        sent.is_number_wrong as registry_key_number_wrong,
        sent.is_day_needed and sent.day is null as registry_date_missing,
        sent.is_day_needed and sent.day < cast('{{ var("earliest_date") }}' as date)
            as registry_date_before_1900,
        sent.is_day_needed and sent.day > submission.extract_date as registry_date_after_extract
    from sent
    inner join {{ source('submissions', 'submission') }} as submission on sent.file = submission.file

)

{{ broken_rules('judged', [
    'registry_identifier_missing', 'registry_key_number_wrong', 'registry_date_missing',
    'registry_date_before_1900', 'registry_date_after_extract'
]) }}
