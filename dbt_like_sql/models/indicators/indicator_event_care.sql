-- Care noted on the records of the MBC event (method book section 5, ruling A3): MDT discussion,
-- biopsy of a metastasis, palliative care specialist seen. One row a person and indicator. A biopsy is
-- told by the basis of diagnosis of the event, or by a pathology report on a metastasis around it.
-- Who has no record of a source that sends the item is not counted (ruling G3): registry extracts hold
-- neither meetings nor palliative care, and Wales sends no pathology reports.
with

event as (

    select
        event_record.person_id,
        bool_or({{ sends('cohort.nation', 'record.source', 'mdt') }}) as is_mdt_sent,
        bool_or({{ sends('cohort.nation', 'record.source', 'palliative_care') }}) as is_palliative_care_sent,
        bool_or({{ sends('cohort.nation', 'record.source', 'pathology') }}) as is_pathology_sent,
        coalesce(bool_or(record.is_mdt_discussed), false) as is_mdt_discussed,
        coalesce(
            bool_or(record.basis_of_diagnosis in {{ setting_list('metastasis_histology_basis') }}), false
        ) as is_metastasis_biopsied,
        coalesce(bool_or(record.palliative_specialist_seen = 'Y'), false) as is_palliative_care_seen,
        coalesce(bool_or(record.palliative_specialist_seen in ('Y', 'N')), false)
            as is_palliative_care_recorded
    from {{ ref('event_record') }} as event_record
    inner join {{ ref('registry_record') }} as record
        on event_record.file = record.file and event_record.position = record.position
    inner join {{ ref('registry_cohort') }} as cohort on event_record.person_id = cohort.person_id
    group by event_record.person_id

)

select
    person_id, 'mdt_discussed' as indicator, is_mdt_discussed as in_numerator,
    cast(null as date) as known_on
from event
where is_mdt_sent
union all
select event.person_id, 'biopsy_of_metastasis', event.is_metastasis_biopsied or status.is_metastasis_biopsied,
    cast(null as date)
from event
inner join {{ ref('receptor_status') }} as status on event.person_id = status.person_id
where event.is_pathology_sent
union all
select person_id, 'palliative_care_seen', is_palliative_care_seen, cast(null as date)
from event
where is_palliative_care_recorded
union all
select person_id, 'completeness_palliative_care', is_palliative_care_recorded, cast(null as date)
from event
where is_palliative_care_sent
