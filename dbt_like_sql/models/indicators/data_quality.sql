-- How well each key item is recorded, by the quarter of submission (method book section 5; improving
-- the data that are recorded is an aim of the audit). One row a quarter, period, geography and item.
-- Records counted: breast records in scope that stand, accepted or refused; superseded ones do not.
{# Item, its code in the standard, the records it applies to, and when a value is given: "not known"
   is none. Each name is a column of `record` below. #}
{% set items = [
    ('nhs_number', 'CR0010', "true", "nhs_number_status <> 'missing'"),
    ('birth_date', 'CR0100', "true", "birth_date is not null"),
    ('sex', 'CR3170', "true", "sex <> 'unknown'"),
    ('ethnic_category', 'CR0150', "true", "ethnic_category not in ('Z', '99')"),
    ('diagnosis_date', 'CR2030', "pathway = 'primary'", "event_date is not null"),
    ('recurrence_date', 'CR6500', "pathway <> 'primary'", "event_date is not null"),
    ('icd10', 'CR0370', "pathway = 'primary'", "icd3 is not null"),
    ('laterality', 'CR0380', "pathway = 'primary'", "laterality <> '9'"),
    ('basis_of_diagnosis', 'CR0390', "pathway = 'primary'", "basis_of_diagnosis <> '9'"),
    ('performance_status', 'CR0510', "pathway = 'primary'", "performance_status <> '9'"),
    ('t_category', 'CR0620', "pathway = 'primary'", "t_category is not null"),
    ('n_category', 'CR0630', "pathway = 'primary'", "n_category is not null"),
    ('m_category', 'CR0640', "pathway = 'primary'", "m_category is not null"),
    ('stage', 'CR0610', "pathway = 'primary'", "stage is not null"),
    ('metastatic_type', 'CR6960', "has_metastasis", "has_metastatic_type"),
    ('metastatic_site', 'CR6970', "has_metastasis", "has_metastatic_site"),
    ('cns_indication', 'CR2050', "true", "cns_contact <> 'missing'"),
    ('mdt', 'CR3080', "true", "is_mdt_discussed"),
    ('treatment', 'CR1370', "true", "has_treatment"),
    ('palliative_specialist_seen', 'CR1550', "pathway = 'recurrence'", "palliative_specialist_seen <> '9'"),
] %}
with

-- Codes that are in no list of the standard: given, and not valid.
invalid as (

    select
        file,
        position
        {%- for item, code, applies, given in items %},
        bool_or(item_code = '{{ code }}') as invalid_{{ item }}
        {%- endfor %}
    from {{ ref('code_fault') }}
    where rule = 'unknown_code'
    group by file, position

),

metastasis as (

    select
        file,
        position,
        bool_or(metastatic_type is not null) as has_type,
        bool_or(metastatic_site is not null) as has_site
    from (
        select file, position, metastatic_type, metastatic_site
        from {{ source('submissions', 'cosd_metastasis') }}
        union all
        select file, position, metastatic_type, metastatic_sites
        from {{ source('submissions', 'wales_tumour') }}
        where metastatic_type is not null or metastatic_sites is not null
    ) as sent
    group by file, position

),

treated as (

    select distinct file, position from {{ source('submissions', 'cosd_treatment') }}

),

-- Welsh treatments come in files of their own: what counts is that the person has one.
treated_person as (

    select distinct person_id from {{ ref('judged_wales_treatment') }} where disposition = 'accepted'

),

record as (

    select
        judged.*,
        metastasis.file is not null or judged.pathway in ('recurrence', 'progression') as has_metastasis,
        coalesce(metastasis.has_type, false) as has_metastatic_type,
        coalesce(metastasis.has_site, false) as has_metastatic_site,
        treated.file is not null or treated_person.person_id is not null as has_treatment
    from {{ ref('judged_record') }} as judged
    left join metastasis on judged.file = metastasis.file and judged.position = metastasis.position
    left join treated on judged.file = treated.file and judged.position = treated.position
    left join treated_person on judged.source = 'wales' and judged.person_id = treated_person.person_id
    where judged.disposition in ('accepted', 'quarantined')

),

-- One pass over the records: three counts an item, for each quarter and provider.
counted as (

    select
        record.quarter,
        record.provider,
        record.source
        {%- for item, code, applies, given in items %},
        sum(case when {{ applies }} then 1 else 0 end) as {{ item }}_records,
        sum(case when {{ applies }} and {{ given }} then 1 else 0 end) as {{ item }}_given,
        sum(case when {{ applies }} and {{ given }} and not coalesce(invalid.invalid_{{ item }}, false) then 1 else 0 end)
            as {{ item }}_valid
        {%- endfor %}
    from record
    left join invalid on record.file = invalid.file and record.position = invalid.position
    group by record.quarter, record.provider, record.source

),

by_item as (
    {% for item, code, applies, given in items %}
    select
        quarter,
        provider,
        source,
        '{{ item }}' as item,
        '{{ code }}' as item_code,
        {{ item }}_records as records,
        {{ item }}_given as given,
        {{ item }}_valid as valid
    from counted
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

placed as (

    select
        by_item.*,
        coalesce(organisation.provider_code, by_item.provider) as provider_code,
        coalesce(organisation.provider_name, by_item.provider) as provider_name,
        organisation.cancer_alliance_code,
        organisation.cancer_alliance_name,
        case
            when by_item.provider in {{ setting_list('welsh_providers') }} then 'Wales' else 'England'
        end as nation
    from by_item
    left join {{ ref('organisation') }} as organisation on by_item.provider = organisation.code
    -- Who sent a record without a provider is not known: it stands in quarantine.
    where by_item.records > 0 and by_item.provider is not null

),

located as (

    select quarter, item, item_code, records, given, valid,
        nation.geography_type, nation.code as geography_code, nation.name as geography_name
    from placed
    inner join {{ ref('nation') }} as nation
        on nation.geography_type = 'england_and_wales' or nation.name = placed.nation
    union all
    select quarter, item, item_code, records, given, valid,
        'cancer_alliance', cancer_alliance_code, cancer_alliance_name
    from placed
    where cancer_alliance_code is not null and nation = 'England'
    union all
    select quarter, item, item_code, records, given, valid, 'provider', provider_code, provider_name
    from placed

),

windowed as (

    select
        reporting_window.quarter,
        reporting_window.period,
        reporting_window.complete,
        {{ quarter_number('reporting_window.quarter') }} as quarter_number,
        located.geography_type,
        located.geography_code,
        located.geography_name,
        located.item,
        located.item_code,
        cast(sum(located.records) as bigint) as records,
        cast(sum(located.given) as bigint) as given,
        cast(sum(located.valid) as bigint) as valid
    from {{ ref('reporting_window') }} as reporting_window
    inner join located
        on {{ quarter_first_day('located.quarter') }}
            between reporting_window.window_start and reporting_window.window_end
    where reporting_window.period in ('quarter', 'rolling_12m')
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9

),

figures as (

    select windowed.*, {{ percentage('given', 'records') }} as completeness_pct
    from windowed

)

select
    figures.quarter,
    figures.period,
    figures.complete,
    figures.geography_type,
    figures.geography_code,
    figures.geography_name,
    figures.item,
    figures.item_code,
    figures.records,
    figures.given,
    figures.valid,
    figures.completeness_pct,
    {{ wilson('figures.given', 'figures.records', '-') }} as lower_95,
    {{ wilson('figures.given', 'figures.records', '+') }} as upper_95,
    {{ percentage('figures.valid', 'figures.given') }} as validity_pct,
    figures.completeness_pct - quarter_before.completeness_pct as change_since_quarter_before,
    figures.completeness_pct - year_before.completeness_pct as change_since_year_before
from figures
{% for before, quarters in [('quarter_before', 1), ('year_before', 4)] -%}
left join figures as {{ before }}
    on figures.quarter_number = {{ before }}.quarter_number + {{ quarters }}
    and figures.period = {{ before }}.period
    and figures.geography_type = {{ before }}.geography_type
    and figures.geography_code = {{ before }}.geography_code
    and figures.item = {{ before }}.item
{% endfor %}
