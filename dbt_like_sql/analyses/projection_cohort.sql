-- People of the cohort by nation, presentation, quarter diagnosed and quarter died (of year 0).
select
    nation,
    presentation,
    cast(extract(year from mbc_date) * 4 + extract(quarter from mbc_date) - 1 as integer)
        as diagnosed,
    cast(extract(year from death_date) * 4 + extract(quarter from death_date) - 1 as integer)
        as died,
    count(*) as people
from {{ ref('mbc_cohort') }}
group by 1, 2, 3, 4
order by 1, 2, 3, 4
