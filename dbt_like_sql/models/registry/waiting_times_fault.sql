-- Every rule that a treatment of cancer waiting times breaks (section 8 of the contract for hospital
-- data). One row a row as sent and rule. Severity and wording are in the seed quarantine_rule.
with

judged as (

    select
        sent.file,
        sent.position,
        sent.source_person_id is null as hospital_person_missing,
        sent.event_type is null as waiting_times_event_unknown,
        sent.treatment_date is null as hospital_date_missing,
        sent.treatment_date > submission.extract_date as hospital_date_after_extract
    from {{ source('submissions', 'waiting_times_row') }} as sent
    inner join {{ source('submissions', 'submission') }} as submission on sent.file = submission.file

)

{{ broken_rules('judged', [
    'hospital_person_missing', 'waiting_times_event_unknown', 'hospital_date_missing',
    'hospital_date_after_extract'
]) }}
