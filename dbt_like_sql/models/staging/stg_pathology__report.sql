-- Pathology reports. One row a report as sent (England).
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
    report.provider,

    -- report
    report.report_id,
    report.report_date,
    report.report_date_fault,
    report.sample_date,
    coalesce(report.report_status, '') = '{{ var("deleted_report") }}' as is_deleted,
    report.specimen_nature,
    report.investigation_type,
    report.icd10,
    report.is_breast_section,
    report.laterality,
    report.grade,

    -- receptors
    report.er_status as er_code,
    report.er_allred_score,
    report.pr_status as pr_code,
    report.pr_allred_score,
    report.her2_status as her2_code,
    report.her2_ish_status as her2_ish_code
from {{ source('submissions', 'pathology_report') }} as report
inner join {{ source('submissions', 'submission') }} as submission on report.file = submission.file
