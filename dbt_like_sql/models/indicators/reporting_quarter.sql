-- The quarters reported, each with the nations it is reported for and the day on which follow-up
-- ends (rulings A5, E6, E7, G5). One row a quarter that was asked for and that a loaded tumour file
-- of some nation belongs to. Follow-up ends with the last quarter ever asked for: a new quarter
-- refreshes all the earlier ones, and an earlier one that is run again takes back nothing.
with recursive

run as (

    select
        {{ quarter_number('from_quarter') }} as first_number,
        {{ quarter_number('to_quarter') }} as last_number
    from {{ source('submissions', 'audit_run') }}

),

asked (quarter_number, last_number) as (

    select first_number, last_number from run
    union all
    select quarter_number + 1, last_number from asked where quarter_number < last_number

),

quarter as (

    select
        quarter_number,
        cast(floor(quarter_number / 4.0) as integer) as year,
        cast(quarter_number % 4 as integer) + 1 as quarter_of_year
    from (select distinct quarter_number from asked) as every_quarter

),

last_asked as (

    select max(last_number) as quarter_number from run

),

-- Quarters that hold at least one loaded tumour file of a nation, be it empty.
loaded as (

    select distinct
        {{ quarter_number('quarter') }} as quarter_number,
        {{ followed_to() }} as last_day,
        source
    from {{ source('submissions', 'submission') }}
    where status = 'loaded' and source in {{ tumour_sources() }}

),

-- Ruling G5: a nation is reported in the quarters that its own files belong to. A registry extract
-- holds everybody diagnosed up to its day, so it belongs to every quarter asked for up to its own.
reported as (

    select
        quarter.quarter_number
        {%- for nation, own in var('nations').items() %},
        bool_or(
            (loaded.source = '{{ own["tumours"] }}' and loaded.quarter_number = quarter.quarter_number)
            {%- if loop.first %}
            or loaded.source = 'registry_tumour'
            {%- endif %}
        ) as is_{{ named_by(nation) }}_reported
        {%- endfor %}
    from quarter
    inner join loaded on loaded.quarter_number >= quarter.quarter_number
    group by quarter.quarter_number

),

-- Ruling E6: the first reported quarter of all, whatever run brought it.
first_reported as (

    select min(quarter_number) as quarter_number
    from reported
    where {{ is_any_reported() }}

)

select
    cast(quarter.year as text) || '-Q' || cast(quarter.quarter_of_year as text) as quarter,
    quarter.quarter_number,
    make_date(quarter.year, quarter.quarter_of_year * 3 - 2, 1) as first_day,
    make_date(
        quarter.year,
        quarter.quarter_of_year * 3,
        case when quarter.quarter_of_year in (1, 4) then 31 else 30 end
    ) as index_date,
    -- A nation that sent nothing (its people came in another's files) follows the others; an
    -- extract sets the horizon of all only where it is alone. A run that ended before the first
    -- file has followed nobody: its people are counted, and censored at once.
{%- for nation, own in var('nations').items() %}
    coalesce(
        max(case when loaded.source = '{{ own["tumours"] }}' then loaded.last_day end),
        max(case when loaded.source <> 'registry_tumour' then loaded.last_day end),
        max(loaded.last_day),
        cast('{{ var("earliest_date") }}' as date)
    ) as {{ named_by(nation) }}_horizon,
{%- endfor %}
    coalesce(
        max(case when loaded.source = 'registry_tumour' then loaded.last_day end),
        cast('{{ var("earliest_date") }}' as date)
    ) as registry_horizon,
    {{ reported_columns('reported') }},
    first_reported.quarter_number as first_reported_number
from quarter
inner join reported on quarter.quarter_number = reported.quarter_number
cross join first_reported
cross join last_asked
left join loaded on loaded.quarter_number <= last_asked.quarter_number
where {{ is_any_reported('reported') }}
group by
    quarter.quarter_number, quarter.year, quarter.quarter_of_year,
    {{ reported_columns('reported') }}, first_reported.quarter_number
