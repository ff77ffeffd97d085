-- The delivery of each year of HES APC that counts: the last one, whole (ruling H6). One row a FYEAR.
with

ranked as (

    select
        delivery.*,
        row_number() over (
            partition by delivery.fyear
            order by
                submission.extract_date desc,
                case when length(submission.folder) = 9 then 1 else 0 end desc,
                coalesce(delivery.partyear, '') desc,
                delivery.file desc
        ) as order_from_last
    from {{ source('submissions', 'hes_apc_delivery') }} as delivery
    inner join {{ source('submissions', 'submission') }} as submission
        on delivery.file = submission.file

)

select
    file,
    fyear,
    -- Years of two digits: hospital episodes began in 1989.
    cast(substr(fyear, 1, 2) as integer)
    + case when substr(fyear, 1, 2) >= '89' then 1900 else 2000 end as first_year,
    received,
    positions,
    has_regular_attenders
from ranked
where order_from_last = 1
