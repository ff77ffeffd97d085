-- How well each key item is recorded, by the quarter of submission (method book section 5; improving
-- the data that are recorded is an aim of the audit). One row a quarter, period, geography, source
-- and item. What is counted of each record stands in record_quality and sact_quality.
{% set kinds = [
    ('record', ref('record_quality'), var('quality_items')),
    ('sact', ref('sact_quality'), var('quality_sact_items')),
] %}
with

{# One pass over the rows of a kind: three counts an item, for each quarter, provider and source. #}
{% for kind, rows, items in kinds -%}
counted_{{ kind }} as (

    select
        quarter,
        provider,
        source
        {%- for item in items %},
        count({{ item }}) as {{ item }}_records,
        sum(case when {{ item }} in ('valid', 'invalid') then 1 else 0 end) as {{ item }}_given,
        sum(case when {{ item }} = 'valid' then 1 else 0 end) as {{ item }}_valid
        {%- endfor %}
    from {{ rows }}
    -- Who sent a record without a provider is not known: it stands in quarantine.
    where provider is not null
    group by quarter, provider, source

),

{% endfor -%}
by_item as (
    {% for kind, rows, items in kinds %}
    {%- set last_kind = loop.last %}
    {%- for item, codes in items.items() %}
    select
        quarter,
        provider,
        source,
        '{{ item }}' as item,
        '{{ codes[0] }}' as item_code,
        {{ item }}_records as records,
        {{ item }}_given as given,
        {{ item }}_valid as valid
    from counted_{{ kind }}
    where {{ item }}_records > 0
    {%- if not (loop.last and last_kind) %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- endfor %}

),

-- Each source, and all that send the item together.
by_source as (

    select * from by_item
    union all
    select
        quarter,
        provider,
        'all' as source,
        item,
        item_code,
        records,
        given,
        valid
    from by_item

),

placed as (

    select
        by_source.*,
        coalesce(organisation.provider_code, by_source.provider) as provider_code,
        coalesce(organisation.provider_name, by_source.provider) as provider_name,
        organisation.cancer_alliance_code,
        organisation.cancer_alliance_name,
        case
            when by_source.provider in {{ setting_list('welsh_providers') }} then 'Wales' else 'England'
        end as nation
    from by_source
    left join {{ ref('organisation') }} as organisation on by_source.provider = organisation.code

),

located as (

    select quarter, source, item, item_code, records, given, valid,
        nation.geography_type, nation.code as geography_code, nation.name as geography_name
    from placed
    inner join {{ ref('nation') }} as nation
        on nation.geography_type = 'england_and_wales' or nation.name = placed.nation
    union all
    select quarter, source, item, item_code, records, given, valid,
        'cancer_alliance', cancer_alliance_code, cancer_alliance_name
    from placed
    where cancer_alliance_code is not null and nation = 'England'
    union all
    select quarter, source, item, item_code, records, given, valid, 'provider', provider_code, provider_name
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
        located.source,
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
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10

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
    figures.source,
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
    and figures.source = {{ before }}.source
    and figures.item = {{ before }}.item
{% endfor %}
