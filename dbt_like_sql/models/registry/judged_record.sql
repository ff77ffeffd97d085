-- What became of each breast record: out_of_scope, quarantined, superseded or accepted
-- (method book section 1, ruling A7). One row a record.
with

refused as (

    {{ refused_by(ref('record_fault')) }}

),

judged as (

    select
        record.*,
        {{ judgement('record.is_out_of_scope', 'refused') }} as judgement
    from {{ ref('received_record') }} as record
    left join refused on record.file = refused.file and record.position = refused.position

),

-- Order of submission (rulings B6, B7): creation time (none sorts first), period end, path, place.
numbered as (

    select
        judged.*,
        row_number() over (
            order by
                coalesce(created_at, cast('0001-01-01' as timestamp)),
                coalesce(period_end, cast('0001-01-01' as date)),
                file,
                position
        ) as submission_order
    from judged

),

-- Event key: person, provider, pathway, date, ICD; laterality is left out (ruling B4), because it
-- is often corrected. No ICD is a value of its own (ruling B3).
ranked as (

    select
        numbered.*,
        row_number() over (
            partition by
                judgement,
                -- A tumour of a registry extract is known by its TUMOURID alone.
                case when source = 'registry' then record_id end,
                case when source <> 'registry' then person_id end,
                case when source <> 'registry' then provider end,
                case when source <> 'registry' then pathway end,
                case when source <> 'registry' then event_date end,
                case when source <> 'registry' then coalesce(icd3, '') end
            order by submission_order desc
        ) as order_from_last
    from numbered

)

select
    file,
    position,
    quarter,
    source,
    submission_order,
    extract_date,
    record_id,
    person_id,
    nhs_number_status,
    birth_date,
    sex,
    ethnic_category,
    provider,
    diagnosis_site,
    pathway,
    event_date,
    icd3,
    laterality,
    basis_of_diagnosis,
    performance_status,
    t_category,
    n_category,
    m_category,
    stage,
    cns_indication,
    cns_contact,
    is_mdt_discussed,
    palliative_specialist_seen,
    {{ disposition_of_judged('judgement', 'order_from_last') }} as disposition
from ranked
