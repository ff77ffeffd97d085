-- How often values of COSD files were not written as in the standard and were made comparable. One row
-- a quarter of submission, sending provider, item and convention that was broken at least once.
{% set conventions = ['blanks', 'lower_case', 'dots', 'leading_zero', 'stage_word'] %}
with

counted as ({{ conventions_broken() }}),

sent as (

    select
        submission.quarter,
        -- england/cosd/<provider>/<month>/<file>
        split_part(submission.file, '/', 3) as provider,
        counted.*
    from counted
    inner join {{ source('submissions', 'submission') }} as submission on counted.file = submission.file
    where submission.status = 'loaded'

),

by_convention as (

    {% for convention in conventions -%}
    select
        quarter, provider, item_code, '{{ convention }}' as convention,
        cast(sum(given) as bigint) as given, cast(sum({{ convention }}) as bigint) as changed
    from sent
    group by quarter, provider, item_code
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select *, 100.0 * changed / given as changed_pct from by_convention where changed > 0
