-- What became of every record received, over everything loaded so far (rulings A7, B17, B20).
-- One row a file: received = accepted + superseded + out_of_scope + quarantined.
with

judged as (

    {{ judged_rows() }}

),

counted as (

    select
        file,
        sum(case when disposition = 'accepted' then 1 else 0 end) as accepted,
        sum(case when disposition = 'superseded' then 1 else 0 end) as superseded,
        sum(case when disposition = 'out_of_scope' then 1 else 0 end) as out_of_scope,
        sum(case when disposition = 'quarantined' then 1 else 0 end) as quarantined
    from judged
    group by file

),

-- Ruling B16: the same bytes twice are both loaded; the later one says so.
first_of_its_content as (

    select
        file,
        first_value(file) over (
            partition by source, sha256 order by quarter, file rows unbounded preceding
        ) as first_file
    from {{ source('submissions', 'submission') }}
    where status = 'loaded'

)

select
    submission.file,
    submission.sha256,
    submission.source,
    submission.quarter,
    submission.status,
    submission.received,
    cast(coalesce(counted.accepted, 0) as bigint) as accepted,
    cast(coalesce(counted.superseded, 0) as bigint) as superseded,
    cast(coalesce(counted.out_of_scope, 0) + submission.other_tumour_groups as bigint) as out_of_scope,
    cast(coalesce(counted.quarantined, 0) + submission.unreadable_records as bigint) as quarantined,
    case
        when first_of_its_content.first_file <> submission.file
            then coalesce(submission.reason || '; ', '')
                || 'same_content: same content as ' || first_of_its_content.first_file
        else submission.reason
    end as reason
from {{ source('submissions', 'submission') }} as submission
left join counted on submission.file = counted.file
left join first_of_its_content on submission.file = first_of_its_content.file
