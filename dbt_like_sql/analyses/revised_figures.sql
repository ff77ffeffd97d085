-- Figures that the last vintage changed, with their values in the vintage before.
with ranked as (

    select
        revision.*,
        lag(value) over figure as value_before,
        lag(suppressed) over figure as suppressed_before,
        row_number() over figure as times_published
    from revision
    window figure as (
        partition by quarter, table_name, row_key, measure order by vintage_number
    )

)

select
    quarter,
    table_name,
    row_key,
    measure,
    value_before,
    suppressed_before,
    value,
    suppressed,
    reason
from ranked
where
    vintage_number = (select max(number) from publication_vintage)
    and times_published > 1
order by quarter, table_name, row_key, measure
