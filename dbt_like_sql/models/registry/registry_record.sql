-- The registry: accepted breast records of both nations, the latest of each event. One row an event.
select *
from {{ ref('judged_record') }}
where disposition = 'accepted'
