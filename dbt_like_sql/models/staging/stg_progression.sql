-- Progressions recorded on the primary pathway, in England (CR6910) and in Wales.
-- One row a record and progression.
select
    file,
    position,
    number as progression_number,
    progression_date,
    progression_date_fault
from {{ source('submissions', 'cosd_progression') }}

union all

select
    file,
    position,
    1 as progression_number,
    progression_date,
    progression_date_fault
from {{ source('submissions', 'wales_tumour') }}
where
    pathway = 'primary'
    and (progression_date is not null or progression_date_fault is not null)
