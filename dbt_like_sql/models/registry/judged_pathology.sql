-- What became of each pathology report: out_of_scope, quarantined, superseded or accepted (as
-- ruling A7 for records). One row a report as sent.
with

refused as (

    {{ refused_by(ref('pathology_fault')) }}

),

judged as (

    select
        report.*,
        {{ judgement('report.is_out_of_scope', 'refused') }} as judgement
    from {{ ref('received_pathology') }} as report
    left join refused on report.file = refused.file and report.position = refused.position

),

-- A report of the same identifier and provider replaces the earlier one, whoever it then names;
-- without an identifier: of the same person, provider, dates, specimen and side. Order: ruling B6.
ranked as (

    select
        judged.*,
        row_number() over (
            partition by
                judgement,
                provider,
                coalesce(report_id, ''),
                case when report_id is null then person_id end,
                case when report_id is null then report_date end,
                case when report_id is null then sample_date end,
                case when report_id is null then specimen_nature end,
                case when report_id is null then laterality end
            order by
                coalesce(created_at, cast('0001-01-01' as timestamp)) desc,
                coalesce(period_end, cast('0001-01-01' as date)) desc,
                file desc,
                position desc
        ) as order_from_last
    from judged

)

select
    file,
    position,
    quarter,
    person_id,
    provider,
    report_id,
    report_date,
    sample_date,
    is_deleted,
    specimen_nature,
    investigation_type,
    icd10,
    laterality,
    grade,
    {{ hormone_receptor('er_code', 'er_allred_score') }} as er_status,
    {{ hormone_receptor('pr_code', 'pr_allred_score') }} as pr_status,
    {{ her2('her2_code', 'her2_ish_code') }} as her2_status,
    {{ disposition_of_judged('judgement', 'order_from_last') }} as disposition
from ranked
