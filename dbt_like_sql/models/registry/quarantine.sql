-- Every fault found, for the data manager who can mend it. One row a record and fault.
-- severity error: the record was refused; warning: it is listed and stays (ruling A6).
with

fault as (

    {{ faults_of_rows() }}
    union all
    select file, position, 'corrected_key', null from {{ ref('judged_record') }} where is_key_corrected
    union all
    select file, position, rule, item from {{ source('submissions', 'submission_fault') }}

)

select
    fault.file,
    fault.position,
    fault.rule,
    quarantine_rule.severity,
    case
        when fault.item_code is null then quarantine_rule.message
        else quarantine_rule.message || ' (' || fault.item_code || ').'
    end as message,
    submission.quarter
from fault
inner join {{ ref('quarantine_rule') }} as quarantine_rule on fault.rule = quarantine_rule.rule
inner join {{ source('submissions', 'submission') }} as submission on fault.file = submission.file
