with record as (
    select {provider} as provider, quarter, count(*) as records
    from {table}
    where provider is not null
    group by {provider}, quarter
),
earlier as (
    select
        provider,
        run.to_quarter,
        records,
        row_number() over (partition by provider order by records) as place,
        count(*) over (partition by provider) as places
    from record
    cross join {latest_run}
    where quarter < run.to_quarter
),
history as (
    select provider, to_quarter, avg(cast(records as double precision)) as expected
    from earlier
    where places >= {earlier_quarters} and {is_middle}
    group by provider, to_quarter
)
select
    history.provider,
    history.expected as expected_records,
    100.0 * coalesce(record.records, 0) / history.expected as percentage_of_median
from history
left join record
    on history.provider = record.provider and history.to_quarter = record.quarter
where history.expected >= {expected_records}
