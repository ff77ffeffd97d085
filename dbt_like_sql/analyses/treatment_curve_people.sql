-- People of the nations' windows by days to the first treatment, death or the end of follow-up.
select
    member.quarter,
    member.period,
    member.geography_type,
    member.geography_code,
    member.geography_name,
    member.presentation,
    follow_up.days,
    follow_up.outcome,
    count(*) as people
from {{ ref('window_member') }} as member
inner join {{ ref('follow_up') }} as follow_up
    on member.person_id = follow_up.person_id and member.horizon = follow_up.horizon
where
    member.period in {{ text_list([var('followed_period'), var('compared_period')]) }}
    and {{ is_national('member') }}
group by 1, 2, 3, 4, 5, 6, 7, 8
