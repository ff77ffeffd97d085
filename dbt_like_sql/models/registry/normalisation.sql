-- How often values were not written as in the standard and were made comparable. One row a file, item
-- and convention that was broken at least once.
with

sent as ({{ conventions_broken() }}),

convention as ({{ every_convention() }}),

-- Of what is stored as sent; the reader has counted what it changed itself.
counted as (

    select sent.file, sent.item, convention.convention, sent.given, {{ changed_by('convention') }} as changed
    from sent
    cross join convention

),

broken as (

    select file, item, convention, given, changed from counted where changed > 0
    union all
    select file, item, convention, given, changed
    from {{ source('submissions', 'submission_convention') }}

)

select
    broken.file,
    submission.quarter,
    submission.source,
    submission.provider,
    broken.item,
    broken.convention,
    cast(broken.given as bigint) as given,
    cast(broken.changed as bigint) as changed,
    100.0 * broken.changed / broken.given as changed_pct
from broken
inner join {{ source('submissions', 'submission') }} as submission on broken.file = submission.file
where submission.status = 'loaded'
