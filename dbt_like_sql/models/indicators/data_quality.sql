-- How well each key item is recorded, by the quarter of submission (method book section 5; improving
-- the data that are recorded is an aim of the audit). One row a quarter, period, geography, source
-- and item.
with

placed as (

    select
        counted.*,
        coalesce(organisation.provider_code, counted.provider) as provider_code,
        coalesce(organisation.provider_name, counted.provider) as provider_name,
        organisation.cancer_alliance_code,
        organisation.cancer_alliance_name,
        {{ nation_of_provider('counted.provider') }} as nation
    from {{ ref('data_quality_count') }} as counted
    left join {{ ref('organisation') }} as organisation on counted.provider = organisation.code

),

located as (

    select quarter, placed.nation, source, item, item_code, records, given, valid,
        nation.geography_type, nation.code as geography_code, nation.name as geography_name
    from placed
    inner join {{ ref('nation') }} as nation
        on nation.geography_type = 'england_and_wales' or nation.name = placed.nation
    union all
    select quarter, nation, source, item, item_code, records, given, valid,
        'cancer_alliance', cancer_alliance_code, cancer_alliance_name
    from placed
    where cancer_alliance_code is not null and nation = '{{ first_nation() }}'
    union all
    select quarter, nation, source, item, item_code, records, given, valid, 'provider', provider_code, provider_name
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
    where
        reporting_window.period in {{ text_list(['quarter', var('followed_period')]) }}
        and {{ is_reported('located.nation', 'reporting_window') }}
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
