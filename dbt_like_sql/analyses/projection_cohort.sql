-- People of the cohort by nation, presentation, quarter diagnosed and quarter died.
select
    nation,
    presentation,
    {{ quarter_number(quarter_of('mbc_date')) }} as diagnosed,
    {{ quarter_number(quarter_of('death_date')) }} as died,
    count(*) as people
from {{ ref('registry_cohort') }}
group by 1, 2, 3, 4
order by 1, 2, 3, 4
