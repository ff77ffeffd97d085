-- Every rule that a pathology report in scope breaks. One row a report and rule, and item for codes.
-- Severity and wording are in the seed quarantine_rule.
with

report as (select * from {{ ref('received_pathology') }} where not is_out_of_scope),

judged as (

    select
        file,
        position,
        person_id is null as no_person_identifier,
        provider is null as no_provider,
        {{ date_rules('report_date', 'report_date') }},
        report_date > extract_date as report_date_after_extract,
        birth_date > report_date as birth_after_report,
        person_id is not null and is_number_invalid as nhs_number_invalid,
        sample_date > report_date as sample_after_report
    from report

),

-- The lists of v5 are not to hand: its codes are not judged.
code as (

    {% for item, column in {
        'pBR4220': 'er_code', 'pBR4290': 'pr_code', 'pBR4280': 'her2_code', 'pBR4310': 'her2_ish_code'
    }.items() -%}
    select file, position, standard_version, '{{ item }}' as item_code, {{ column }} as code
    from report
    where standard_version = 4
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

outside as ({{ codes_outside_lists('code') }})

{{ broken_rules('judged', [
    'no_person_identifier', 'no_provider', 'report_date_missing', 'report_date_unreadable',
    'report_date_before_1900', 'report_date_after_extract', 'birth_after_report',
    'nhs_number_invalid', 'sample_after_report'
], names_item=true) }}
union all
select file, position, rule, item_code from outside
