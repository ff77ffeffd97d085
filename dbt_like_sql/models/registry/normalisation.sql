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

convention as (

    {% for convention in conventions -%}
    select '{{ convention }}' as convention
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

by_convention as (

    select
        sent.quarter,
        sent.provider,
        sent.item_code,
        convention.convention,
        cast(sum(sent.given) as bigint) as given,
        cast(sum(
            case convention.convention
                {%- for convention in conventions %}
                when '{{ convention }}' then sent.{{ convention }}
                {%- endfor %}
            end
        ) as bigint) as changed
    from sent
    cross join convention
    group by 1, 2, 3, 4

)

select *, 100.0 * changed / given as changed_pct from by_convention where changed > 0
