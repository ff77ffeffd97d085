-- Every rule that a pathology report in scope breaks. One row a report and rule, and item for codes.
-- Severity and wording stand in the seed quarantine_rule.
with

judged as (

    select
        file,
        position,
        person_id is null as no_person_identifier,
        provider is null as no_provider,
        {{ date_rules('report_date', 'report_date') }},
        report_date > extract_date as report_date_after_extract,
        birth_date > report_date as birth_after_report,
        person_id is not null and nhs_number_status = 'invalid' as nhs_number_invalid,
        sample_date > report_date as sample_after_report,
        er_code not in ('P', 'N', 'X') as er_unknown,
        pr_code not in ('P', 'N', 'X') as pr_unknown,
        her2_code not in ('P', 'B', 'X', 'N1', 'N2') as her2_unknown,
        her2_ish_code not in ('P', 'N', 'B', 'X') as her2_ish_unknown
    from {{ ref('received_pathology') }}
    where not is_out_of_scope

)

{{ broken_rules('judged', [
    'no_person_identifier', 'no_provider', 'report_date_missing', 'report_date_unreadable',
    'report_date_before_1900', 'report_date_after_extract', 'birth_after_report',
    'nhs_number_invalid', 'sample_after_report'
], names_item=true) }}
union all
select file, position, 'unknown_code', 'pBR4220' from judged where er_unknown
union all
select file, position, 'unknown_code', 'pBR4290' from judged where pr_unknown
union all
select file, position, 'unknown_code', 'pBR4280' from judged where her2_unknown
union all
select file, position, 'unknown_code', 'pBR4310' from judged where her2_ish_unknown
