-- Every pathology report, in scope or not, and whose it is; a shared NHS number is as good as an invalid
-- one (ruling C3). One row a report as sent. In scope: a breast section, or an ICD-10 code of breast
-- cancer or of a metastasis.
select
    report.*,
    {{ person_of('report') }} as person_id,
    report.nhs_number_status = 'invalid' or {{ is_number_shared() }} as is_number_invalid,
    not (  -- noqa: LT01, LT06
        is_breast_section
        {% for icd3 in var('breast_icd3') + var('metastasis_icd3') -%}
        or coalesce(';' || icd10 like '%;{{ icd3 }}%', false)
        {% endfor -%}
    ) as is_out_of_scope
from {{ ref('stg_pathology__report') }} as report
    {{ person_joins('report') }}
