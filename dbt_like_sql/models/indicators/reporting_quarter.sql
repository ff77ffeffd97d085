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

),

-- A nation that sent nothing (its people came in another's files) follows the others; an extract
-- sets the horizon of all only where it is alone. Where the last quarter asked for lies before the
-- first file nobody is followed: people are counted, and censored at once.
horizon as (

    select
        {%- for nation, own in var('nations').items() %}
        coalesce(
            max(case when source = '{{ own["tumours"] }}' then last_day end),
            max(case when source <> 'registry_tumour' then last_day end),
            max(last_day),
            cast('{{ var("earliest_date") }}' as date)
        ) as {{ named_by(nation) }}_horizon,
        {%- endfor %}
        coalesce(
            max(case when source = 'registry_tumour' then last_day end),
            cast('{{ var("earliest_date") }}' as date)
        ) as registry_horizon
    from loaded
    where quarter_number <= (select max(quarter_number) from quarter)

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
    {{ horizon_columns('horizon') }},
    {{ reported_columns('reported') }},
    first_reported.quarter_number as first_reported_number
from quarter
inner join reported on quarter.quarter_number = reported.quarter_number
cross join first_reported
cross join horizon
where {{ is_any_reported('reported') }}
