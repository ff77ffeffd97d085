-- People with recurrent disease who died in each window, by the sources that name them.
select
    span.quarter,
    span.complete,
    found.in_cosd,
    found.in_sact,
    found.on_certificate,
    count(*) as people
from {{ ref('recurrence_source') }} as found
inner join {{ ref('reporting_window') }} as span
    on found.death_date between span.window_start and span.window_end
where span.period = '{{ var('compared_period') }}' and span.is_{{ named_by(first_nation()) }}_reported
group by 1, 2, 3, 4, 5
