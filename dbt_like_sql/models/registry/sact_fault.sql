-- Every rule that a SACT row in scope breaks (rulings A6, B13, B19, I3). One row a row as sent and rule.
-- Severity and wording are in the seed quarantine_rule.
with

run as (

    select max({{ quarter_last_day('to_quarter') }}) as last_day
    from {{ source('submissions', 'audit_run') }}

),

nothing as (select drug_name from {{ ref('drug') }} where drug_group = 'not_given'),

judged as (

    select
        sact.file,
        sact.position,
        sact.person_id is null as no_person_identifier,
        sact.icd3 is null as primary_diagnosis_missing,
        {{ date_rules('regimen_start', 'sact.regimen_start_date') }},
        sact.regimen_start_date > run.last_day as regimen_start_after_run,
        sact.person_id is not null and sact.is_number_invalid as nhs_number_invalid,
        no_drug.drug_name is not null and no_regimen.drug_name is not null as drug_not_given
    from {{ ref('received_sact') }} as sact
    cross join run
    left join nothing as no_drug on coalesce(sact.drug_name, '') = no_drug.drug_name
    left join nothing as no_regimen on coalesce(sact.regimen, '') = no_regimen.drug_name
    where not sact.is_out_of_scope

)

{{ broken_rules('judged', [
    'no_person_identifier', 'primary_diagnosis_missing', 'regimen_start_missing',
    'regimen_start_unreadable', 'regimen_start_before_1900', 'regimen_start_after_run',
    'nhs_number_invalid', 'drug_not_given'
]) }}
