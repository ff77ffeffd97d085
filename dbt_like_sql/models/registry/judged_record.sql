-- What became of each breast record: out_of_scope, quarantined, superseded or accepted
-- (method book section 1, rulings A7, B3, B4). One row a record. A record is superseded by a later one
-- of the same event key, or of the same person, provider, pathway and record Id.
{% set same_id %}(
            partition by
                judgement, sent_by, sent_id, case when sent_id is null then submission_order end
        ){% endset %}
{% set same_id_in_order %}(
            partition by
                judgement, sent_by, sent_id, case when sent_id is null then submission_order end,
                person_id, provider, pathway
            order by submission_order
        ){% endset %}
with

refused as (

    {{ refused_by(ref('record_fault')) }}

),

judged as (

    select
        record.*,
        {{ side('record.laterality') }} as side,
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

keyed as (

    select
        numbered.*,
        -- Each sender numbers for itself: a Welsh Id holds its health board, of COSD it is the
        -- provider that sends. Tumours of a registry extract are known by their TUMOURID below.
        case when source <> 'registry' then record_id end as sent_id,
        case when source = 'cosd' then provider end as sent_by,
        -- No ICD and no side are values of their own (rulings B3, B4).
        coalesce(icd3, '') as key_icd3,
        coalesce(side, '') as key_side
    from numbered

),

-- Rows without an Id are each a group of their own: no engine has to sort them all as one.
ranked as (

    select
        keyed.*,
        -- Event key: person, provider, pathway, date, ICD, side.
        row_number() over (
            partition by
                judgement,
                -- A tumour of a registry extract is known by its TUMOURID alone.
                case when source = 'registry' then record_id end,
                case when source <> 'registry' then person_id end,
                case when source <> 'registry' then provider end,
                case when source <> 'registry' then pathway end,
                case when source <> 'registry' then event_date end,
                case when source <> 'registry' then key_icd3 end,
                case when source <> 'registry' then key_side end
            order by submission_order desc
        ) as order_from_last,
        -- Ruling B3: an Id that is on records of two people does nothing.
        min(person_id) over {{ same_id }} = max(person_id) over {{ same_id }} as is_id_of_one_person,
        lead(submission_order) over {{ same_id_in_order }} is not null as is_id_sent_later,
        lag(submission_order) over {{ same_id_in_order }} is not null and (
            lag(event_date) over {{ same_id_in_order }} <> event_date
            or lag(key_icd3) over {{ same_id_in_order }} <> key_icd3
            or lag(key_side) over {{ same_id_in_order }} <> key_side
        ) as is_key_changed
    from keyed

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
    case when is_number_shared then 'shared' else nhs_number_status end as nhs_number_status,
    birth_date,
    sex,
    ethnic_category,
    provider,
    diagnosis_site,
    pathway,
    event_date,
    icd3,
    laterality,
    side,
    basis_of_diagnosis,
    performance_status,
    t_category,
    n_category,
    m_category,
    stage,
    cns_indication,
    cns_contact,
    is_mdt_discussed,
    {{ carried_items() }},
    {{ disposition_of_judged(
        'judgement', 'case when is_id_sent_later and is_id_of_one_person then 2 else order_from_last end'
    ) }} as disposition,
    judgement = 'candidate' and is_id_of_one_person and is_key_changed as is_key_corrected
from ranked
