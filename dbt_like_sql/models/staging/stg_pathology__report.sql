-- Pathology reports with comparable codes. One row a report as sent (England).
select
    report.file,
    report.position,
    report.quarter,
    cast(split_part(submission.version, '.', 1) as integer) as standard_version,

    -- order of submission (ruling B6)
    submission.created_at,
    submission.period_end,
    submission.extract_date,

    -- person and place
    report.nhs_person_id,
    report.nhs_number_status,
    report.local_person_id,
    report.birth_date,
    {{ organisation('report.provider') }} as provider,

    -- report
    report.report_id,
    report.report_date,
    report.report_date_fault,
    report.sample_date,
    coalesce({{ code('report.report_status') }}, '') = '{{ var("deleted_report") }}' as is_deleted,
    {{ code('report.specimen_nature') }} as specimen_nature,
    {{ code('report.investigation_type') }} as investigation_type,
    {{ icd('report.icd10') }} as icd10,
    report.is_breast_section,
    {{ code('report.laterality') }} as laterality,
    {{ code('report.grade') }} as grade,

    -- receptors
    {{ code('report.er_status') }} as er_code,
    {{ code('report.er_allred_score') }} as er_allred_score,
    {{ code('report.pr_status') }} as pr_code,
    {{ code('report.pr_allred_score') }} as pr_allred_score,
    {{ code('report.her2_status') }} as her2_code,
    {{ code('report.her2_ish_status') }} as her2_ish_code
from {{ source('submissions', 'pathology_report') }} as report
inner join {{ source('submissions', 'submission') }} as submission on report.file = submission.file
