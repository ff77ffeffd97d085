-- Pathology reports that count: the last of each, unless deleted by its status. One row a report.
select
    file,
    position,
    person_id,
    provider,
    report_date,
    -- What was sampled is as old as the sample, where its day is given and possible.
    case
        when sample_date >= cast('{{ var("earliest_date") }}' as date) and sample_date <= report_date
        then sample_date
        else report_date
    end as specimen_date,
    specimen_nature,
    coalesce(specimen_nature = '{{ var("metastatic_specimen") }}', false) as is_metastatic_specimen,
    investigation_type,
    laterality,
    grade,
    er_status,
    pr_status,
    her2_status
from {{ ref('judged_pathology') }}
where disposition = 'accepted' and not is_deleted
