-- Every breast record of both nations, in scope or not. One row a record as sent.
with

record as (

    select * from {{ ref('stg_cosd__record') }}
    union all
    select * from {{ ref('stg_wales__tumour') }}
    union all
    select * from {{ ref('stg_registry__tumour') }}

),

-- Ruling B2: on a progression the ICD code can name the metastasis: the primary is then not given.
with_icd as (

    select
        *,
        case
            when substr(icd10, 1, 3) in {{ setting_list('metastasis_icd3') }}
                and (pathway = 'progression' or (source = 'wales' and pathway = 'recurrence'))
            then null
            else substr(icd10, 1, 3)
        end as icd3
    from record

)

select
    *,
    coalesce(icd3 not in {{ setting_list('breast_icd3') }}, false) as is_out_of_scope
from with_icd
