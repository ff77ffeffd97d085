-- Every breast record of both nations, in scope or not, and whose it is. One row a record as sent.
{% set is_told_as_shared %}{{ is_number_shared() }} and not record.is_out_of_scope and not record.is_refused{% endset %}
with

record as (

    select * from {{ ref('stg_record') }}
    union all
    {{ scope_and_errors(ref('stg_registry__tumour')) }}

)

select
    record.*,
    -- Ruling C3: of records that nothing else refuses.
    {{ is_told_as_shared }} as is_number_shared,
    {{ person_of('record', is_told_as_shared) }} as person_id
from record
    {{ person_joins('record') }}
