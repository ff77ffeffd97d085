with reported as (
    select reporting_quarter.*, {is_every_reported} as is_every_reported
    from reporting_quarter
),
new_mbc as (
    select cns.geography_name as geography, cns.quarter, cns.patients
    from cns_access as cns inner join reported on cns.quarter = reported.quarter
    where cns.period = 'quarter' and cns.presentation = 'all' and (
        cns.geography_type = '{nation}'
        or cns.geography_type = '{together}' and reported.is_every_reported
    )
),
latest as (select * from reported where quarter = (select max(quarter) from reported)),
past as (
    select
        geography,
        latest.quarter,
        patients,
        row_number() over (partition by geography order by patients) as place,
        count(*) over (partition by geography) as places
    from new_mbc
    cross join latest
    where new_mbc.quarter < latest.quarter and {is_reported}
),
earlier as (
    select geography, quarter, avg(cast(patients as double precision)) as expected
    from past
    where places >= 4 and {is_middle}
    group by geography, quarter
)
select
    earlier.geography,
    earlier.expected,
    100.0 * coalesce(new_mbc.patients, 0) / earlier.expected as percentage_of_median
from earlier
left join new_mbc
    on earlier.geography = new_mbc.geography and earlier.quarter = new_mbc.quarter
where earlier.expected >= {expected_people}
