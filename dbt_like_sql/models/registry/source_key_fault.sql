-- Every rule that a row of a key file breaks (ruling H8). One row a row as sent and rule.
-- Severity and wording are in the seed quarantine_rule.
with

sent as (

    select
        source_key.*,
        submission.extract_date,
        submission.folder
    from {{ source('submissions', 'source_key') }} as source_key
    inner join {{ source('submissions', 'submission') }} as submission
        on source_key.file = submission.file

),

-- In the newest folder that names a number, it may lead to one person only.
several as (

    select source, source_person_id, extract_date, folder
    from sent
    where coalesce(nhs_person_id, registry_person_id) is not null
    group by source, source_person_id, extract_date, folder
    having count(distinct coalesce(nhs_person_id, registry_person_id)) > 1

),

judged as (

    select
        sent.file,
        sent.position,
        sent.source is null as key_source_unknown,
        sent.source is not null and sent.source_person_id is null as hospital_person_missing,
        (sent.nhs_person_id is null and sent.registry_person_id is null)
        or sent.nhs_number_status = 'invalid'
        or shared_number.nhs_person_id is not null as key_number_wrong,
        several.source_person_id is not null as key_of_two_people
    from sent
    left join {{ ref('shared_number') }} as shared_number
        on sent.nhs_person_id = shared_number.nhs_person_id
    left join several
        on sent.source = several.source
        and sent.source_person_id = several.source_person_id
        and sent.extract_date = several.extract_date
        and sent.folder = several.folder

)

{{ broken_rules('judged', [
    'key_source_unknown', 'hospital_person_missing', 'key_number_wrong', 'key_of_two_people'
]) }}
