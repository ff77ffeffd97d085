-- What each source says of a receptor of a person with MBC. One row a person, receptor and statement.
with

-- Each source in the same columns.
statement as (

    select
        'pathology' as source,
        person_id,
        specimen_date,
        report_date as known_date,
        is_metastatic_specimen,
        er_status,
        pr_status,
        her2_status,
        file,
        position
    from {{ ref('pathology') }}

    union all

    select
        'wales_tumour' as source,
        record.person_id,
        record.event_date as specimen_date,
        record.event_date as known_date,
        false as is_metastatic_specimen,
        {{ hormone_receptor('sent.er_status', 'null') }} as er_status,
        null as pr_status,
        {{ her2('sent.her2_status', 'null') }} as her2_status,
        record.file,
        record.position
    from {{ ref('registry_record') }} as record
    inner join {{ source('submissions', 'wales_tumour') }} as sent
        on record.file = sent.file and record.position = sent.position

    union all

    select
        'registry' as source,
        record.person_id,
        record.event_date as specimen_date,
        record.event_date as known_date,
        false as is_metastatic_specimen,
        {{ hormone_receptor('sent.er_status', 'null') }} as er_status,
        {{ hormone_receptor('sent.pr_status', 'null') }} as pr_status,
        {{ her2('sent.her2_status', 'null') }} as her2_status,
        record.file,
        record.position
    from {{ ref('registry_record') }} as record
    inner join {{ source('submissions', 'registry_tumour') }} as sent
        on record.file = sent.file and record.position = sent.position

),

by_receptor as (

    {% for receptor in ['er', 'pr', 'her2'] -%}
    select
        source, person_id, specimen_date, known_date, is_metastatic_specimen, file, position,
        '{{ receptor }}' as receptor, {{ receptor }}_status as status
    from statement
    where {{ receptor }}_status is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor -%}

),

-- Nothing after the last day of the files loaded for a nation is known yet (ruling A5); of people
-- of a registry extract, nothing after the extract (ruling F13).
horizon as (

    select
        {%- for nation, own in var('nations').items() %}
        max(case when source = '{{ own["tumours"] }}' then {{ followed_to() }} end)
            as {{ named_by(nation) }}_horizon,
        {%- endfor %}
        max(case when source = 'registry_tumour' then {{ followed_to() }} end) as registry_horizon
    from {{ source('submissions', 'submission') }}
    where status = 'loaded'

)

select
    cohort.person_id,
    by_receptor.receptor,
    by_receptor.status,
    by_receptor.source,
    by_receptor.specimen_date,
    by_receptor.is_metastatic_specimen,
    case
        when
            by_receptor.is_metastatic_specimen
            and by_receptor.specimen_date
            >= {{ add_days('cohort.mbc_date', '-' ~ var('biopsy_lookback_days')) }}
        then 1
        when by_receptor.specimen_date <= {{ add_days('cohort.mbc_date', var('event_window_days')) }} then 2
        else 3
    end as preference,
    by_receptor.known_date,
    by_receptor.file,
    by_receptor.position
from {{ ref('registry_cohort') }} as cohort
inner join by_receptor on cohort.person_id = by_receptor.person_id
cross join horizon
where
    by_receptor.known_date
    <= {{ horizon_of('cohort', 'horizon') }}
