-- How often values were not written as in the standard and were made comparable. One row a file, item
-- and convention that was broken at least once; the reader has counted what it changed.
select
    broken.file,
    submission.quarter,
    submission.source,
    submission.provider,
    broken.item,
    broken.convention,
    broken.given,
    broken.changed,
    100.0 * broken.changed / broken.given as changed_pct
from {{ source('submissions', 'submission_convention') }} as broken
inner join {{ source('submissions', 'submission') }} as submission on broken.file = submission.file
where submission.status = 'loaded'
