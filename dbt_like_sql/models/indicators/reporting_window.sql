-- The windows of each reported quarter: the quarter, 12 and 36 months ending with it (method book
-- section 3, rulings E6, E8). One row a quarter and period.
with

period as (

    {% for period, quarters in var('periods').items() -%}
    select '{{ period }}' as period, {{ quarters }} as quarters, {{ loop.index0 }} as number
    {% if not loop.last %}union all{% endif %}
    {% endfor -%}

)

select
    reporting_quarter.quarter,
    period.period,
    cast(reporting_quarter.quarter_number * 3 + period.number as integer) as window_number,
    make_date(
        cast(floor((reporting_quarter.quarter_number - period.quarters + 1) / 4.0) as integer),
        cast((reporting_quarter.quarter_number - period.quarters + 1) % 4 as integer) * 3 + 1,
        1
    ) as window_start,
    reporting_quarter.index_date as window_end,
    reporting_quarter.quarter_number - period.quarters + 1
    >= reporting_quarter.first_reported_number as complete,
    {{ reported_columns('reporting_quarter') }},
    {{ horizon_columns('reporting_quarter') }}
from {{ ref('reporting_quarter') }} as reporting_quarter
cross join period
