-- Diagnoses that a registry extract and a primary record of COSD both tell, days apart: one event, on
-- the earlier day (method book section 2, evidence 5). One row a tumour and record.
with

diagnosis as (

    select person_id, source, file, position, event_date
    from {{ ref('registry_record') }}
    where pathway = 'primary' and icd3 = 'C50'

)

select
    tumour.person_id,
    tumour.file,
    tumour.position,
    record.file as cosd_file,
    record.position as cosd_position,
    least(tumour.event_date, record.event_date) as diagnosis_date
from diagnosis as tumour
inner join diagnosis as record on tumour.person_id = record.person_id
where
    tumour.source = 'registry'
    and record.source = 'cosd'
    and abs({{ days_between('tumour.event_date', 'record.event_date') }})
        <= {{ var('event_window_days') }}
