-- The quarters reported, each with the day on which follow-up ends (rulings A5, E6, E7).
-- One row a quarter that was ever asked for. A quarter takes its horizons from the latest run
-- that ended with it or after it, so that a new quarter refreshes all the earlier ones.
with recursive

run as (

    select
        number,
        {{ quarter_number('from_quarter') }} as first_number,
        {{ quarter_number('to_quarter') }} as last_number
    from {{ source('submissions', 'audit_run') }}

),

asked (number, quarter_number, last_number) as (

    select number, first_number, last_number from run
    union all
    select number, quarter_number + 1, last_number from asked where quarter_number < last_number

),

quarter as (

    select
        quarter_number,
        cast(floor(quarter_number / 4.0) as integer) as year,
        cast(quarter_number % 4 as integer) + 1 as quarter_of_year
    from (select distinct quarter_number from asked) as every_quarter

),

chosen_run as (

    select quarter.quarter_number, max(run.number) as number
    from quarter
    inner join run on quarter.quarter_number <= run.last_number
    group by quarter.quarter_number

),

-- Quarters that hold at least one loaded file of a nation.
loaded as (

    select distinct
        {{ quarter_number('quarter') }} as quarter_number,
        -- Ruling F13: an extract follows its people to its own day.
        case when source = 'registry_tumour' then period_end else {{ quarter_last_day('quarter') }} end
            as last_day,
        source
    from {{ source('submissions', 'submission') }}
    where status = 'loaded' and source in ('cosd', 'wales_tumour', 'registry_tumour')

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
    -- A nation that sent nothing (its people came in the other's files) follows the other; an
    -- extract sets the horizon of both only where it stands alone. A run before the first file of
    -- all has followed nobody: its people are counted, and censored at once.
{%- for nation, own, other in [
    ('england', 'cosd', 'wales_tumour'), ('wales', 'wales_tumour', 'cosd')
] %}
    coalesce(
        max(case when loaded.source = '{{ own }}' then loaded.last_day end),
        max(case when loaded.source = '{{ other }}' then loaded.last_day end),
        max(loaded.last_day),
        cast('{{ var("earliest_date") }}' as date)
    ) as {{ nation }}_horizon,
{%- endfor %}
    coalesce(
        max(case when loaded.source = 'registry_tumour' then loaded.last_day end),
        cast('{{ var("earliest_date") }}' as date)
    ) as registry_horizon,
    (select min(first_number) from run) as first_loaded_number
from quarter
inner join chosen_run on quarter.quarter_number = chosen_run.quarter_number
inner join run on chosen_run.number = run.number
left join loaded on loaded.quarter_number <= run.last_number
group by quarter.quarter_number, quarter.year, quarter.quarter_of_year
