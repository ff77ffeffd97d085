-- People of the nations' windows of 36 months by MBC date and the day to which they are followed.
select
    member.quarter,
    member.period,
    member.geography_type,
    member.geography_code,
    member.geography_name,
    member.presentation,
    cohort.mbc_date,
    greatest(
        case
            when cohort.death_date <= member.horizon then cohort.death_date
            else member.horizon
        end,
        cohort.mbc_date
    ) as end_date,
    coalesce(cohort.death_date <= member.horizon, false) as has_died,
    count(*) as people
from {{ ref('window_member') }} as member
inner join {{ ref('registry_cohort') }} as cohort on member.person_id = cohort.person_id
where
    member.period = '{{ var('compared_period') }}'
    and {{ is_national('member') }}
group by 1, 2, 3, 4, 5, 6, 7, 8, 9
