-- The window of 36 months of each quarter, as it is for people of a nation and source.
select
    span.quarter,
    span.window_start,
    span.window_end,
    person.nation,
    person.source,
    {{ horizon_of('person', 'span') }} as horizon,
    {{ is_reported('person.nation', 'span') }} as is_reported
from {{ ref('reporting_window') }} as span
cross join (select distinct nation, source from {{ ref('case_mix_person') }}) as person
where span.period = '{{ var('compared_period') }}'
