-- Every rule that a breast record in scope breaks (rulings A6, B21, C3, D8), but for
-- corrected_key, which is known only after (judged_record). One row a record and rule, and item for
-- codes. Severity and wording are in the seed quarantine_rule.
with

record as (select * from {{ ref('received_record') }} where not is_out_of_scope),

-- One pass over the records; each column is a rule.
judged as (

    select
        file,
        position,
        person_id is null as no_person_identifier,
        no_provider,
        pathway_missing,
        pathway_unknown,
        event_date_missing,
        event_date_unreadable,
        event_date_before_1900,
        event_date_after_extract,
        birth_after_event,
        is_number_shared as nhs_number_shared,
        person_id is not null and nhs_number_status = 'invalid' as nhs_number_invalid,
        birth_date is null as birth_date_missing,
        sex_code is null as sex_missing
    from record

),

treatment as (

    select
        record.file,
        record.position,
        coalesce(bool_or(
            treatment.start_date
            < {{ add_days('record.event_date', '-' ~ var('treatment_lookback_days')) }}
        ), false) as treatment_long_before_event,
        coalesce(bool_or(
            treatment.start_date > record.extract_date
            or treatment.start_date < cast('{{ var("earliest_date") }}' as date)
            or treatment.start_date_fault = 'unreadable'
        ), false) as treatment_date_impossible
    from {{ source('submissions', 'cosd_treatment') }} as treatment
    inner join record on treatment.file = record.file and treatment.position = record.position
    group by record.file, record.position

),

progression as (

    select
        record.file,
        record.position,
        coalesce(bool_or(progression.progression_date < record.event_date), false)
            as progression_before_diagnosis,
        coalesce(bool_or(
            progression.progression_date is null
            or progression.progression_date > record.extract_date
        ), false) as progression_date_impossible
    from {{ ref('stg_progression') }} as progression
    inner join record on progression.file = record.file and progression.position = record.position
    where record.pathway = 'primary'
    group by record.file, record.position

),

death as (

    select record.file, record.position
    from record
    inner join {{ ref('death') }} as death
        on record.person_id = death.person_id and death.disposition = 'accepted'
    where death.death_date < record.event_date

)

{{ broken_rules('judged', [
    'no_person_identifier', 'no_provider', 'pathway_missing', 'pathway_unknown',
    'event_date_missing', 'event_date_unreadable', 'event_date_before_1900',
    'event_date_after_extract', 'birth_after_event', 'nhs_number_shared', 'nhs_number_invalid',
    'birth_date_missing', 'sex_missing'
], names_item=true) }}
union all
{{ broken_rules(
    'treatment', ['treatment_long_before_event', 'treatment_date_impossible'], names_item=true
) }}
union all
{{ broken_rules(
    'progression', ['progression_before_diagnosis', 'progression_date_impossible'], names_item=true
) }}
union all
select file, position, 'death_before_diagnosis', null from death
union all
select file, position, rule, item_code from {{ ref('code_fault') }}
